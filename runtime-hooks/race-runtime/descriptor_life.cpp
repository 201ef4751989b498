#include "runtime-hooks/race-runtime/descriptor_life.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

constexpr int kDescriptors = kDescriptorsEnd / 8 - 1;
constinit uint64_t used[kDescriptors] = {};  // what each was when it was used last

uint64_t address_of_descriptor(int file) {
  return (static_cast<uint64_t>(file) + 1) * 8;
}
bool is_known_descriptor(int file) {
  return file >= 0 && file < kDescriptors;
}

uint64_t identity_of(int file) {
  struct stat status;
  if (raw_syscall(SYS_fstat, file, reinterpret_cast<long>(&status)) != 0) return 0;
  return (status.st_ino + status.st_dev * 0x9E3779B97F4A7C15u) | 1;
}

void forget_descriptor(int file) {
  clear_shadow(address_of_descriptor(file), address_of_descriptor(file) + 8);
}

constinit Real<"close", kDefault, int(int)> real_close;
constinit Real<"fclose", kDefault, int(FILE*)> real_fclose;
constinit Real<"closedir", kDefault, int(DIR*)> real_closedir;
constinit Real<"dup", kDefault, int(int)> real_dup;
constinit Real<"dup2", kDefault, int(int, int)> real_dup2;
constinit Real<"dup3", kDefault, int(int, int, int)> real_dup3;
constinit Real<"pipe", kDefault, int(int*)> real_pipe;
constinit Real<"pipe2", kDefault, int(int*, int)> real_pipe2;
constinit Real<"socket", kDefault, int(int, int, int)> real_socket;
constinit Real<"socketpair", kDefault, int(int, int, int, int*)> real_socketpair;
constinit Real<"eventfd", kDefault, int(unsigned, int)> real_eventfd;
constinit Real<"epoll_create", kDefault, int(int)> real_epoll_create;
constinit Real<"epoll_create1", kDefault, int(int)> real_epoll_create1;
constinit Real<"open", kDefault, int(const char*, int, mode_t)> real_open;
constinit Real<"open64", kDefault, int(const char*, int, mode_t)> real_open64;
constinit Real<"openat", kDefault, int(int, const char*, int, mode_t)> real_openat;
constinit Real<"openat64", kDefault, int(int, const char*, int, mode_t)> real_openat64;
constinit Real<"creat", kDefault, int(const char*, mode_t)> real_creat;

int begun(int file) {
  begin_descriptor(file);
  return file;
}
// Who had `to` before need not know: it never stands for nothing.
int replaced(int to, int file, const Site& site) {
  if (to != file) {
    begin_descriptor(to);
    use_descriptor(to, site);
  }
  return to;
}
int both_begun(int result, const int* files, const Site& site) {
  if (result != 0 || !hot.active) return result;
  begin_descriptor(files[0]);
  begin_descriptor(files[1]);
  if (!is_own_call(site.return_address))
    access_range(reinterpret_cast<uint64_t>(files), 2 * sizeof(int), kWrite, program_site(site),
                 Manner::kPlain);
  return result;
}

}  // namespace

void use_descriptor(int file, const Site& site) {
  if (!hot.active || !is_known_descriptor(file) || is_own_call(site.return_address)) return;
  const uint64_t identity = identity_of(file);
  if (identity == 0) return;
  if (__atomic_exchange_n(&used[file], identity, __ATOMIC_RELAXED) != identity) forget_descriptor(file);
  access_range(address_of_descriptor(file), 8, 0, program_site(site), Manner::kUse);
}

void end_descriptor(int file, const Site& site) {
  if (!hot.active || !is_known_descriptor(file) || is_own_call(site.return_address)) return;
  const uint64_t identity = identity_of(file);
  if (identity != 0 && identity == __atomic_load_n(&used[file], __ATOMIC_RELAXED))
    access_range(address_of_descriptor(file), 8, kWrite, program_site(site), Manner::kEnd);
  begin_descriptor(file);
}

