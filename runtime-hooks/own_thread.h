// The threads that the runtime has for itself: the judge, the sampler.
#pragma once

#include <pthread.h>

namespace gordian::hooks {

// With a small stack, all signals blocked, so that no handler of the program's ever runs on it, and without
// the real-time priority that the calling thread may have. 0, or what pthread_create says. Past the hooks.
int start_own_thread(pthread_t& thread, void* (*routine)(void*));

}  // namespace gordian::hooks
