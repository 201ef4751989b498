// exec, spawn, change of user and exit. A program that hands its child an environment of its own making would
// leave us behind; the preload follows it unless told not to. What passes the environment on as it is needs
// no hook.
#include "runtime-hooks/interpose/follow.h"

#include <stdarg.h>

#include "runtime-hooks/real.h"
#include "runtime-hooks/runtime.h"

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int execve(const char* path, char* const arguments[], char* const environment[]) noexcept {
  FollowedEnvironment followed(environment, GORDIAN_SCRATCH(environment));
  return real::execve(path, arguments, followed.get());
}

int execvpe(const char* file, char* const arguments[], char* const environment[]) noexcept {
  FollowedEnvironment followed(environment, GORDIAN_SCRATCH(environment));
  return real::execvpe(file, arguments, followed.get());
}

int execv(const char* path, char* const arguments[]) noexcept {
  return execve(path, arguments, environ);
}
int execvp(const char* file, char* const arguments[]) noexcept {
  return execvpe(file, arguments, environ);
}

int fexecve(int fd, char* const arguments[], char* const environment[]) noexcept {
  FollowedEnvironment followed(environment, GORDIAN_SCRATCH(environment));
  return real::fexecve(fd, arguments, followed.get());
}

int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  FollowedEnvironment followed(environment, GORDIAN_SCRATCH(environment));
  return real::posix_spawn(pid, path, actions, attributes, arguments, followed.get());
}

int posix_spawnp(pid_t* pid, const char* file, const posix_spawn_file_actions_t* actions,
                 const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  FollowedEnvironment followed(environment, GORDIAN_SCRATCH(environment));
  return real::posix_spawnp(pid, file, actions, attributes, arguments, followed.get());
}

int setuid(uid_t user) noexcept {
  runtime.before_other_user();
  return real::setuid(user);
}

int seteuid(uid_t effective) noexcept {
  runtime.before_other_user();
  return real::seteuid(effective);
}

int setreuid(uid_t user, uid_t effective) noexcept {
  runtime.before_other_user();
  return real::setreuid(user, effective);
}

int setresuid(uid_t user, uid_t effective, uid_t saved) noexcept {
  runtime.before_other_user();
  return real::setresuid(user, effective, saved);
}

void _exit(int status) {
  runtime.process_ends();
  real::_exit(status);
  __builtin_unreachable();
}

void _Exit(int status) noexcept {
  _exit(status);
}

}  // extern "C"
#pragma GCC visibility pop
