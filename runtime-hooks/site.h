// Where the program called a hook.
#pragma once

#include <cstdint>

namespace gordian::hooks {

// Read off the hook's own frame: the return address, the caller's stack pointer and frame pointer.
struct Site {
  uint64_t return_address;
  uint64_t stack_pointer;
  uint64_t frame_pointer;
};

[[gnu::always_inline]] inline Site call_site() {
  auto* frame = static_cast<uint64_t*>(__builtin_frame_address(0));
  return {frame[1], reinterpret_cast<uint64_t>(frame + 2), frame[0]};
}

}  // namespace gordian::hooks
