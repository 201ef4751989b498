// Calls by which a thread hears of others through the kernel: what it does after them may be ordered after
// what others did before (taken_over.h). Passed through as they are, in the order of their families: reading,
// sockets, waiting for descriptors, signals, queues of messages, children.
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime-hooks/race-sampler/taken_over.h"
#include "runtime-hooks/real.h"

extern "C" ssize_t __read_chk(int, void*, size_t, size_t);
extern "C" ssize_t __recv_chk(int, void*, size_t, size_t, int);
extern "C" ssize_t __recvfrom_chk(int, void*, size_t, size_t, int, sockaddr*, socklen_t*);
extern "C" int __poll_chk(pollfd*, nfds_t, int, size_t);

namespace gordian::hooks {

namespace real {

#define GORDIAN_REAL(name) inline constinit Real<#name, kDefault, decltype(::name)> name
GORDIAN_REAL(read);
GORDIAN_REAL(__read_chk);
GORDIAN_REAL(readv);
GORDIAN_REAL(recv);
GORDIAN_REAL(__recv_chk);
GORDIAN_REAL(recvfrom);
GORDIAN_REAL(__recvfrom_chk);
GORDIAN_REAL(recvmsg);
GORDIAN_REAL(accept);
GORDIAN_REAL(accept4);
GORDIAN_REAL(poll);
GORDIAN_REAL(__poll_chk);
GORDIAN_REAL(ppoll);
GORDIAN_REAL(select);
GORDIAN_REAL(pselect);
GORDIAN_REAL(epoll_wait);
GORDIAN_REAL(epoll_pwait);
GORDIAN_REAL(pause);
GORDIAN_REAL(sigsuspend);
GORDIAN_REAL(sigwait);
GORDIAN_REAL(sigwaitinfo);
GORDIAN_REAL(sigtimedwait);
GORDIAN_REAL(msgrcv);
#undef GORDIAN_REAL

}  // namespace real

namespace races {

namespace {

template <typename RealCall, typename... Arguments>
auto hear(RealCall& real_call, Arguments... arguments) {
  const auto result = real_call(arguments...);
  took_over();
  return result;
}

}  // namespace
}  // namespace races
}  // namespace gordian::hooks

using namespace gordian::hooks;
using gordian::hooks::races::hear;

#pragma GCC visibility push(default)
extern "C" {

ssize_t read(int fd, void* to, size_t size) {
  return hear(real::read, fd, to, size);
}

ssize_t __read_chk(int fd, void* to, size_t size, size_t room) {
  return hear(real::__read_chk, fd, to, size, room);
}

ssize_t readv(int fd, const iovec* parts, int count) {
  return hear(real::readv, fd, parts, count);
}

ssize_t recv(int fd, void* to, size_t size, int flags) {
  return hear(real::recv, fd, to, size, flags);
}

ssize_t __recv_chk(int fd, void* to, size_t size, size_t room, int flags) {
  return hear(real::__recv_chk, fd, to, size, room, flags);
}

ssize_t recvfrom(int fd, void* to, size_t size, int flags, sockaddr* from, socklen_t* from_size) {
  return hear(real::recvfrom, fd, to, size, flags, from, from_size);
}

ssize_t __recvfrom_chk(int fd, void* to, size_t size, size_t room, int flags, sockaddr* from,
                       socklen_t* from_size) {
  return hear(real::__recvfrom_chk, fd, to, size, room, flags, from, from_size);
}

ssize_t recvmsg(int fd, msghdr* message, int flags) {
  return hear(real::recvmsg, fd, message, flags);
}

int accept(int fd, sockaddr* from, socklen_t* from_size) {
  return hear(real::accept, fd, from, from_size);
}

int accept4(int fd, sockaddr* from, socklen_t* from_size, int flags) {
  return hear(real::accept4, fd, from, from_size, flags);
}

int poll(pollfd* descriptors, nfds_t count, int timeout) {
  return hear(real::poll, descriptors, count, timeout);
}

int __poll_chk(pollfd* descriptors, nfds_t count, int timeout, size_t room) {
  return hear(real::__poll_chk, descriptors, count, timeout, room);
}

int ppoll(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  return hear(real::ppoll, descriptors, count, timeout, mask);
}

int select(int count, fd_set* reads, fd_set* writes, fd_set* errors, timeval* timeout) {
  return hear(real::select, count, reads, writes, errors, timeout);
}

int pselect(int count, fd_set* reads, fd_set* writes, fd_set* errors, const timespec* timeout,
            const sigset_t* mask) {
  return hear(real::pselect, count, reads, writes, errors, timeout, mask);
}

int epoll_wait(int fd, epoll_event* events, int room, int timeout) {
  return hear(real::epoll_wait, fd, events, room, timeout);
}

int epoll_pwait(int fd, epoll_event* events, int room, int timeout, const sigset_t* mask) {
  return hear(real::epoll_pwait, fd, events, room, timeout, mask);
}

int pause() {
  return hear(real::pause);
}

int sigsuspend(const sigset_t* mask) {
  return hear(real::sigsuspend, mask);
}

int sigwait(const sigset_t* set, int* number) {
  return hear(real::sigwait, set, number);
}

int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  return hear(real::sigwaitinfo, set, info);
}

int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout) {
  return hear(real::sigtimedwait, set, info, timeout);
}

ssize_t msgrcv(int queue, void* to, size_t size, long kind, int flags) {
  return hear(real::msgrcv, queue, to, size, kind, flags);
}

}  // extern "C"
#pragma GCC visibility pop
