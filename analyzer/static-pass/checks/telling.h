// From what the link step knows to what a finding shows: stacks, lock names, who does it.
//
// Promises: reads the analysis and nothing else; a finding made with it has no thread numbers and no
// addresses.
#pragma once

#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/static-pass/link/analysis.h"
#include "analyzer/static-pass/link/bindings.h"
#include "analyzer/static-pass/link/concurrency.h"

namespace gordian::check {

// What all checks read.
struct Scene {
  const Analysis& analysis;
  const Concurrency& concurrency;
  const Bindings& bindings;
};

// Innermost frame first.
finding::Stack stack_of(const Scene& scene, TraceId trace);
finding::Frame frame_of(const Scene& scene, FunctionId function, const Place& place);

finding::ResourceName lock_name(const Scene& scene, PathId lock, LockKind kind, FunctionId in);
finding::Acquisition acquisition_of(const Scene& scene, const Hold& hold, FunctionId in);

// The thread's entry where only one kind of thread comes there, as a name.
finding::ThreadName thread_of(const Scene& scene, FunctionId function);

// `transfer()`: without parameters, for sentences.
std::string called(const Scene& scene, FunctionId function);

// One step: what is asked for at `trace`, with what is held.
finding::Step step_of(const Scene& scene, FunctionId in, PathId lock, LockKind kind, TraceId trace,
                      const std::vector<Hold>& holds);

// Rule, the locks' stable names, and the functions: the same after any edit elsewhere.
std::string fingerprint_of_place(finding::RuleId rule, const finding::Step& step,
                                 const std::string& detail = {});

// Sorted by place, and of those with one fingerprint the first, with their number.
void add_once(std::vector<finding::Finding>& findings, finding::Finding finding);

}  // namespace gordian::check
