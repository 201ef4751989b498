#include "runtime-hooks/race-runtime/suppressions.h"

#include <cstdlib>
#include <cstring>

#include "runtime-hooks/print.h"
#include "runtime-hooks/runtime.h"

// The program's, where it has one.
extern "C" [[gnu::weak, gnu::visibility("default")]] const char* __tsan_default_suppressions();

namespace gordian::hooks::races {

namespace {

constexpr char kEnding[] = ".flight";
constexpr char kSeparators[] = " :,\t\n";

// The value of suppressions= among the options, in quotes or up to the next separator.
bool file_in_options(const char* text, Line& out) {
  constexpr char kKey[] = "suppressions=";
  for (const char* at = text; (at = std::strstr(at, kKey)) != nullptr; at += sizeof(kKey) - 1) {
    if (at != text && std::strchr(kSeparators, at[-1]) == nullptr) continue;
    const char* value = at + sizeof(kKey) - 1;
    const bool quoted = *value == '"' || *value == '\'';
    const char quote[] = {*value, 0};
    if (quoted) ++value;
    out.add(value, std::strcspn(value, quoted ? quote : kSeparators));
    return out.size() != 0;
  }
  return false;
}

void copy(const char* path, int to) {
  const int from = kernel::open(path, O_RDONLY);
  if (from < 0) return;
  char buffer[1024];
  for (long size; (size = kernel::read(from, buffer, sizeof buffer)) > 0;)
    if (kernel::write(to, buffer, static_cast<size_t>(size)) != size) break;
  kernel::close(from);
}

}  // namespace

void keep_suppressions() {
  const char* own = __tsan_default_suppressions != nullptr ? __tsan_default_suppressions() : nullptr;
  const char* options = std::getenv("TSAN_OPTIONS");
  Line file;
  const bool has_file = options != nullptr && file_in_options(options, file);
  if (own == nullptr && !has_file) return;
  Line path;
  path.add(runtime.record_path(), std::strlen(runtime.record_path()) - (sizeof(kEnding) - 1));
  path.add(".suppressions");
  const int to = kernel::open(path.text(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
  if (to < 0) return;
  if (own != nullptr) {
    kernel::write(to, own, std::strlen(own));
    kernel::write(to, "\n", 1);
  }
  if (has_file) copy(file.text(), to);
  kernel::close(to);
}

}  // namespace gordian::hooks::races
