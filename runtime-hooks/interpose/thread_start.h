// How a thread is prepared by its creator and entered by itself: shared by the pthread and the C11 families.
#pragma once

#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

// In the creator: a slot for the thread to be, or null when it has to start unseen. Also starts the judge.
ThreadRecord* prepare_thread(uint64_t routine, uint64_t stack_size, const Site& site);
uint64_t default_stack_size();

// In the creator, after the real call: the thread can be joined from now on, whether or not it has run yet.
void know_handle(ThreadRecord* created, uint32_t serial, uint64_t handle);

// In the new thread: makes the slot its own; returns what to run. `frame` is the frame of its first function.
struct ThreadStart {
  void* (*routine)(void*);
  int (*routine_c11)(void*);
  void* argument;
};
ThreadStart enter_thread(ThreadRecord* record, void* frame);

// A join by `call(context)`.
int join_thread(uint64_t handle, const Site& site, int (*call)(void*), void* context);

}  // namespace gordian::hooks
