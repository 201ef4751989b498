#include "runtime-hooks/options.h"

#include <cstdlib>
#include <cstring>

#include "analyzer/record/control.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/steer.h"

namespace gordian::hooks {

namespace {

constinit record::Control* control = nullptr;

bool is(const char* text, size_t size, const char* expected) {
  return std::strlen(expected) == size && std::memcmp(text, expected, size) == 0;
}

uint32_t number(const char* text, size_t size) {
  uint32_t n = 0;
  for (size_t i = 0; i < size && text[i] >= '0' && text[i] <= '9' && n < 100'000'000; ++i)
    n = n * 10 + static_cast<uint32_t>(text[i] - '0');
  return n;
}

void set(Options& options, const char* key, size_t key_size, const char* value, size_t size) {
  if (is(key, key_size, "dir") && size > 0 && size < sizeof(options.directory)) {
    std::memcpy(options.directory, value, size);
    options.directory[size] = 0;
  } else if (is(key, key_size, "on-deadlock")) {
    if (is(value, size, "abort")) options.on_deadlock = OnDeadlock::kAbort;
    if (is(value, size, "kill")) options.on_deadlock = OnDeadlock::kKill;
    if (is(value, size, "stop")) options.on_deadlock = OnDeadlock::kStop;
  } else if (is(key, key_size, "stack-depth")) {
    options.stack_depth = number(value, size);
  } else if (is(key, key_size, "no-follow")) {
    options.follow = !is(value, size, "1");
  } else if (is(key, key_size, "quiet")) {
    options.quiet = is(value, size, "1");
  } else if (is(key, key_size, "steer")) {
    options.steered = is(value, size, "1");
  } else if (is(key, key_size, "race-overhead")) {
    options.race_overhead = number(value, size) <= 100 ? number(value, size) : 100;
  } else if (is(key, key_size, "race-numbers")) {
    options.race_numbers = is(value, size, "1");
  } else if (is(key, key_size, "race-sites")) {
    options.race_sites = is(value, size, "1");
  } else if (is(key, key_size, "trace") && size < sizeof(options.trace_path)) {
    std::memcpy(options.trace_path, value, size);
    options.trace_path[size] = 0;
  } else if (is(key, key_size, "trace-limit")) {
    options.trace_limit = uint64_t{number(value, size)} << 20;
  }
}

void map_control(const Options& options) {
  Line path;
  path.add(options.directory).add("/").add(record::kControlFileName);
  const int fd = kernel::open(path.text(), O_RDWR | O_NOFOLLOW);
  if (fd < 0) return;
  void* page = kernel::map(nullptr, record::kControlSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  kernel::close(fd);
  if (page == nullptr) return;
  auto* mapped = static_cast<record::Control*>(page);
  if (std::memcmp(mapped->magic, record::kControlMagic, sizeof(mapped->magic)) == 0 &&
      mapped->version == record::kControlVersion)
    control = mapped;
  else
    kernel::unmap(page, record::kControlSize);
}

}  // namespace

void set_own_directory(Options& options) {
  Line path;
  path.add("/dev/shm/gordian-").add(static_cast<uint64_t>(raw_syscall(SYS_geteuid)));
  path.copy_to(options.directory, sizeof(options.directory));
}

void read_options(Options& options) {
  const char* text = std::getenv("GORDIAN_OPTIONS");
  while (text != nullptr && *text != 0) {
    const size_t size = std::strcspn(text, ":");
    const auto* equals = static_cast<const char*>(std::memchr(text, '=', size));
    if (equals != nullptr) {
      const auto key_size = static_cast<size_t>(equals - text);
      set(options, text, key_size, equals + 1, size - key_size - 1);
    }
    text += size + (text[size] == ':' ? 1 : 0);
  }
  options.own_directory = options.directory[0] == 0;
  if (options.own_directory) set_own_directory(options);
  map_control(options);
  if (options.steered) read_plan(options.directory);
  options.launched = control != nullptr;
}

void announce_process() {
  if (control != nullptr) __atomic_fetch_add(&control->processes, 1, __ATOMIC_RELAXED);
}

void announce_unwatched() {
  if (control != nullptr) __atomic_fetch_add(&control->unwatched, 1, __ATOMIC_RELAXED);
}

bool is_launched_program() {
  return control != nullptr && kernel::parent_process_id() == control->launcher_pid;
}

bool tell_launcher() {
  if (control == nullptr || __atomic_load_n(&control->launcher_gone, __ATOMIC_ACQUIRE) != 0) return false;
  // A launcher that was killed could not say so.
  if (raw_syscall(SYS_kill, static_cast<long>(control->launcher_pid), 0) == -3 /* ESRCH */) return false;
  __atomic_fetch_add(&control->news, 1, __ATOMIC_RELEASE);
  kernel::futex_wake_shared(&control->news, 1);
  return true;
}

}  // namespace gordian::hooks
