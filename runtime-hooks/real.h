// The functions that we stand in front of: one list, required and optional.
//
// Each is an object that calls the next definition in the search order. Its pointer starts at its own
// resolver, so that it works before any constructor has run, and the call is one indirect jump ever after.
// The idea is coz's (libcoz/real.h). A required function is part of every glibc that we run on; an optional
// one may be absent, which `available()` tells.
#pragma once

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <threads.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

namespace gordian::hooks {

template <size_t kSize>
struct FixedString {
  char text[kSize];
  consteval FixedString(const char (&from)[kSize]) {
    for (size_t i = 0; i < kSize; ++i) text[i] = from[i];
  }
};

// Finds the definition after ours, or the one in a libstdc++ that was loaded privately; null when there is
// none.
void* find_real(const char* name, const char* version);

template <FixedString kName, FixedString kVersion, typename Signature>
class Real;

template <FixedString kName, FixedString kVersion, typename Result, typename... Arguments>
class Real<kName, kVersion, Result(Arguments...)> {
 public:
  Result operator()(Arguments... arguments) const { return pointer_(arguments...); }
  bool available() const { return resolve() != nullptr; }

  bool resolved() const { return pointer_ != &resolve_and_call; }

  // The definition, resolved now if it was not yet.
  auto resolve() const -> Result (*)(Arguments...) {
    if (pointer_ == &resolve_and_call) {
      auto found = reinterpret_cast<Pointer>(find_real(kName.text, kVersion.text));
      if (found == nullptr) return nullptr;
      pointer_ = found;
    }
    return pointer_;
  }

