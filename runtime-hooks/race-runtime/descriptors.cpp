// Files, pipes and sockets: what is written comes after what its writer did before, for whoever reads it.
//
// Both ends of a pipe are one object of the kernel, and so are all readers and writers of a file: its number
// tells them. A socket's other end cannot be told, nor what an event descriptor counts for: all of these are
// taken for one. So an order may be believed in that was none, and none is missed.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/descriptor_life.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

constexpr uint64_t kObjects = uint64_t{1} << 61;  // addresses that no memory has

uint64_t object_of(int file) {
  struct stat status;
  const long result = raw_syscall(SYS_fstat, file, reinterpret_cast<long>(&status));
  if (result != 0) return kObjects;
  if (!S_ISFIFO(status.st_mode) && !S_ISREG(status.st_mode)) return kObjects;
  const uint64_t mixed = (status.st_ino + status.st_dev * 0x9E3779B97F4A7C15u) * 0xC2B2AE3D27D4EB4Fu;
  return kObjects | (mixed >> 4 & ~uint64_t{0xff}) | 1;
}

void written_to(int file, const Site& site) {
  if (!hot.active) return;
  use_descriptor(file, site);
  release_at(object_of(file), true);
}
// As far as it was read. The descriptor was used before the call: it may be closed by now.
void read_from(int file, const void* to, ssize_t size, const Site& site) {
  if (!hot.active || size < 0) return;
  acquire_at(object_of(file));
  const to_file::Late late;
  if (to == nullptr || is_own_call(site.return_address)) return;
  access_range(reinterpret_cast<uint64_t>(to), static_cast<uint64_t>(size), kWrite, program_site(site),
               Manner::kPlain);
}
void gives(const void* from, size_t size, const Site& site) {
  if (!hot.active || is_own_call(site.return_address)) return;
  access_range(reinterpret_cast<uint64_t>(from), size, 0, program_site(site), Manner::kPlain);
}

constinit Real<"read", kDefault, ssize_t(int, void*, size_t)> real_read;
constinit Real<"pread", kDefault, ssize_t(int, void*, size_t, off_t)> real_pread;
constinit Real<"readv", kDefault, ssize_t(int, const iovec*, int)> real_readv;
constinit Real<"write", kDefault, ssize_t(int, const void*, size_t)> real_write;
constinit Real<"pwrite", kDefault, ssize_t(int, const void*, size_t, off_t)> real_pwrite;
constinit Real<"writev", kDefault, ssize_t(int, const iovec*, int)> real_writev;
constinit Real<"recv", kDefault, ssize_t(int, void*, size_t, int)> real_recv;
constinit Real<"recvfrom", kDefault, ssize_t(int, void*, size_t, int, sockaddr*, socklen_t*)> real_recvfrom;
constinit Real<"recvmsg", kDefault, ssize_t(int, msghdr*, int)> real_recvmsg;
constinit Real<"send", kDefault, ssize_t(int, const void*, size_t, int)> real_send;
constinit Real<"sendto", kDefault, ssize_t(int, const void*, size_t, int, const sockaddr*, socklen_t)>
    real_sendto;
constinit Real<"sendmsg", kDefault, ssize_t(int, const msghdr*, int)> real_sendmsg;
constinit Real<"accept", kDefault, int(int, sockaddr*, socklen_t*)> real_accept;
constinit Real<"accept4", kDefault, int(int, sockaddr*, socklen_t*, int)> real_accept4;
constinit Real<"connect", kDefault, int(int, const sockaddr*, socklen_t)> real_connect;
constinit Real<"epoll_wait", kDefault, int(int, epoll_event*, int, int)> real_epoll_wait;
constinit Real<"epoll_ctl", kDefault, int(int, int, int, epoll_event*)> real_epoll_ctl;

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

ssize_t gordian_read(int file, void* to, size_t size) asm("read");
ssize_t gordian_read(int file, void* to, size_t size) {
  use_descriptor(file, call_site());
  const ssize_t result = real_read(file, to, size);
  read_from(file, to, result, call_site());
  return result;
}

ssize_t gordian_pread(int file, void* to, size_t size, off_t at) asm("pread");
ssize_t gordian_pread(int file, void* to, size_t size, off_t at) {
  use_descriptor(file, call_site());
  const ssize_t result = real_pread(file, to, size, at);
  read_from(file, to, result, call_site());
  return result;
}

ssize_t gordian_readv(int file, const iovec* parts, int count) asm("readv");
ssize_t gordian_readv(int file, const iovec* parts, int count) {
  use_descriptor(file, call_site());
  const ssize_t result = real_readv(file, parts, count);
  read_from(file, nullptr, result, call_site());
  return result;
}

