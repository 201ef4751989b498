// The other end of a unix socket.
//
// Promises: asks the kernel over netlink; 0 when it does not know, or may not tell. Source: sock_diag(7).
#pragma once

#include <cstdint>

namespace gordian::capture {

uint64_t unix_socket_peer(uint64_t inode);

}  // namespace gordian::capture