void begin_descriptor(int file) {
  if (!hot.active || !is_known_descriptor(file)) return;
  if (__atomic_exchange_n(&used[file], 0, __ATOMIC_RELAXED) != 0) forget_descriptor(file);
}

}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using namespace gordian::hooks::races;

namespace {

mode_t mode_in(int flags, va_list rest) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int gordian_close(int file) asm("close");
int gordian_close(int file) {
  end_descriptor(file, call_site());
  return real_close(file);
}

int gordian_fclose(FILE* file) asm("fclose");
int gordian_fclose(FILE* file) {
  if (hot.active && file != nullptr) end_descriptor(fileno(file), call_site());
  return real_fclose(file);
}

int gordian_closedir(DIR* directory) asm("closedir");
int gordian_closedir(DIR* directory) {
  if (hot.active && directory != nullptr) end_descriptor(dirfd(directory), call_site());
  return real_closedir(directory);
}

int gordian_dup(int file) asm("dup");
int gordian_dup(int file) {
  use_descriptor(file, call_site());
  return begun(real_dup(file));
}

int gordian_dup2(int file, int to) asm("dup2");
int gordian_dup2(int file, int to) {
  use_descriptor(file, call_site());
  return replaced(real_dup2(file, to), file, call_site());
}

int gordian_dup3(int file, int to, int flags) asm("dup3");
int gordian_dup3(int file, int to, int flags) {
  use_descriptor(file, call_site());
  return replaced(real_dup3(file, to, flags), file, call_site());
}

int gordian_pipe(int* files) asm("pipe");
int gordian_pipe(int* files) {
  return both_begun(real_pipe(files), files, call_site());
}

int gordian_pipe2(int* files, int flags) asm("pipe2");
int gordian_pipe2(int* files, int flags) {
  return both_begun(real_pipe2(files, flags), files, call_site());
}

int gordian_socket(int domain, int type, int protocol) asm("socket");
int gordian_socket(int domain, int type, int protocol) {
  return begun(real_socket(domain, type, protocol));
}

int gordian_socketpair(int domain, int type, int protocol, int* files) asm("socketpair");
int gordian_socketpair(int domain, int type, int protocol, int* files) {
  return both_begun(real_socketpair(domain, type, protocol, files), files, call_site());
}

int gordian_eventfd(unsigned value, int flags) asm("eventfd");
int gordian_eventfd(unsigned value, int flags) {
  return begun(real_eventfd(value, flags));
}

int gordian_epoll_create(int size) asm("epoll_create");
int gordian_epoll_create(int size) {
  return begun(real_epoll_create(size));
}

int gordian_epoll_create1(int flags) asm("epoll_create1");
int gordian_epoll_create1(int flags) {
  return begun(real_epoll_create1(flags));
}

int gordian_open(const char* path, int flags, ...) asm("open");
int gordian_open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_in(flags, rest);
  va_end(rest);
  return begun(real_open(path, flags, mode));
}

int gordian_open64(const char* path, int flags, ...) asm("open64");
int gordian_open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_in(flags, rest);
  va_end(rest);
  return begun(real_open64(path, flags, mode));
}

int gordian_openat(int directory, const char* path, int flags, ...) asm("openat");
int gordian_openat(int directory, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_in(flags, rest);
  va_end(rest);
  return begun(real_openat(directory, path, flags, mode));
}

int gordian_openat64(int directory, const char* path, int flags, ...) asm("openat64");
int gordian_openat64(int directory, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_in(flags, rest);
  va_end(rest);
  return begun(real_openat64(directory, path, flags, mode));
}

int gordian_creat(const char* path, mode_t mode) asm("creat");
int gordian_creat(const char* path, mode_t mode) {
  return begun(real_creat(path, mode));
}

}  // extern "C"
#pragma GCC visibility pop
