#include "analyzer/capture/process/socket_peer.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstring>

namespace gordian::capture {
namespace {

struct Request {
  nlmsghdr header;
  unix_diag_req body;
};

uint64_t peer_in(const nlmsghdr* message, uint64_t inode) {
  const auto* socket = static_cast<const unix_diag_msg*>(NLMSG_DATA(message));
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof *socket) || socket->udiag_ino != inode) return 0;
  auto* attribute = reinterpret_cast<const rtattr*>(socket + 1);
  auto size = static_cast<unsigned>(message->nlmsg_len - NLMSG_LENGTH(sizeof *socket));
  for (; RTA_OK(attribute, size); attribute = RTA_NEXT(attribute, size)) {
    if (attribute->rta_type != UNIX_DIAG_PEER) continue;
    uint32_t peer = 0;
    std::memcpy(&peer, RTA_DATA(attribute), sizeof peer);
    return peer;
  }
  return 0;
}

uint64_t ask(int channel, uint64_t inode) {
  Request request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = AF_UNIX;
  request.body.udiag_states = ~0u;
  request.body.udiag_show = UDIAG_SHOW_PEER;
  if (::send(channel, &request, sizeof request, 0) != static_cast<ssize_t>(sizeof request)) return 0;
  alignas(nlmsghdr) char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::recv(channel, buffer, sizeof buffer, 0);
    if (got <= 0) return 0;
    auto size = static_cast<unsigned>(got);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer); NLMSG_OK(message, size);
         message = NLMSG_NEXT(message, size)) {
      if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) return 0;
      if (const uint64_t peer = peer_in(message, inode); peer != 0) return peer;
    }
  }
}

int duplicate_of(uint32_t pid, uint32_t descriptor) {
  const auto process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (process < 0) return -1;
  const auto duplicate = static_cast<int>(::syscall(SYS_pidfd_getfd, process, descriptor, 0));
  ::close(process);
  return duplicate;
}

}  // namespace

uint64_t unix_socket_peer(uint64_t inode) {
  const int channel = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (channel < 0) return 0;
  const uint64_t peer = ask(channel, inode);
  ::close(channel);
  return peer;
}

std::optional<bool> has_time_limit(uint32_t pid, uint32_t descriptor, uint64_t inode, bool receives) {
  const int duplicate = duplicate_of(pid, descriptor);
  if (duplicate < 0) return {};
  struct stat status {};
  timeval limit{};
  socklen_t size = sizeof limit;
  const bool known =
      ::fstat(duplicate, &status) == 0 && status.st_ino == inode &&
      ::getsockopt(duplicate, SOL_SOCKET, receives ? SO_RCVTIMEO : SO_SNDTIMEO, &limit, &size) == 0;
  ::close(duplicate);
  if (!known) return {};
  return limit.tv_sec != 0 || limit.tv_usec != 0;
}

}  // namespace gordian::capture
