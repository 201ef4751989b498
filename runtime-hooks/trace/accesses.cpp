#include "runtime-hooks/trace/accesses.h"

#include "runtime-hooks/trace/file.h"
#include "runtime-hooks/trace/writer.h"

#if GORDIAN_RACES

namespace gordian::hooks::to_file {

using record::TraceOp;

namespace {

// Of this stretch, by a hash of the address and the place in the code.
struct Written {
  uint64_t address;
  uint64_t site;
  uint64_t stretch;
  uint32_t size;
  TraceOp op;
};
constexpr uint32_t kRemembered = 128;
constexpr uint64_t kMostAtOnce = 1u << 20;  // bytes of one event

struct Stretch {
  uint64_t number = 1;
  bool is_late = false;
  Written written[kRemembered] = {};
};
constinit thread_local Stretch stretch __attribute__((tls_model("initial-exec"))) = {};

Written& place_of(uint64_t address, uint64_t site) {
  const uint64_t mixed = (address ^ site << 20) * 0x9E3779B97F4A7C15u;
  return stretch.written[mixed >> 57];
}
static_assert(kRemembered == 1u << (64 - 57));

void accesses(TraceOp op, uint64_t address, uint64_t size, uint64_t site) {
  Written& place = place_of(address, site);
  const Written now{address, site, stretch.number, static_cast<uint32_t>(size), op};
  const bool is_known = place.address == now.address && place.site == now.site &&
                        place.stretch == now.stretch && place.size == now.size && place.op == now.op;
  if (is_known && !stretch.is_late) return;
  const uint8_t flags = stretch.is_late ? record::kTraceLate : uint8_t{0};
  while (size != 0) {
    const uint64_t here = size < kMostAtOnce ? size : kMostAtOnce;
    tell(op, {.operand = address, .size = static_cast<uint32_t>(here)}, site, flags);
    address += here;
    size -= here;
  }
  place = now;
}

constexpr uint32_t kSteps = 256;
constinit races::Spin steps[kSteps] = {};

}  // namespace

void reads(uint64_t address, uint64_t size, uint64_t site) {
  accesses(TraceOp::kRead, address, size, site);
}

void writes(uint64_t address, uint64_t size, uint64_t site) {
  accesses(TraceOp::kWrite, address, size, site);
}

void accesses_atomically(TraceOp op, uint64_t address, uint64_t size, uint64_t site) {
  tell(op, {.operand = address, .size = static_cast<uint32_t>(size)}, site, record::kTraceAtomic);
}

void renewed(uint64_t low, uint64_t high) {
  if (low >= high) return;
  const uint64_t size = high - low;
  tell(TraceOp::kRenew,
       {.operand = low, .generation = static_cast<uint32_t>(size >> 32), .size = static_cast<uint32_t>(size)},
       0);
}

void tells(uint64_t number) {
  tell(TraceOp::kNotify, {.operand = number}, 0);
}

void learns(uint64_t number) {
  tell(TraceOp::kWake, {.operand = number}, 0);
}

void lacks_accesses() {
  trace_file.set_lacks_code();
}

void Late::set(bool late) {
  stretch.is_late = late;
}

void end_stretch() {
  stretch.number += 1;
}

// Words that lie side by side have Spins of their own; an access lies within two words at most, and is told
// by the first.
races::Spin& AtomicStep::spin_for(const volatile void* address) {
  return steps[reinterpret_cast<uint64_t>(address) >> 4 & (kSteps - 1)];
}

}  // namespace gordian::hooks::to_file

#endif
