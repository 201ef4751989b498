// From the live flight record to a snapshot that the verdict can read.
#pragma once

#include "analyzer/model/snapshot.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// `is_lasting(slot, progress)` says whether a thread's wait counts; others are taken to be running.
using IsLasting = bool (*)(uint32_t slot, uint64_t progress);

// Allocates from the judge's arena.
model::Snapshot collect(IsLasting is_lasting);

// Whether the thread is in an attempt right now, and which; `progress` is read before and after.
bool attempting(const ThreadRecord& thread, uint64_t& progress, uint64_t& word);

}  // namespace gordian::hooks
