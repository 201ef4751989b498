// A running process by its pid, from /proc and process_vm_readv alone: it is neither stopped nor changed.
//
// Promises: two looks enclose every use. `look_at` tells where each thread stands; memory is read; then
// `look_again` marks the threads that slept in one and the same call all the while as `steady`. What a steady
// thread owns did not change in between. Throws InspectError, one line, where there is no such process, where
// it may not be looked at, and where it ended meanwhile. Source: proc(5), process_vm_readv(2).
#pragma once

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

ProcessImage look_at(uint32_t pid);

// Forgets what was read of its memory, too. Threads that came since are added, and are not steady.
void look_again(ProcessImage& process);

// Like look_again, but only where each thread stands now: for processes that are looked at a second time.
void forget_memory(ProcessImage& process);

// The pids of all processes, of the children of one (and theirs), and of those with a name: that of their
// executable file, or as the kernel keeps it.
std::vector<uint32_t> all_processes();
std::vector<uint32_t> with_descendants(uint32_t pid);
std::vector<uint32_t> processes_named(const std::string& name);

}  // namespace gordian::capture
