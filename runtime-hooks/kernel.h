// The system calls that the runtime itself makes, past libc: they leave errno alone and meet no hook, ours or
// another's.
#pragma once

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include <cstddef>
#include <cstdint>

#include "runtime-hooks/arch.h"

namespace gordian::hooks::kernel {

inline int open(const char* path, int flags, int mode = 0) {
  return static_cast<int>(
      raw_syscall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path), flags | O_CLOEXEC, mode));
}
inline long read(int fd, void* out, size_t size) {
  return raw_syscall(SYS_read, fd, reinterpret_cast<long>(out), static_cast<long>(size));
}
inline long write(int fd, const void* in, size_t size) {
  return raw_syscall(SYS_write, fd, reinterpret_cast<long>(in), static_cast<long>(size));
}
inline void close(int fd) {
  raw_syscall(SYS_close, fd);
}
inline int unlink(const char* path) {
  return static_cast<int>(raw_syscall(SYS_unlinkat, AT_FDCWD, reinterpret_cast<long>(path), 0));
}
inline int rename(const char* from, const char* to) {
  return static_cast<int>(raw_syscall(SYS_renameat2, AT_FDCWD, reinterpret_cast<long>(from), AT_FDCWD,
                                      reinterpret_cast<long>(to), 0));
}
inline int make_directory(const char* path, int mode) {
  return static_cast<int>(raw_syscall(SYS_mkdirat, AT_FDCWD, reinterpret_cast<long>(path), mode));
}
inline int truncate(int fd, uint64_t size) {
  return static_cast<int>(raw_syscall(SYS_ftruncate, fd, static_cast<long>(size)));
}
inline int reserve(int fd, uint64_t offset, uint64_t size) {
  return static_cast<int>(
      raw_syscall(SYS_fallocate, fd, 0, static_cast<long>(offset), static_cast<long>(size)));
}
// Null on failure.
inline void* map(void* at, size_t size, int protection, int flags, int fd) {
  long result =
      raw_syscall(SYS_mmap, reinterpret_cast<long>(at), static_cast<long>(size), protection, flags, fd, 0);
  return result < 0 && result > -4096 ? nullptr : reinterpret_cast<void*>(result);
}
inline void unmap(void* at, size_t size) {
  raw_syscall(SYS_munmap, reinterpret_cast<long>(at), static_cast<long>(size));
}

// Has the pages of a mapping of the file at `path` allocated; an error where a store would raise SIGBUS.
inline int populate(void* base, const char* path, uint64_t begin, uint64_t end) {
  begin &= ~uint64_t{4095};
  end = (end + 4095) & ~uint64_t{4095};
  constexpr int kPopulateWrite = 23;  // Linux 5.14
  const long result = raw_syscall(SYS_madvise, reinterpret_cast<long>(base) + static_cast<long>(begin),
                                  static_cast<long>(end - begin), kPopulateWrite);
  if (result != -22 /* EINVAL: an older kernel */) return static_cast<int>(result);
  // The descriptor is not kept: a program that closes everything could give its number to another file.
  const int fd = open(path, O_RDWR | O_NOFOLLOW);
  if (fd < 0) return fd;
  const int reserved = reserve(fd, begin, end - begin);
  close(fd);
  return reserved;
}

inline uint32_t thread_id() {
  return static_cast<uint32_t>(raw_syscall(SYS_gettid));
}
inline uint32_t process_id() {
  return static_cast<uint32_t>(raw_syscall(SYS_getpid));
}
inline uint32_t parent_process_id() {
  return static_cast<uint32_t>(raw_syscall(SYS_getppid));
}

inline long futex_wait(const uint32_t* word, uint32_t expected, const timespec* relative) {
  return raw_syscall(SYS_futex, reinterpret_cast<long>(word), FUTEX_WAIT | FUTEX_PRIVATE_FLAG, expected,
                     reinterpret_cast<long>(relative));
}
inline void futex_wake(const uint32_t* word, int count) {
  raw_syscall(SYS_futex, reinterpret_cast<long>(word), FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count);
}
inline void futex_wake_shared(const uint32_t* word, int count) {
  raw_syscall(SYS_futex, reinterpret_cast<long>(word), FUTEX_WAKE, count);
}

// Every signal but the two that glibc needs for cancellation and setuid (32, 33).
inline constexpr uint64_t kAllSignals = ~(uint64_t{3} << 31);
inline uint64_t block_signals() {
  uint64_t all = kAllSignals;
  uint64_t old = 0;
  raw_syscall(SYS_rt_sigprocmask, SIG_BLOCK, reinterpret_cast<long>(&all), reinterpret_cast<long>(&old), 8);
  return old;
}
inline void restore_signals(uint64_t old) {
  raw_syscall(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<long>(&old), 0, 8);
}

// Reads this process's memory without ever faulting. By our own thread's number: the process's is that of its
// first thread, which may have ended.
inline bool peek(uint64_t address, void* out, size_t size) {
  struct Vector {
    void* base;
    size_t size;
  } local{out, size}, remote{reinterpret_cast<void*>(address), size};
  return raw_syscall(SYS_process_vm_readv, thread_id(), reinterpret_cast<long>(&local), 1,
                     reinterpret_cast<long>(&remote), 1, 0) == static_cast<long>(size);
}

}  // namespace gordian::hooks::kernel
