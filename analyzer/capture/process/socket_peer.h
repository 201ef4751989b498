// What the kernel knows of a socket that is not this process's: its other end, and whether its calls end by
// themselves.
//
// Promises: changes nothing: a socket is looked at through a duplicate, which is closed at once. Source:
// sock_diag(7), pidfd_getfd(2), socket(7).
#pragma once

#include <cstdint>
#include <optional>

namespace gordian::capture {

// The inode of a unix socket's other end; 0 when it is not known.
uint64_t unix_socket_peer(uint64_t inode);

// Whether a call that receives (or sends) on the socket has a time limit (SO_RCVTIMEO, SO_SNDTIMEO). Nothing
// where that may not be asked, or where the process has something else there.
std::optional<bool> has_time_limit(uint32_t pid, uint32_t descriptor, uint64_t inode, bool receives);

}  // namespace gordian::capture
