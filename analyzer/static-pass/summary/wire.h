// Lists of texts over a pipe or socket, between `gordian check` and its readers of units.
//
//   count  (length  bytes)*     numbers as 8 bytes of the machine's own order: both ends are one machine
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gordian::check {

// False when the other side is gone. Blocks; a socket's SIGPIPE does not come.
bool send_texts(int descriptor, const std::vector<std::string>& texts);

// Nothing when the other side has closed, died in the middle, or sends what is no list.
std::optional<std::vector<std::string>> receive_texts(int descriptor);

}  // namespace gordian::check
