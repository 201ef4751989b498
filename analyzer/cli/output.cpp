#include "analyzer/cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "analyzer/cli/error.h"

namespace gordian::cli {
namespace {

// Returns 0 or the error number.
int write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

[[noreturn]] void refuse_to_write(const std::string& path, int error) {
  throw Refusal(fmt::format(
      "cannot write {}: {}; check that its directory is there, that you may write to it and that it has room",
      path, error_text(error)));
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool terminal_wants_colour(int descriptor) {
  const char* terminal = std::getenv("TERM");
  return descriptor >= 0 && isatty(descriptor) == 1 && !is_set("NO_COLOR") &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

// As setlocale would choose: the first of the three that is set.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!is_set(name)) continue;
    const std::string_view value = std::getenv(name);
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos ||
           value.find("utf-8") != value.npos;
  }
  return false;
}

}  // namespace

void write_file_atomically(const std::string& path, std::string_view content) {
  std::string temporary = path + ".XXXXXX";
  const int file = mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) refuse_to_write(path, errno);
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(file, 0666 & ~mask);
  int error = write_all(file, content);
  if (close(file) != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    unlink(temporary.c_str());
    refuse_to_write(path, error);
  }
}

void write_output(const std::string& path, std::string_view content) {
  if (path.empty() || path == "-") {
    const int error = write_all(STDOUT_FILENO, content);
    if (error != 0) {
      throw Refusal(fmt::format("cannot write to standard output: {}; write to a file with --output FILE",
                                error_text(error)));
    }
    return;
  }
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)) {
    // A device or a FIFO, such as /dev/stderr: it cannot be replaced by a rename.
    const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const int error = file < 0 ? errno : write_all(file, content);
    if (file >= 0) close(file);
    if (error != 0) refuse_to_write(path, error);
    return;
  }
  write_file_atomically(path, content);
}

void tell(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));
}

report::TextOptions text_options_for(int descriptor, ColourWish wish) {
  report::TextOptions options;
  options.colour =
      wish == ColourWish::kAlways || (wish == ColourWish::kAuto && terminal_wants_colour(descriptor));
  options.unicode = locale_is_utf8();
  std::error_code error;
  options.base_directory = std::filesystem::current_path(error).string();
  return options;
}

ColourWish colour_wish_from(const std::string& name) {
  if (name == "always") return ColourWish::kAlways;
  return name == "never" ? ColourWish::kNever : ColourWish::kAuto;
}

std::string error_text(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace gordian::cli
