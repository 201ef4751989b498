// The explicit locks of stdio: flockfile, ftrylockfile, funlockfile. What printf and its kin lock inside libc
// is not seen.
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kStdioFileKind = ResourceKind::kStdioFile;

[[gnu::noinline]] void lock_taken(ThreadRecord* self, Hold* entry, FILE* file) {
  Registers registers;
  capture(registers);
  about_to_wait(self, registers);
  real::flockfile(file);
  acquired(entry);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

void flockfile(FILE* file) noexcept {
  ThreadRecord* self = current();
  if (self == nullptr) return real::flockfile(file);
  const Site site = call_site();
  note_lock_attempt(self, address_of(file), kStdioFileKind, 0, site);
  Hold* entry = begin(self, address_of(file), kStdioFileKind, 0, site);
  if (real::ftrylockfile(file) == 0)
    acquired(entry);
  else
    lock_taken(self, entry, file);
}

int ftrylockfile(FILE* file) noexcept {
  const int result = real::ftrylockfile(file);
  if constexpr (kFollowing) {
    if (result != 0) trace_try_failed(kStdioFileKind, address_of(file), 0, traced_site());
  }
  ThreadRecord* self = result == 0 ? current() : nullptr;
  if (self != nullptr) {
    const Site site = call_site();
    acquired(begin(self, address_of(file), kStdioFileKind, 0, site), gordian::record::kTraceTry);
    meet(kStdioFileKind, address_of(file), site.return_address);
  }
  return result;
}

void funlockfile(FILE* file) noexcept {
  ThreadRecord* self = current();
  if (self != nullptr && !release(self, address_of(file), kStdioFileKind, traced_site())) {
    if constexpr (kFollowing) trace_released_without_holding(kStdioFileKind, address_of(file), traced_site());
    runtime.count(Unseen::kUnmatchedRelease);
  }
  real::funlockfile(file);
}

}  // extern "C"
#pragma GCC visibility pop