 private:
  using Pointer = Result (*)(Arguments...);
  static Result resolve_and_call(Arguments... arguments) {
    auto found = reinterpret_cast<Pointer>(find_real(kName.text, kVersion.text));
    if (found == nullptr)
      __builtin_trap();  // only optional functions can be missing, and their callers ask first
    pointer_ = found;
    return found(arguments...);
  }
  static inline constinit Pointer pointer_ = &resolve_and_call;
};

template <FixedString kName, FixedString kVersion, typename Result, typename... Arguments>
class Real<kName, kVersion, Result(Arguments...) noexcept>
    : public Real<kName, kVersion, Result(Arguments...)> {};

#if defined(__x86_64__)
inline constexpr FixedString kCondition{"GLIBC_2.3.2"};  // the 2.2.5 versions are another, older layout
#else
inline constexpr FixedString kCondition{"GLIBC_2.17"};
#endif
inline constexpr FixedString kDefault{""};

namespace real {

#define GORDIAN_REAL(name, version) inline constinit Real<#name, version, decltype(::name)> name

// Required.
GORDIAN_REAL(pthread_mutex_init, kDefault);
GORDIAN_REAL(pthread_mutex_destroy, kDefault);
GORDIAN_REAL(pthread_mutex_lock, kDefault);
GORDIAN_REAL(pthread_mutex_trylock, kDefault);
GORDIAN_REAL(pthread_mutex_timedlock, kDefault);
GORDIAN_REAL(pthread_mutex_clocklock, kDefault);
GORDIAN_REAL(pthread_mutex_unlock, kDefault);
GORDIAN_REAL(pthread_mutex_consistent, kDefault);

GORDIAN_REAL(pthread_rwlock_init, kDefault);
GORDIAN_REAL(pthread_rwlock_destroy, kDefault);
GORDIAN_REAL(pthread_rwlock_rdlock, kDefault);
GORDIAN_REAL(pthread_rwlock_tryrdlock, kDefault);
GORDIAN_REAL(pthread_rwlock_timedrdlock, kDefault);
GORDIAN_REAL(pthread_rwlock_clockrdlock, kDefault);
GORDIAN_REAL(pthread_rwlock_wrlock, kDefault);
GORDIAN_REAL(pthread_rwlock_trywrlock, kDefault);
GORDIAN_REAL(pthread_rwlock_timedwrlock, kDefault);
GORDIAN_REAL(pthread_rwlock_clockwrlock, kDefault);
GORDIAN_REAL(pthread_rwlock_unlock, kDefault);

GORDIAN_REAL(pthread_spin_init, kDefault);
GORDIAN_REAL(pthread_spin_destroy, kDefault);
GORDIAN_REAL(pthread_spin_lock, kDefault);
GORDIAN_REAL(pthread_spin_trylock, kDefault);
GORDIAN_REAL(pthread_spin_unlock, kDefault);

GORDIAN_REAL(pthread_barrier_init, kDefault);
GORDIAN_REAL(pthread_barrier_destroy, kDefault);
GORDIAN_REAL(pthread_barrier_wait, kDefault);

GORDIAN_REAL(pthread_cond_init, kCondition);
GORDIAN_REAL(pthread_cond_destroy, kCondition);
GORDIAN_REAL(pthread_cond_wait, kCondition);
GORDIAN_REAL(pthread_cond_timedwait, kCondition);
GORDIAN_REAL(pthread_cond_clockwait, kDefault);
GORDIAN_REAL(pthread_cond_signal, kCondition);
GORDIAN_REAL(pthread_cond_broadcast, kCondition);

GORDIAN_REAL(sem_init, kDefault);
GORDIAN_REAL(sem_destroy, kDefault);
GORDIAN_REAL(sem_close, kDefault);
GORDIAN_REAL(sem_wait, kDefault);
GORDIAN_REAL(sem_trywait, kDefault);
GORDIAN_REAL(sem_timedwait, kDefault);
GORDIAN_REAL(sem_clockwait, kDefault);
GORDIAN_REAL(sem_post, kDefault);

GORDIAN_REAL(pthread_once, kDefault);

GORDIAN_REAL(pthread_create, kDefault);
GORDIAN_REAL(pthread_join, kDefault);
GORDIAN_REAL(pthread_tryjoin_np, kDefault);
GORDIAN_REAL(pthread_timedjoin_np, kDefault);
GORDIAN_REAL(pthread_clockjoin_np, kDefault);
GORDIAN_REAL(pthread_detach, kDefault);
GORDIAN_REAL(pthread_setname_np, kDefault);

GORDIAN_REAL(mtx_init, kDefault);
GORDIAN_REAL(mtx_destroy, kDefault);
GORDIAN_REAL(mtx_lock, kDefault);
GORDIAN_REAL(mtx_trylock, kDefault);
GORDIAN_REAL(mtx_timedlock, kDefault);
GORDIAN_REAL(mtx_unlock, kDefault);
GORDIAN_REAL(cnd_init, kDefault);
GORDIAN_REAL(cnd_destroy, kDefault);
GORDIAN_REAL(cnd_wait, kDefault);
GORDIAN_REAL(cnd_timedwait, kDefault);
GORDIAN_REAL(cnd_signal, kDefault);
GORDIAN_REAL(cnd_broadcast, kDefault);
GORDIAN_REAL(thrd_create, kDefault);
GORDIAN_REAL(thrd_join, kDefault);
GORDIAN_REAL(thrd_detach, kDefault);
GORDIAN_REAL(call_once, kDefault);

GORDIAN_REAL(flockfile, kDefault);
GORDIAN_REAL(ftrylockfile, kDefault);
GORDIAN_REAL(funlockfile, kDefault);

GORDIAN_REAL(free, kDefault);
GORDIAN_REAL(munmap, kDefault);
GORDIAN_REAL(malloc_usable_size, kDefault);

GORDIAN_REAL(execve, kDefault);
GORDIAN_REAL(execvpe, kDefault);
GORDIAN_REAL(fexecve, kDefault);
GORDIAN_REAL(posix_spawn, kDefault);
GORDIAN_REAL(posix_spawnp, kDefault);
GORDIAN_REAL(_exit, kDefault);
GORDIAN_REAL(setuid, kDefault);
GORDIAN_REAL(seteuid, kDefault);
GORDIAN_REAL(setreuid, kDefault);
GORDIAN_REAL(setresuid, kDefault);

GORDIAN_REAL(unshare, kDefault);
GORDIAN_REAL(setns, kDefault);

// Variadic in its declaration; six words are what the kernel takes.
inline constinit Real<"syscall", kDefault, long(long, long, long, long, long, long, long)> syscall;
inline constinit Real<"sem_open", kDefault, sem_t*(const char*, int, unsigned, unsigned)> sem_open;

inline constinit Real<"prctl", kDefault, int(int, long, long, long, long)> prctl;
inline constinit Real<"clone", kDefault, int(int (*)(void*), void*, int, void*, void*, void*, void*)> clone;

// Optional: new in glibc 2.34, where a program that calls it was linked.
inline constinit Real<"_Fork", kDefault, pid_t()> raw_fork;

// Optional: libstdc++ is not in every process.
inline constinit Real<"__cxa_guard_acquire", kDefault, int(long*)> guard_acquire;
inline constinit Real<"__cxa_guard_release", kDefault, void(long*)> guard_release;
inline constinit Real<"__cxa_guard_abort", kDefault, void(long*)> guard_abort;

#undef GORDIAN_REAL

}  // namespace real

// Resolves the whole list, so that no later call has to enter the dynamic linker: one of them may come from a
// signal handler.
void resolve_all();

}  // namespace gordian::hooks
