// Calls of every shape that a compiler lays out, compiled once for each set of options.
#pragma once

#include <functional>

namespace chain {

using Bottom = std::function<void()>;

// Calls `bottom` with `depth` frames of changing layout above it.
using Chain = void (*)(int depth, const Bottom& bottom);

void chain_O0(int depth, const Bottom& bottom);
void chain_O2(int depth, const Bottom& bottom);
void chain_Os(int depth, const Bottom& bottom);
void chain_frame_pointer(int depth, const Bottom& bottom);
void chain_no_frame_pointer(int depth, const Bottom& bottom);
void chain_protected(int depth, const Bottom& bottom);
void chain_silent(int depth, const Bottom& bottom);  // has no call frame information

}  // namespace chain
