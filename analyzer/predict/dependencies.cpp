#include "analyzer/predict/dependencies.h"

#include <algorithm>

namespace gordian::predict {

// What is only needed on the way through the trace.
struct Dependencies::Building {
  explicit Building(const Trace& trace)
      : position(trace.threads.size()),
        created_by(trace.threads.size(), kNobody),
        remembered(trace.threads.size()),
        last_write(trace.variables.size(), kNobody),
        open(trace.locks.size()) {
    for (auto& prefixes : remembered) prefixes.fill(kNobody);
  }
  static constexpr Prefix kNobody{kNone, 0};

  std::vector<uint32_t> position;  // of the next event, by thread
  std::vector<Prefix> created_by;  // not yet needed by the thread's next event
  std::vector<std::array<Prefix, kRemembered>> remembered;
  std::vector<Prefix> last_write;           // by variable
  std::vector<std::vector<uint32_t>> open;  // by lock: acquisitions that are not released yet
};

Dependencies::Dependencies(const Trace& trace)
    : lock_count_(static_cast<uint32_t>(trace.locks.size())),
      needs_(trace.threads.size()),
      histories_(trace.resource_count) {
  Building building(trace);
  for (const Event& event : trace.events) add(building, event);
  std::ranges::stable_sort(creations_, {}, &Creation::thread);
}

Prefix Dependencies::creation_for(uint32_t thread, uint32_t position) const {
  const auto [first, last] = std::ranges::equal_range(creations_, thread, {}, &Creation::thread);
  const auto exact =
      std::find_if(first, last, [&](const Creation& each) { return each.position == position; });
  return exact == last ? Prefix{kNone, 0} : exact->by;
}

void Dependencies::add(Building& building, const Event& event) {
  const uint32_t thread = event.thread;
  const uint32_t position = building.position[thread];
  if (Prefix& creation = building.created_by[thread]; creation.thread != kNone) {
    need_prefix(building, thread, creation);
    creations_.push_back({thread, position, creation});
    creation = Building::kNobody;
  }
  switch (event.op) {
    case Op::kAcquire:
      acquire(building, event);
      break;
    case Op::kRelease:
      release(building, event);
      break;
    case Op::kTryFailed:
      for (const uint32_t held : building.open[event.operand])
        need_prefix(building, thread, {acquisitions_[held].thread, acquisitions_[held].position + 1});
      break;
    case Op::kRead:
      if (const Prefix& write = building.last_write[event.operand]; write.thread != kNone)
        need_prefix(building, thread, write);
      break;
    case Op::kWrite:
      building.last_write[event.operand] = {thread, position + 1};
      break;
    case Op::kFork:
      building.created_by[event.operand] = {thread, position + 1};
      break;
    case Op::kJoin:
      need_prefix(building, thread, {event.operand, building.position[event.operand]});
      break;
    case Op::kWake:
      if ((event.flags & kOnItsOwn) == 0) {
        const auto count = static_cast<uint32_t>(histories_[event.operand].size());
        needs_[thread].push_back({position, Need::Kind::kHistory, event.operand, count});
      }
      [[fallthrough]];
    case Op::kWait:
    case Op::kNotify:
      histories_[event.operand].push_back({thread, position + 1});
      break;
    case Op::kRequest:
    case Op::kBegin:
    case Op::kEnd:
      break;
  }
  ++building.position[thread];
}

void Dependencies::need_prefix(Building& building, uint32_t thread, Prefix prefix) {
  if (prefix.thread == thread || prefix.count == 0) return;
  Prefix& known = building.remembered[thread][prefix.thread % kRemembered];
  if (known.thread == prefix.thread && known.count >= prefix.count) return;
  known = prefix;
  needs_[thread].push_back({building.position[thread], Need::Kind::kPrefix, prefix.thread, prefix.count});
}

void Dependencies::acquire(Building& building, const Event& event) {
  const auto number = static_cast<uint32_t>(acquisitions_.size());
  const uint32_t position = building.position[event.thread];
  acquisitions_.push_back({.thread = event.thread,
                           .position = position,
                           .lock = event.operand,
                           .shared = (event.flags & kShared) != 0});
  needs_[event.thread].push_back({position, Need::Kind::kLock, number, 0});
  building.open[event.operand].push_back(number);
}

void Dependencies::release(Building& building, const Event& event) {
  std::vector<uint32_t>& open = building.open[event.operand];
  const auto own =
      std::ranges::find(open, event.thread, [this](uint32_t number) { return acquisitions_[number].thread; });
  acquisitions_[*own].release = building.position[event.thread];
  *own = open.back();
  open.pop_back();
}

}  // namespace gordian::predict
