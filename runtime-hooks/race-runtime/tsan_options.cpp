#include "runtime-hooks/race-runtime/tsan_options.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime-hooks/arch.h"
#include "runtime-hooks/kernel.h"
#include "runtime-hooks/runtime.h"

// The program's, where it has one.
extern "C" [[gnu::weak, gnu::visibility("default")]] const char* __tsan_default_options();

namespace gordian::hooks::races {

namespace {

constexpr char kBetween[] = " :,\t\n";
constexpr int kUsualCode = 66;

constinit TsanOptions chosen{};
constinit bool is_read = false;

bool is_word(const char* text, size_t size, const char* word) {
  return std::strlen(word) == size && std::memcmp(text, word, size) == 0;
}
bool is_yes(const char* text, size_t size) {
  return is_word(text, size, "1") || is_word(text, size, "true") || is_word(text, size, "yes");
}

void choose(const char* key, size_t key_size, const char* value, size_t size) {
  if (is_word(key, key_size, "report_bugs")) chosen.report_bugs = is_yes(value, size);
  if (is_word(key, key_size, "report_atomic_races")) chosen.report_atomic_races = is_yes(value, size);
  if (is_word(key, key_size, "halt_on_error")) chosen.halt_on_error = is_yes(value, size);
  if (is_word(key, key_size, "exitcode")) chosen.exitcode = std::atoi(value) & 0xff;
}

void read_keys(const char* text) {
  while (text != nullptr && *text != 0) {
    const size_t size = std::strcspn(text, kBetween);
    const auto* equals = static_cast<const char*>(std::memchr(text, '=', size));
    if (equals != nullptr) {
      const auto key_size = static_cast<size_t>(equals - text);
      choose(text, key_size, equals + 1, size - key_size - 1);
    }
    text += size + (text[size] != 0 ? 1 : 0);
  }
}

}  // namespace

const TsanOptions& tsan_options() {
  // Of two threads that ask first both read the same.
  if (!__atomic_load_n(&is_read, __ATOMIC_ACQUIRE)) {
    if (__tsan_default_options != nullptr) read_keys(__tsan_default_options());
    read_keys(std::getenv("TSAN_OPTIONS"));
    __atomic_store_n(&is_read, true, __ATOMIC_RELEASE);
  }
  return chosen;
}

void halt_if_asked() {
  if (!tsan_options().halt_on_error) return;
  const int code = chosen.exitcode >= 0 ? chosen.exitcode : kUsualCode;
  raw_syscall(SYS_exit_group, code);
}

// Ends the process with the code for races, where that was asked for and there are any. After the record is
// complete: destructors of higher priority come first.
[[gnu::destructor(101)]] static void exit_as_asked() {
  if (!runtime.ready() || runtime.header().pid != kernel::process_id()) return;
  if (runtime.header().race_count == 0 || tsan_options().exitcode < 0) return;
  std::fflush(nullptr);
  raw_syscall(SYS_exit_group, chosen.exitcode);
}

}  // namespace gordian::hooks::races
