// atexit and its kin: what was done before the registration comes before the call, whoever ends the process.
#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

struct ExitCall {
  union {
    void (*with_argument)(void*);
    void (*plain)();
    void (*with_status)(int, void*);
  };
  void* argument;
};

// Never given back: what is registered lasts as long as the process or its module.
constexpr uint64_t kChunk = 64u << 10;
struct ExitCalls {
  Spin lock;
  ExitCall* next;
  ExitCall* end;
};
constinit ExitCalls exit_calls{};

constinit Real<"__cxa_atexit", kDefault, int(void (*)(void*), void*, void*)> real_cxa_atexit;
constinit Real<"on_exit", kDefault, int(void (*)(int, void*), void*)> real_on_exit;

ExitCall* claim_exit_call() {
  SpinGuard guard(exit_calls.lock);
  if (exit_calls.next == exit_calls.end) {
    void* more =
        kernel::map(nullptr, kChunk, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    if (more == nullptr) return nullptr;
    exit_calls.next = static_cast<ExitCall*>(more);
    exit_calls.end = exit_calls.next + kChunk / sizeof(ExitCall);
  }
  return exit_calls.next++;
}

// Nothing to put in an order where there was no second thread; or no room, and then the call goes on without.
ExitCall* registered() {
  ExitCall* call = claim_exit_call();
  if (call != nullptr) release_at(reinterpret_cast<uint64_t>(call), true);
  return call;
}

void run_with_argument(void* context) {
  const auto* call = static_cast<const ExitCall*>(context);
  acquire_at(reinterpret_cast<uint64_t>(call));
  call->with_argument(call->argument);
}
void run_plain(void* context) {
  const auto* call = static_cast<const ExitCall*>(context);
  acquire_at(reinterpret_cast<uint64_t>(call));
  call->plain();
}
void run_with_status(int status, void* context) {
  const auto* call = static_cast<const ExitCall*>(context);
  acquire_at(reinterpret_cast<uint64_t>(call));
  call->with_status(status, call->argument);
}

void call_without_order(void* function) {
  reinterpret_cast<void (*)()>(function)();
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

int gordian_cxa_atexit(void (*function)(void*), void* argument, void* library) asm("__cxa_atexit");
int gordian_cxa_atexit(void (*function)(void*), void* argument, void* library) {
  ExitCall* call = detecting ? registered() : nullptr;
  if (call == nullptr) return real_cxa_atexit(function, argument, library);
  call->with_argument = function;
  call->argument = argument;
  return real_cxa_atexit(run_with_argument, call, library);
}

// glibc has it in the part that is linked into every program; one that was linked with gcc's runtime has it
// from there.
int atexit(void (*function)()) {
  ExitCall* call = detecting ? registered() : nullptr;
  if (call == nullptr) return real_cxa_atexit(call_without_order, reinterpret_cast<void*>(function), nullptr);
  call->plain = function;
  return real_cxa_atexit(run_plain, call, nullptr);
}

int gordian_on_exit(void (*function)(int, void*), void* argument) asm("on_exit");
int gordian_on_exit(void (*function)(int, void*), void* argument) {
  ExitCall* call = detecting ? registered() : nullptr;
  if (call == nullptr) return real_on_exit(function, argument);
  call->with_status = function;
  call->argument = argument;
  return real_on_exit(run_with_status, call);
}

}  // extern "C"
#pragma GCC visibility pop
