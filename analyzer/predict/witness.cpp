#include "analyzer/predict/witness.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

namespace gordian::predict {
namespace {

constexpr size_t kMostLines = 24;    // of events outside the cycle
constexpr size_t kMostThreads = 12;  // of which it is told where they stop

class Walk {
 public:
  Walk(const Trace& trace, const std::vector<Prefix>& stops, const std::vector<uint32_t>& members,
       TraceNames& names)
      : trace_(trace),
        prefixes_(stops),
        names_(names),
        stops_(trace.threads.size()),
        is_member_(trace.threads.size()),
        last_write_(trace.variables.size(), kNone) {
    for (const Prefix& stop : stops) {
      stops_[stop.thread] = stop.count;
      event_count_ += stop.count;
    }
    for (const uint32_t member : members) is_member_[member] = true;
  }

  // How it comes there; what the members do then is the caller's to say.
  std::vector<std::string> run() {
    find_last_acquisitions();
    for_each_event([this](size_t number, const Event& event) { look_at(number, event); });
    return lines();
  }

  std::vector<uint32_t> taken_at(uint32_t thread, const HeldSet& held) const {
    std::vector<uint32_t> sites;
    for (const HeldLock& each : held) sites.push_back(trace_.events[last_.at(key(thread, each.lock))].site);
    return sites;
  }

  std::string thread(uint32_t number) { return names_.thread(number).name; }
  std::string lock(uint32_t number) { return names_.lock(number).name; }
  std::string at(uint32_t site) {
    const std::string place = names_.place(site);
    return place.empty() ? "" : " at " + place;
  }

 private:
  static uint64_t key(uint32_t thread, uint32_t lock) { return uint64_t{thread} << 32 | lock; }

  // The acquisitions that are open at the end of the reordering.
  void find_last_acquisitions() {
    for_each_event([this](size_t number, const Event& event) {
      if (event.op == Op::kAcquire) last_[key(event.thread, event.operand)] = number;
      if (event.op == Op::kRelease) last_.erase(key(event.thread, event.operand));
    });
  }

  // The reordering, in order.
  void for_each_event(auto&& look) {
    std::vector<uint32_t> position(trace_.threads.size());
    uint64_t left = event_count_;
    for (size_t i = 0; left != 0; ++i) {
      const Event& event = trace_.events[i];
      if (position[event.thread]++ >= stops_[event.thread]) continue;
      look(i, event);
      --left;
    }
  }

  void look_at(size_t number, const Event& event) {
    switch (event.op) {
      case Op::kAcquire: {
        const auto last = last_.find(key(event.thread, event.operand));
        if (last != last_.end() && last->second == number) keep(number, is_member_[event.thread]);
        break;
      }
      case Op::kFork:
        // Of those that then run; a member's own creation is part of the story.
        if (stops_[event.operand] != 0) keep(number, is_member_[event.operand]);
        break;
      case Op::kWrite:
        last_write_[event.operand] = event.thread;
        break;
      case Op::kRead:
        if (const uint32_t writer = last_write_[event.operand]; writer != kNone && writer != event.thread)
          keep(number, false);
        break;
      case Op::kJoin:
      case Op::kWake:
      case Op::kNotify:
        keep(number, false);
        break;
      default:
        break;
    }
  }

  void keep(size_t number, bool is_of_cycle) {
    std::deque<std::string>& lines = is_of_cycle ? cycle_ : others_;
    std::deque<size_t>& order = is_of_cycle ? cycle_order_ : others_order_;
    lines.push_back(sentence(trace_.events[number]));
    order.push_back(number);
    if (is_of_cycle || lines.size() <= kMostLines) return;
    lines.pop_front();
    order.pop_front();
    ++not_shown_;
  }

