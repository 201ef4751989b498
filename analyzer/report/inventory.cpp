#include "analyzer/report/inventory.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/report/phrases.h"

namespace gordian::report {

using finding::Finding;
using finding::Step;

namespace {

void note(std::vector<size_t>& numbers, size_t number) {
  if (std::ranges::find(numbers, number) == numbers.end()) numbers.push_back(number);
}

bool is_end_of_thread(const finding::ResourceName& resource) {
  return resource.kind == "thread";
}

// A side of a finding of the static pass that nobody knows the entry of.
bool is_nameless(const finding::ThreadName& name) {
  return name.tid == 0 && name.name.empty();
}

// As the judges write a holder: `"bob" (tid 103)`.
std::string text_of(const finding::ThreadName& name) {
  if (is_nameless(name)) return "a thread";
  return name.tid == 0 ? fmt::format("\"{}\"", name.name)
                       : fmt::format("\"{}\" (tid {})", name.name, name.tid);
}

}  // namespace

std::string thread_id(size_t thread) {
  return fmt::format("thread-{}", thread + 1);
}

std::string lock_id(size_t lock) {
  return fmt::format("lock-{}", lock + 1);
}

bool is_lit(const Finding& finding) {
  return !finding.suppressed && finding.grade > finding::Grade::kUnlikely;
}

std::string title_of(const Inventory::Thread& thread) {
  return thread.is_known_by_text ? thread.name.name : text_of(thread.name);
}

Inventory::Inventory(const finding::Report& report) : report_(report) {
  // All names first: a holder that is named before its own turn comes is no stranger.
  for (const finding::ThreadView& view : report.threads) add_thread(view.thread);
  for (const Finding& finding : report.findings) {
    for (const Step& step : finding.cycle) add_thread(step.thread);
  }
  for (const finding::ThreadView& view : report.threads) add_view(view);
  for (size_t i = 0; i < report.findings.size(); ++i) add_finding(i);
  tie_locks_to_holders();
}

size_t Inventory::thread_of(const Step& step) const {
  return thread_numbers_.at(key_of(step.thread));
}

size_t Inventory::lock_of(const Step& step) const {
  return lock_numbers_.at(key_of(process_of(step.thread), step.waits_for, step.held_by));
}

size_t Inventory::lock_of(const Step& step, const finding::ResourceName& resource) const {
  return lock_numbers_.at(key_of(process_of(step.thread), resource, ""));
}

// Each nameless one is a thread of its own, told by where it stands in the report.
Inventory::ThreadKey Inventory::key_of(const finding::ThreadName& name) {
  if (is_nameless(name)) return {name.pid, 0, fmt::format("\n{}", fmt::ptr(&name))};
  return {name.pid, name.tid, name.tid == 0 ? name.name : ""};
}

// The end of a thread has no address, and threads of one name are many: who is to end tells them apart.
Inventory::LockKey Inventory::key_of(uint32_t process, const finding::ResourceName& resource,
                                     const std::string& held_by) {
  const bool is_end = is_end_of_thread(resource);
  return {process, resource.address, resource.kind, is_end ? resource.name + held_by : resource.name};
}

// Addresses are those of a process: what two processes share is a lock of each, and the holder ties them.
uint32_t Inventory::process_of(const finding::ThreadName& thread) const {
  return thread.pid == 0 ? report_.program.pid : thread.pid;
}

size_t Inventory::add_thread(const finding::ThreadName& name) {
  const auto [place, is_new] = thread_numbers_.try_emplace(key_of(name), threads_.size());
  if (is_new) {
    threads_.push_back({.name = name});
    if (!is_nameless(name)) thread_texts_.try_emplace({name.pid, text_of(name)}, place->second);
  }
  return place->second;
}

size_t Inventory::add_lock(const LockKey& key, const finding::ResourceName& resource) {
  const auto [place, is_new] = lock_numbers_.try_emplace(key, locks_.size());
  if (is_new) locks_.push_back({.name = resource});
  return place->second;
}

Inventory::Wait& Inventory::add_wait(size_t thread, uint32_t process, const Step& step) {
  const size_t lock = add_lock(key_of(process, step.waits_for, step.held_by), step.waits_for);
  note(locks_[lock].waiters, thread);
  std::vector<Wait>& waits = threads_[thread].waits;
  const auto known = std::ranges::find(waits, lock, &Wait::lock);
  if (known == waits.end()) return waits.emplace_back(Wait{.step = &step, .lock = lock});
  // What is happening says more than what could.
  if (known->step->link == "order") known->step = &step;
  return *known;
}

void Inventory::add_holds(size_t thread, uint32_t process, const std::vector<finding::Acquisition>& holds,
                          std::optional<size_t> finding) {
  for (const finding::Acquisition& each : holds) {
    if (is_end_of_thread(each.resource)) continue;
    const size_t lock = add_lock(key_of(process, each.resource, ""), each.resource);
    note(locks_[lock].holders, thread);
    if (finding) note(locks_[lock].findings, *finding);
    std::vector<Hold>& known = threads_[thread].holds;
    if (std::ranges::find(known, lock, &Hold::lock) == known.end())
      known.push_back({.acquisition = &each, .lock = lock});
  }
}

std::optional<size_t> Inventory::holder_by_text(const Step& step, uint32_t process) {
  if (step.held_by.empty()) return std::nullopt;
  if (!thread_texts_.contains({process, step.held_by})) {
    // A holder in another process: thread ids are those of the machine.
    const auto other = std::ranges::find_if(threads_, [&](const Thread& each) {
      return each.name.tid != 0 && text_of(each.name) == step.held_by;
    });
    if (other != threads_.end()) return static_cast<size_t>(other - threads_.begin());
  }
  const auto [place, is_new] = thread_texts_.try_emplace({process, step.held_by}, threads_.size());
  if (is_new) threads_.push_back({.name = {.name = step.held_by, .pid = process}, .is_known_by_text = true});
  return place->second;
}

void Inventory::add_view(const finding::ThreadView& view) {
  const size_t thread = add_thread(view.thread);
  const uint32_t process = process_of(view.thread);
  threads_[thread].state = view.state;
  threads_[thread].at = view.at;
  add_holds(thread, process, view.holds, std::nullopt);
  if (!view.wait) return;
  const auto holder = holder_by_text(*view.wait, view.thread.pid);
  add_wait(thread, process, *view.wait).holder = holder;
}

void Inventory::add_finding(size_t number) {
  const Finding& finding = report_.findings[number];
  std::vector<size_t> members;
  for (const Step& step : finding.cycle) {
    members.push_back(add_thread(step.thread));
    note(threads_[members.back()].findings, number);
    add_holds(members.back(), process_of(step.thread), step.holds, number);
  }
  for (size_t i = 0; i < finding.cycle.size(); ++i) {
    const Step& step = finding.cycle[i];
    const bool is_member = step.held_by_step && *step.held_by_step < members.size();
    const auto holder = is_member ? members[*step.held_by_step] : holder_by_text(step, step.thread.pid);
    Wait& wait = add_wait(members[i], process_of(step.thread), step);
    if (wait.findings.empty()) wait.rule = finding.rule;
    if (!wait.holder || is_member) wait.holder = holder;
    note(wait.findings, number);
    note(locks_[wait.lock].findings, number);
    if (is_lit(finding) && finding::is_about_waiting(finding.rule)) light(members[i], wait);
  }
}

void Inventory::light(size_t thread, Wait& wait) {
  wait.is_lit = true;
  threads_[thread].is_lit = true;
  locks_[wait.lock].is_lit = true;
  if (!wait.holder) return;
  threads_[*wait.holder].is_lit = true;
  for (Hold& hold : threads_[*wait.holder].holds) hold.is_lit |= hold.lock == wait.lock;
}

void Inventory::tie_locks_to_holders() {
  for (const Thread& thread : threads_) {
    for (const Wait& wait : thread.waits) {
      if (!wait.holder) continue;
      Lock& lock = locks_[wait.lock];
      if (is_end_of_thread(lock.name)) lock.thread = wait.holder;
      note(lock.holders, *wait.holder);
    }
  }
}

}  // namespace gordian::report
