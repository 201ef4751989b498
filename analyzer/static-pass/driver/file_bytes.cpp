#include "analyzer/static-pass/driver/file_bytes.h"

#include <fstream>
#include <sstream>

namespace gordian::check {

std::optional<std::string> bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream bytes;
  // An empty file has nothing to insert, which a stream calls a failure.
  if (file.peek() != std::ifstream::traits_type::eof()) bytes << file.rdbuf();
  if (file.bad() || bytes.fail()) return std::nullopt;
  return std::move(bytes).str();
}

}  // namespace gordian::check
