#include "analyzer/cli/source_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace gordian::cli {

std::string read_source_file(const std::string& path) {
  constexpr uintmax_t kMost = uintmax_t{64} << 20;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path, error) > kMost ||
      error)
    return {};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

}  // namespace gordian::cli
