#include "runtime-hooks/real.h"

namespace gordian::hooks {

void* find_real(const char* name, const char* version) {
  if (version[0] != 0) return dlvsym(RTLD_NEXT, name, version);
  if (void* found = dlsym(RTLD_NEXT, name)) return found;
  // A C++ plug-in of a C program brings its libstdc++ in a scope of its own, where the search from here does
  // not look.
  void* found = nullptr;
  if (void* library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_NOLOAD)) found = dlsym(library, name);
  dlerror();  // the program must not find our failure as its own
  return found;
}

void resolve_all() {
  auto each = [](auto&... function) { (static_cast<void>(function.resolve()), ...); };
  using namespace real;
  each(real::free, munmap, malloc_usable_size, real::syscall);
  each(pthread_mutex_init, pthread_mutex_destroy, pthread_mutex_lock, pthread_mutex_trylock,
       pthread_mutex_timedlock, pthread_mutex_clocklock, pthread_mutex_unlock, pthread_mutex_consistent);
  each(pthread_rwlock_init, pthread_rwlock_destroy, pthread_rwlock_rdlock, pthread_rwlock_tryrdlock,
       pthread_rwlock_timedrdlock, pthread_rwlock_clockrdlock, pthread_rwlock_wrlock,
       pthread_rwlock_trywrlock, pthread_rwlock_timedwrlock, pthread_rwlock_clockwrlock,
       pthread_rwlock_unlock);
  each(pthread_spin_init, pthread_spin_destroy, pthread_spin_lock, pthread_spin_trylock, pthread_spin_unlock);
  each(pthread_barrier_init, pthread_barrier_destroy, pthread_barrier_wait);
  each(pthread_cond_init, pthread_cond_destroy, pthread_cond_wait, pthread_cond_timedwait,
       pthread_cond_clockwait, pthread_cond_signal, pthread_cond_broadcast);
  each(sem_init, sem_destroy, sem_open, sem_close, sem_wait, sem_trywait, sem_timedwait, sem_clockwait,
       sem_post);
  each(pthread_once, pthread_create, pthread_join, pthread_tryjoin_np, pthread_timedjoin_np,
       pthread_clockjoin_np, pthread_detach, pthread_setname_np);
  each(mtx_init, mtx_destroy, mtx_lock, mtx_trylock, mtx_timedlock, mtx_unlock, cnd_init, cnd_destroy,
       cnd_wait, cnd_timedwait, cnd_signal, cnd_broadcast, thrd_create, thrd_join, thrd_detach, call_once);
  each(flockfile, ftrylockfile, funlockfile);
  each(execve, execvpe, fexecve, posix_spawn, posix_spawnp, real::_exit, real::clone, raw_fork);
  each(real::prctl, real::unshare, real::setns);
  each(real::setuid, real::seteuid, real::setreuid, real::setresuid);
  // Last: a failed search allocates, and by now what an allocator locks with is there.
  each(guard_acquire, guard_release, guard_abort);
}

}  // namespace gordian::hooks
