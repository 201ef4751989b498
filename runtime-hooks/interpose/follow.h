// The environment that a new program image gets: the caller's, with our two variables put back where they are
// missing.
//
// Promises: no allocation (it may run between vfork and exec): the new array and the two strings live in
// scratch on the caller's stack. An environment that already has them, or that is too large for the stack, is
// passed on as it is.
#pragma once

#include <alloca.h>

#include <cstddef>

namespace gordian::hooks {

class FollowedEnvironment {
 public:
  FollowedEnvironment(char* const environment[], void* scratch);
  char* const* get() const { return environment_; }
  static size_t scratch_size(char* const environment[]);

 private:
  char* const* environment_;
};

// Remembers what is to follow; once, at start-up.
void remember_preload();

#define GORDIAN_SCRATCH(environment) alloca(FollowedEnvironment::scratch_size(environment))

}  // namespace gordian::hooks
