#include "analyzer/predict/findings.h"

#include <utility>

#include "analyzer/predict/witness.h"

namespace gordian::predict {
namespace {

std::string mode_of(const HeldLock& lock) {
  return lock.shared ? "shared" : "exclusive";
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) list += i + 1 == texts.size() ? " and " : ", ";
    list += texts[i];
  }
  return list;
}

std::vector<finding::Acquisition> acquisitions_of(const HeldSet& held, const std::vector<uint32_t>& taken_at,
                                                  TraceNames& names) {
  std::vector<finding::Acquisition> holds;
  for (size_t i = 0; i < held.size(); ++i) {
    holds.push_back({.resource = names.lock(held[i].lock),
                     .mode = mode_of(held[i]),
                     .acquired_at = names.stack(taken_at[i])});
  }
  return holds;
}

finding::Step step_of(const DeadlockMember& member, const std::vector<uint32_t>& taken_at,
                      TraceNames& names) {
  finding::Step step;
  step.thread = names.thread(member.thread);
  step.waits_for = names.lock(member.wants.lock);
  step.wait_mode = mode_of(member.wants);
  step.link = "order";
  step.waiting_at = names.stack(member.instance.site);
  step.holds = acquisitions_of(member.held, taken_at, names);
  return step;
}

finding::Step step_of(const RaceMember& member, const finding::ResourceName& variable,
                      const std::vector<uint32_t>& taken_at, TraceNames& names) {
  finding::Step step;
  step.thread = names.thread(member.thread);
  step.waits_for = variable;
  step.wait_mode = member.writes ? "write" : "read";
  step.link = "access";
  step.waiting_at = names.stack(member.site);
  step.holds = acquisitions_of(member.held, taken_at, names);
  return step;
}

finding::FourConditions conditions_of(const std::vector<finding::Step>& cycle) {
  std::vector<std::string> locks, holds, waits;
  for (const finding::Step& step : cycle) {
    locks.push_back(step.waits_for.name);
    waits.push_back(step.thread.name + " for " + step.held_by);
    std::vector<std::string> held;
    for (const finding::Acquisition& hold : step.holds) held.push_back(hold.resource.name);
    holds.push_back(step.thread.name + " holds " + list_of(held) + " and asks for " + step.waits_for.name);
  }
  return {.mutual_exclusion = {true, list_of(locks) + " keep out whoever asks for them here"},
          .hold_and_wait = {true, list_of(holds)},
          .no_preemption = {true,
                            "these are locks that only their holders give back, and none of the attempts "
                            "ends by itself"},
          .circular_wait = {true, list_of(waits)}};
}

// What can refute a reordering; empty where nothing can.
std::string doubt_of(const Trace& trace, const Doubts& doubts, const std::vector<Prefix>& stops) {
  if (!trace.holds_accesses)
    return "the trace holds no memory accesses: data flow that it does not hold can refute it";
  if (trace.gaps.has_holes()) return "the trace has holes: what is missing can refute it";
  if (trace.gaps.lacks_code)
    return "some of the program's code was compiled without -fsanitize=thread: what it does to memory is not "
           "in the trace, and can refute it";
  if (doubts.touch(stops))
    return "on the way a read races with a write, and which of them was first is not certain";
  return "";
}

void grade(finding::Finding& finding, const std::string& what, const std::string& doubt) {
  finding.grade = doubt.empty() ? finding::Grade::kPredicted : finding::Grade::kPossible;
  if (doubt.empty()) {
    finding.grade_reason =
        "the schedule is a reordering of the recorded run: every read sees the write that it saw, sections "
        "of "
        "one lock keep their order, and it ends in this " +
        what;
  } else {
    finding.grade_reason = "a reordering of the recorded events ends in this " + what + ", but " + doubt;
  }
}

}  // namespace