ssize_t gordian_write(int file, const void* from, size_t size) asm("write");
ssize_t gordian_write(int file, const void* from, size_t size) {
  gives(from, size, call_site());
  written_to(file, call_site());
  return real_write(file, from, size);
}

ssize_t gordian_pwrite(int file, const void* from, size_t size, off_t at) asm("pwrite");
ssize_t gordian_pwrite(int file, const void* from, size_t size, off_t at) {
  gives(from, size, call_site());
  written_to(file, call_site());
  return real_pwrite(file, from, size, at);
}

ssize_t gordian_writev(int file, const iovec* parts, int count) asm("writev");
ssize_t gordian_writev(int file, const iovec* parts, int count) {
  written_to(file, call_site());
  return real_writev(file, parts, count);
}

ssize_t gordian_recv(int file, void* to, size_t size, int flags) asm("recv");
ssize_t gordian_recv(int file, void* to, size_t size, int flags) {
  use_descriptor(file, call_site());
  const ssize_t result = real_recv(file, to, size, flags);
  read_from(file, to, result, call_site());
  return result;
}

ssize_t gordian_recvfrom(int file, void* to, size_t size, int flags, sockaddr* peer,
                         socklen_t* length) asm("recvfrom");
ssize_t gordian_recvfrom(int file, void* to, size_t size, int flags, sockaddr* peer, socklen_t* length) {
  use_descriptor(file, call_site());
  const ssize_t result = real_recvfrom(file, to, size, flags, peer, length);
  read_from(file, to, result, call_site());
  return result;
}

ssize_t gordian_recvmsg(int file, msghdr* message, int flags) asm("recvmsg");
ssize_t gordian_recvmsg(int file, msghdr* message, int flags) {
  use_descriptor(file, call_site());
  const ssize_t result = real_recvmsg(file, message, flags);
  read_from(file, nullptr, result, call_site());
  return result;
}

ssize_t gordian_send(int file, const void* from, size_t size, int flags) asm("send");
ssize_t gordian_send(int file, const void* from, size_t size, int flags) {
  gives(from, size, call_site());
  written_to(file, call_site());
  return real_send(file, from, size, flags);
}

ssize_t gordian_sendto(int file, const void* from, size_t size, int flags, const sockaddr* peer,
                       socklen_t length) asm("sendto");
ssize_t gordian_sendto(int file, const void* from, size_t size, int flags, const sockaddr* peer,
                       socklen_t length) {
  gives(from, size, call_site());
  written_to(file, call_site());
  return real_sendto(file, from, size, flags, peer, length);
}

ssize_t gordian_sendmsg(int file, const msghdr* message, int flags) asm("sendmsg");
ssize_t gordian_sendmsg(int file, const msghdr* message, int flags) {
  written_to(file, call_site());
  return real_sendmsg(file, message, flags);
}

int gordian_accept(int file, sockaddr* peer, socklen_t* length) asm("accept");
int gordian_accept(int file, sockaddr* peer, socklen_t* length) {
  use_descriptor(file, call_site());
  const int result = real_accept(file, peer, length);
  begin_descriptor(result);
  read_from(file, nullptr, result, call_site());
  return result;
}

int gordian_accept4(int file, sockaddr* peer, socklen_t* length, int flags) asm("accept4");
int gordian_accept4(int file, sockaddr* peer, socklen_t* length, int flags) {
  use_descriptor(file, call_site());
  const int result = real_accept4(file, peer, length, flags);
  begin_descriptor(result);
  read_from(file, nullptr, result, call_site());
  return result;
}

int gordian_connect(int file, const sockaddr* peer, socklen_t length) asm("connect");
int gordian_connect(int file, const sockaddr* peer, socklen_t length) {
  written_to(file, call_site());
  return real_connect(file, peer, length);
}

int gordian_epoll_wait(int file, epoll_event* events, int most, int time) asm("epoll_wait");
int gordian_epoll_wait(int file, epoll_event* events, int most, int time) {
  use_descriptor(file, call_site());
  const int result = real_epoll_wait(file, events, most, time);
  read_from(file, nullptr, result, call_site());
  return result;
}

int gordian_epoll_ctl(int file, int operation, int other, epoll_event* event) asm("epoll_ctl");
int gordian_epoll_ctl(int file, int operation, int other, epoll_event* event) {
  written_to(file, call_site());
  return real_epoll_ctl(file, operation, other, event);
}

}  // extern "C"
#pragma GCC visibility pop
