#include "analyzer/static-pass/checks/telling.h"

#include <algorithm>

#include "analyzer/finding/fingerprint.h"
#include "analyzer/finding/frames.h"

namespace gordian::check {

finding::Frame frame_of(const Scene& scene, FunctionId function, const Place& place) {
  finding::Frame frame;
  frame.function = scene.analysis.program.text(scene.analysis.program.function(function).name);
  frame.file = scene.analysis.program.text(place.file);
  frame.line = place.line;
  frame.column = place.column;
  return frame;
}

finding::Stack stack_of(const Scene& scene, TraceId trace) {
  finding::Stack stack;
  for (; trace; trace = scene.analysis.shared.traces[trace].next) {
    const Traces::Step& step = scene.analysis.shared.traces[trace];
    stack.push_back(frame_of(scene, step.function, step.place));
  }
  std::reverse(stack.begin(), stack.end());
  return stack;
}

finding::ResourceName lock_name(const Scene& scene, PathId lock, LockKind kind, FunctionId in) {
  const LockNames& names = scene.analysis.names;
  const PathId settled = names.settled(lock, in);
  finding::ResourceName name;
  name.name = names.display(settled, in);
  name.stable = names.stable(settled);
  name.kind = name_of(kind);
  return name;
}

finding::Acquisition acquisition_of(const Scene& scene, const Hold& hold, FunctionId in) {
  return {lock_name(scene, hold.lock, hold.kind, in), hold.shared ? "shared" : "exclusive",
          stack_of(scene, hold.trace)};
}

std::string called(const Scene& scene, FunctionId function) {
  const Function& of = scene.analysis.program.function(function);
  if ((of.flags & function_flags::kLambda) != 0) {
    const Program::Home* home = scene.analysis.program.home_of(of.key);
    if (home != nullptr && home->function != function) return "a lambda in " + called(scene, home->function);
  }
  return scene.analysis.program.text(of.plain) + "()";
}

finding::ThreadName thread_of(const Scene& scene, FunctionId function) {
  finding::ThreadName thread;
  if (const FunctionId root = scene.concurrency.only_root(function)) {
    thread.name = called(scene, root);
    thread.started_at = scene.analysis.program.text(scene.analysis.program.function(root).name);
  }
  return thread;
}

finding::Step step_of(const Scene& scene, FunctionId in, PathId lock, LockKind kind, TraceId trace,
                      const std::vector<Hold>& holds) {
  finding::Step step;
  step.thread = thread_of(scene, in);
  if (lock) step.waits_for = lock_name(scene, lock, kind, in);
  step.wait_mode = "exclusive";
  if (trace) step.waiting_at = stack_of(scene, trace);
  for (const Hold& hold : holds) step.holds.push_back(acquisition_of(scene, hold, in));
  return step;
}

std::string fingerprint_of_place(finding::RuleId rule, const finding::Step& step, const std::string& detail) {
  std::vector<finding::FingerprintStep> parts;
  const std::string waiting = finding::own_function(step.waiting_at);
  const std::string outermost = step.waiting_at.empty() ? std::string() : step.waiting_at.back().function;
  parts.push_back({step.waits_for.stable, detail, waiting + '\x1f' + outermost});
  for (const finding::Acquisition& hold : step.holds)
    parts.push_back({hold.resource.stable, finding::own_function(hold.acquired_at), {}});
  return finding::fingerprint(finding::name_of(rule), parts, false);
}

void add_once(std::vector<finding::Finding>& findings, finding::Finding finding) {
  for (finding::Finding& known : findings) {
    if (known.rule != finding.rule || known.fingerprint != finding.fingerprint) continue;
    ++known.occurrences;
    return;
  }
  findings.push_back(std::move(finding));
}

}  // namespace gordian::check