  std::string sentence(const Event& event) {
    const std::string who = thread(event.thread);
    switch (event.op) {
      case Op::kAcquire:
        return who + " takes " + lock(event.operand) + ((event.flags & kShared) != 0 ? " for reading" : "") +
               at(event.site);
      case Op::kFork:
        return who + " starts " + thread(event.operand) + at(event.site);
      case Op::kJoin:
        return who + " has joined " + thread(event.operand) + at(event.site);
      case Op::kWake:
        return who + " is let go" + at(event.site);
      case Op::kNotify:
        return who + " notifies" + at(event.site);
      default:
        return who + " reads" + at(event.site) + " what " + thread(last_write_[event.operand]) + " wrote";
    }
  }

  std::vector<std::string> lines() {
    std::vector<std::string> result;
    if (not_shown_ != 0)
      result.push_back("(" + std::to_string(not_shown_) + " earlier events of other threads are not shown)");
    while (!cycle_.empty() || !others_.empty()) {
      const bool take_cycle =
          others_.empty() || (!cycle_.empty() && cycle_order_.front() < others_order_.front());
      std::deque<std::string>& from = take_cycle ? cycle_ : others_;
      result.push_back(std::move(from.front()));
      from.pop_front();
      (take_cycle ? cycle_order_ : others_order_).pop_front();
    }
    add_stops(result);
    return result;
  }

  void add_stops(std::vector<std::string>& result) {
    size_t told = 0;
    std::string text;
    // The members first: the others may be many.
    for (const bool members : {true, false}) {
      for (const Prefix& stop : prefixes_) {
        if (is_member_[stop.thread] != members || told == kMostThreads) continue;
        text += (told++ == 0 ? "" : ", ") + thread(stop.thread) + " after " + std::to_string(stop.count) +
                " of its " + std::to_string(trace_.threads[stop.thread].event_count) + " events";
      }
    }
    if (const size_t more = prefixes_.size() - told; more != 0)
      text += " and " + std::to_string(more) + " more threads where they are no longer needed";
    result.push_back("by then they stand: " + text);
  }

  const Trace& trace_;
  const std::vector<Prefix>& prefixes_;
  TraceNames& names_;
  std::vector<uint32_t> stops_;  // by thread: how many events it has in the reordering
  uint64_t event_count_ = 0;
  std::vector<bool> is_member_;
  std::vector<uint32_t> last_write_;  // by variable: thread
  std::unordered_map<uint64_t, size_t> last_;
  std::deque<std::string> cycle_, others_;
  std::deque<size_t> cycle_order_, others_order_;
  size_t not_shown_ = 0;
};

}  // namespace

Witness witness_of(const Trace& trace, const Deadlock& deadlock, TraceNames& names) {
  std::vector<uint32_t> threads;
  for (const DeadlockMember& member : deadlock.members) threads.push_back(member.thread);
  Walk walk(trace, deadlock.stops, threads, names);
  Witness witness{.taken_at = {}, .schedule = walk.run()};
  for (size_t i = 0; i < deadlock.members.size(); ++i) {
    const DeadlockMember& member = deadlock.members[i];
    const DeadlockMember& holder = deadlock.members[(i + 1) % deadlock.members.size()];
    witness.taken_at.push_back(walk.taken_at(member.thread, member.held));
    witness.schedule.push_back(walk.thread(member.thread) + " asks for " + walk.lock(member.wants.lock) +
                               (member.wants.shared ? " for reading" : "") + walk.at(member.instance.site) +
                               ", which " + walk.thread(holder.thread) + " has");
  }
  return witness;
}

Witness witness_of(const Trace& trace, const Race& race, TraceNames& names) {
  Walk walk(trace, race.stops, {race.members[0].thread, race.members[1].thread}, names);
  Witness witness{.taken_at = {}, .schedule = walk.run()};
  const std::string variable = names.variable(race.variable).name;
  for (const RaceMember& member : race.members) {
    witness.taken_at.push_back(walk.taken_at(member.thread, member.held));
    witness.schedule.push_back(walk.thread(member.thread) + (member.writes ? " writes " : " reads ") +
                               variable + walk.at(member.site) +
                               (&member == &race.members[0] ? ", while" : ""));
  }
  return witness;
}

}  // namespace gordian::predict
