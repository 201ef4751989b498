#include "runtime-hooks/interpose/follow.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>

#include "runtime-hooks/print.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

namespace {

constexpr char kPreload[] = "LD_PRELOAD=";
constexpr char kOptions[] = "GORDIAN_OPTIONS=";
constexpr size_t kMaxVariables = 8192;
constexpr size_t kMaxPreload = 4096;

constinit char library[512] = {};
constinit char options[2048] = {};

const char* value_in(char* const environment[], const char* prefix) {
  if (environment == nullptr) return nullptr;
  for (char* const* each = environment; *each != nullptr; ++each)
    if (std::strncmp(*each, prefix, std::strlen(prefix)) == 0) return *each + std::strlen(prefix);
  return nullptr;
}

size_t count(char* const environment[]) {
  size_t n = 0;
  while (environment != nullptr && environment[n] != nullptr) ++n;
  return n;
}

bool needs_us(char* const environment[]) {
  if (!runtime.options().follow || library[0] == 0) return false;
  const char* preload = value_in(environment, kPreload);
  return preload == nullptr || std::strstr(preload, library) == nullptr;
}

// Takes our library out of LD_PRELOAD, and leaves what else is there. In place, for memory may not be had
// this early.
void leave_preload() {
  char* preload = std::getenv("LD_PRELOAD");
  char* ours = preload != nullptr && library[0] != 0 ? std::strstr(preload, library) : nullptr;
  if (ours == nullptr) return;
  const char* rest = ours + std::strlen(library);
  if (*rest == ':' || *rest == ' ') ++rest;
  std::memmove(ours, rest, std::strlen(rest) + 1);
  if (*preload == 0) unsetenv("LD_PRELOAD");
}

}  // namespace

void remember_preload() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&remember_preload), &info) != 0 && info.dli_fname != nullptr &&
      std::strlen(info.dli_fname) < sizeof(library))
    std::strcpy(library, info.dli_fname);
  const char* ours = std::getenv("GORDIAN_OPTIONS");
  if (ours != nullptr && std::strlen(ours) + sizeof(kOptions) < sizeof(options)) {
    std::strcpy(options, kOptions);
    std::strcat(options, ours);
  }
  // Children that are not to be followed must not inherit us either.
  if (!runtime.options().follow) leave_preload();
}

size_t FollowedEnvironment::scratch_size(char* const environment[]) {
  if (!needs_us(environment)) return 16;
  const size_t variables = count(environment);
  const char* preload = value_in(environment, kPreload);
  const size_t text =
      sizeof(kPreload) + sizeof(library) + 1 + (preload != nullptr ? std::strlen(preload) : 0);
  if (variables > kMaxVariables || text > kMaxPreload) return 16;
  return (variables + 3) * sizeof(char*) + text;
}

FollowedEnvironment::FollowedEnvironment(char* const environment[], void* scratch)
    : environment_(environment) {
  if (scratch_size(environment) == 16) return;
  auto** made = static_cast<char**>(scratch);
  const size_t variables = count(environment);
  char* text = reinterpret_cast<char*>(made + variables + 3);
  const char* preload = value_in(environment, kPreload);
  std::strcpy(text, kPreload);
  std::strcat(text, library);
  if (preload != nullptr && preload[0] != 0) {
    std::strcat(text, ":");
    std::strcat(text, preload);
  }
  size_t n = 0;
  for (size_t i = 0; i < variables; ++i)
    if (environment[i] + std::strlen(kPreload) != preload) made[n++] = environment[i];
  made[n++] = text;
  if (options[0] != 0 && value_in(environment, kOptions) == nullptr) made[n++] = options;
  made[n] = nullptr;
  environment_ = made;
}

}  // namespace gordian::hooks