finding::Finding finding_of(const Trace& trace, const Doubts& doubts, const Race& race, TraceNames& names) {
  finding::Finding finding;
  finding.rule = finding::RuleId::kDataRace;
  grade(finding, "race", doubt_of(trace, doubts, race.stops));
  finding.pid = trace.program.pid;
  Witness witness = witness_of(trace, race, names);
  finding.schedule = std::move(witness.schedule);
  const finding::ResourceName variable = names.variable(race.variable);
  for (size_t i = 0; i < race.members.size(); ++i)
    finding.cycle.push_back(step_of(race.members[i], variable, witness.taken_at[i], names));
  const auto does = [&](size_t i) {
    return finding.cycle[i].thread.name + (race.members[i].writes ? " writes " : " reads ");
  };
  finding.summary =
      does(0) + variable.name + " and " + does(1) + "it, and nothing that both do before keeps them apart";
  if (race.alike != 0) {
    finding.summary += "; the same two places race on " + std::to_string(race.alike) +
                       (race.alike == 1 ? " more pair" : " more pairs") + " of accesses";
  }
  finding.fix = "Hold one lock at both places, or make " + variable.name + " atomic.";
  return finding;
}

finding::Finding finding_of(const Trace& trace, const Doubts& doubts, const Deadlock& deadlock,
                            TraceNames& names) {
  finding::Finding finding;
  finding.rule = finding::RuleId::kLockOrderInversion;
  grade(finding, "deadlock", doubt_of(trace, doubts, deadlock.stops));
  finding.pid = trace.program.pid;

  Witness witness = witness_of(trace, deadlock, names);
  finding.schedule = std::move(witness.schedule);
  std::vector<std::string> threads, locks;
  for (size_t i = 0; i < deadlock.members.size(); ++i) {
    finding.cycle.push_back(step_of(deadlock.members[i], witness.taken_at[i], names));
    threads.push_back(finding.cycle.back().thread.name);
    locks.push_back(finding.cycle.back().waits_for.name);
  }
  for (size_t i = 0; i < finding.cycle.size(); ++i) {
    const size_t next = (i + 1) % finding.cycle.size();
    finding.cycle[i].held_by_step = next;
    finding.cycle[i].held_by = finding.cycle[next].thread.name;
  }
  finding.summary = list_of(threads) + " take " + list_of(locks) +
                    " in conflicting orders, and can come to wait for each other";
  if (deadlock.alike != 0) {
    finding.summary += "; other threads take them so, too, in " + std::to_string(deadlock.alike) +
                       (deadlock.alike == 1 ? " more way" : " more ways");
  }
  finding.conditions = conditions_of(finding.cycle);
  finding.fix = "Take " + list_of(locks) + " in the same order on every path.";
  return finding;
}

std::vector<finding::Unseen> unseen_of(const Trace& trace, const PredictionStatistics& statistics,
                                       const RaceStatistics& races) {
  std::vector<finding::Unseen> result;
  const auto add = [&](uint64_t count, const char* what, const char* why, const char* consequence) {
    if (count != 0) result.push_back({what, count, why, consequence});
  };
  const Gaps& gaps = trace.gaps;
  constexpr const char* kWeaker = "no finding of this trace can be better than possible";
  add(gaps.cut_off, "events after the trace was full", "the trace had no room for them",
      "what they would have shown is not found");
  add(gaps.missed, "events within the trace", "the recorder could not write them", kWeaker);
  add(gaps.unfilled, "events that were begun", "a thread was stopped while it wrote one", kWeaker);
  add(gaps.misfits, "events that contradict others", "such as a release by a thread that had not acquired",
      kWeaker);
  add(gaps.lacks_code ? 1 : 0, "the memory accesses of some libraries",
      "they were compiled without -fsanitize=thread", kWeaker);
  add(gaps.threads_unnamed, "names of threads", "the table of threads was full", "they are shown by number");
  add(statistics.not_tried, "lock-order cycles", "the limit of work was reached",
      "whether they can be reached was not looked at");
  add(races.not_tried, "pairs of accesses", "the limit of work was reached",
      "whether they race was not looked at");
  if (statistics.search.was_cut) {
    add(1, "the search for lock-order cycles", "it was cut at its limit",
        statistics.search.complete_to == 0 ? "others may exist, of any length"
                                           : "others may exist; give a smaller --max-length");
  }
  return result;
}

}  // namespace gordian::predict
