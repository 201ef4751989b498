#include "analyzer/static-pass/checks/lock-order-inversion.h"

#include <fmt/format.h>

#include "analyzer/finding/fingerprint.h"
#include "analyzer/finding/frames.h"
#include "analyzer/static-pass/link/lock_order.h"

namespace gordian::check {
namespace {

std::string for_reading(bool shared) {
  return shared ? " for reading" : "";
}

class CycleTeller {
 public:
  CycleTeller(const Scene& scene, const OrderCycle& cycle) : scene_(scene), cycle_(cycle) {
    // Two threads that go the same way are two sides all the same.
    orders_ = cycle.orders;
    if (orders_.size() == 1) orders_.push_back(orders_[0]);
  }

  finding::Finding finding() const {
    finding::Finding finding;
    finding.rule = finding::RuleId::kLockOrderInversion;
    finding.grade = cycle_.unlikely ? finding::Grade::kUnlikely : finding::Grade::kPossible;
    finding.grade_reason = cycle_.reason;
    for (size_t i = 0; i < orders_.size(); ++i) finding.cycle.push_back(step(i));
    finding.summary = summary();
    finding.conditions = conditions();
    finding.fix =
        "Agree on one order and keep to it on every path, or take the locks together, as std::scoped_lock "
        "does.";
    if (cycle_.orders.size() == 1)
      finding.fix =
          "Take locks of one class in an order that both sides can see, such as that of their addresses or "
          "numbers, "
          "or take the two together, as std::scoped_lock does.";
    finding.fingerprint = fingerprint(finding.cycle);
    return finding;
  }

 private:
  finding::Step step(size_t index) const {
    const Order& order = *orders_[index];
    finding::Step step;
    step.link = "order";
    step.held_by_step = (index + 1) % orders_.size();
    step.wait_mode = order.to_shared ? "shared" : order.timed ? "timed" : "exclusive";
    if (order.declared) {
      step.thread.name = "the declared order";
      step.waiting_at = {declaration_of(order.from)};
      step.waits_for = name(order.to, order.to_kind, {});
      step.holds.push_back({name(order.from, order.from_kind, {}), "exclusive", {}});
      return step;
    }
    step.thread = thread_of(scene_, order.in);
    step.waits_for = name(order.to, order.to_kind, order.in);
    step.waiting_at = stack_of(scene_, order.to_trace);
    step.holds.push_back({name(order.from, order.from_kind, order.in),
                          order.from_shared ? "shared" : "exclusive", stack_of(scene_, order.from_trace)});
    return step;
  }

  finding::Frame declaration_of(PathId lock) const {
    const Program& program = scene_.analysis.program;
    const LockClass declared = scene_.analysis.names.class_of(lock);
    Place place;
    if (const Variable* global = program.global(declared.name)) place = global->place;
    if (const Field* field = program.field(declared.name)) place = field->place;
    finding::Frame frame;
    frame.file = program.text(place.file);
    frame.line = place.line;
    frame.column = place.column;
    return frame;
  }

  finding::ResourceName name(PathId lock, LockKind kind, FunctionId in) const {
    if (in) return lock_name(scene_, lock, kind, in);
    finding::ResourceName name;
    name.name = name.stable = scene_.analysis.names.stable(lock);
    name.kind = name_of(kind);
    return name;
  }

  std::string who(const Order& order) const {
    return order.declared ? "the declared order" : called(scene_, order.in);
  }

  std::string takes(size_t index) const {
    const Order& order = *orders_[index];
    return fmt::format("{} takes {}{} and then {}{}{}", who(order),
                       name(order.from, order.from_kind, order.in).name, for_reading(order.from_shared),
                       name(order.to, order.to_kind, order.in).name, for_reading(order.to_shared),
                       order.reacquired ? " back after a wait" : "");
  }

  std::string summary() const {
    if (cycle_.orders.size() == 1)
      return takes(0) + "; another thread can do so with the same two the other way round.";
    std::string text;
    for (size_t i = 0; i < orders_.size(); ++i) text += (i == 0 ? "" : ", ") + takes(i);
    return text + ".";
  }

  finding::FourConditions conditions() const {
    finding::FourConditions four;
    std::string locks;
    std::string holds;
    for (size_t i = 0; i < orders_.size(); ++i) {
      const Order& order = *orders_[i];
      const std::string& lock = name(order.to, order.to_kind, order.in).stable;
      if (locks.find(lock) == std::string::npos) locks += (locks.empty() ? "" : ", ") + lock;
      holds += fmt::format("{}{} holds {} and asks for {}", i == 0 ? "" : "; ", who(order),
                           name(order.from, order.from_kind, order.in).stable, lock);
    }
    four.mutual_exclusion = {
        true, locks + (locks.find(',') == std::string::npos ? " lets" : " let") + " one thread in at a time"};
    four.hold_and_wait = {true, holds};
    bool timed = false;
    for (const Order* order : orders_) timed |= order->timed;
    four.no_preemption = {!timed,
                          timed ? "an attempt has a timeout"
                                : "nobody can take a lock from its holder, and no attempt has a timeout"};
    four.circular_wait = {!cycle_.unlikely, cycle_.unlikely
                                                ? cycle_.reason
                                                : "it closes when these threads are there at the same time"};
    return four;
  }

  static std::string fingerprint(const std::vector<finding::Step>& steps) {
    std::vector<finding::FingerprintStep> parts;
    for (size_t i = 0; i < steps.size(); ++i) {
      const finding::Step& holder = steps[(i + 1) % steps.size()];
      parts.push_back({steps[i].waits_for.stable, finding::own_function(holder.holds[0].acquired_at),
                       finding::own_function(steps[i].waiting_at)});
    }
    return finding::fingerprint(name_of(finding::RuleId::kLockOrderInversion), parts, true);
  }

  const Scene& scene_;
  const OrderCycle& cycle_;
  std::vector<const Order*> orders_;
};

}  // namespace

std::vector<finding::Finding> check_lock_order_inversion(const Scene& scene) {
  std::vector<finding::Finding> findings;
  const ProgramOrder order(scene.analysis, scene.concurrency);
  for (const OrderCycle& cycle : order.cycles()) add_once(findings, CycleTeller(scene, cycle).finding());
  return findings;
}

}  // namespace gordian::check
