#include "analyzer/capture/process/process_capture.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/capture/describe.h"
#include "analyzer/capture/function_names.h"
#include "analyzer/capture/lock_names.h"
#include "analyzer/capture/process/group_snapshot.h"
#include "analyzer/capture/process/python_names.h"
#include "analyzer/capture/scene.h"
#include "analyzer/capture/thread_names.h"
#include "analyzer/verdict/deadlock.h"

namespace gordian::capture {
namespace {

finding::Stack named_stack(const UnwoundStack& unwound, AddressNames& names, uint32_t depth) {
  finding::Stack stack;
  for (size_t i = 0; i < unwound.addresses.size() && stack.size() < depth; ++i) {
    for (const finding::Frame& frame : names.resolve(unwound.addresses[i], i != 0)) {
      if (stack.size() < depth && !is_hooks_library(frame.module)) stack.push_back(frame);
    }
  }
  return stack;
}

bool is_in_c_library(uint64_t address, AddressNames& names) {
  return is_c_library(names.resolve(address, true).back().module);
}

// A thread's outermost frames are the C library's, start_thread and clone; before them is its own function.
uint64_t start_routine(const UnwoundStack& stack, AddressNames& names) {
  if (!stack.complete || stack.addresses.size() < 3) return 0;
  size_t at = stack.addresses.size();
  while (at > 1 && is_in_c_library(stack.addresses[at - 1], names)) --at;
  return at == stack.addresses.size() || at == 1 ? 0 : stack.addresses[at - 1] - 1;
}

NamedThread named_thread(const GroupSnapshot& group, const Studies& studies, size_t index, uint32_t depth) {
  const Origin& origin = group.origins[index];
  const model::Thread& thread = group.snapshot.threads[index];
  ProcessStudy& process = *studies[origin.process];
  NamedThread named;
  if (origin.thread == SIZE_MAX) {
    named.name.name = "a thread that is gone";
    named.name.tid = thread.tid;
    named.name.pid = process.image.pid;
  } else {
    const ThreadImage& image = process.image.threads[origin.thread];
    const ThreadStudy& study = process.threads[origin.thread];
    const bool is_main = image.own_tid == process.image.own_pid;
    // Threads that were not given a name have the program's.
    const bool is_named = image.name != process.image.threads.front().name;
    named.name = thread_name(
        is_named ? image.name : std::string(), thread.serial, image.tid, is_main ? record::kThreadIsMain : 0,
        is_main ? 0 : start_routine(study.stack, *process.names), process.image.pid, *process.names);
    named.waiting_at = named_stack(study.stack, *process.names, depth);
    if (process.python != nullptr)
      if (const finding::Stack* frames = process.python->frames_of(image.own_tid))
        put_before(named.waiting_at, *frames, depth);
  }
  for (const model::Hold& hold : thread.holds) {
    finding::Acquisition& acquisition = named.holds.emplace_back();
    acquisition.mode = hold.shared ? "shared" : "exclusive";
    acquisition.acquired_at = python_acquisition(group, studies, index, hold.resource);
  }
  return named;
}

LockNames resource_names(const GroupSnapshot& group, const Studies& studies,
                         const std::vector<NamedThread>& threads) {
  std::map<LockLife, finding::ResourceName> names = python_lock_names(group, studies);
  for (const auto& [key, name] : group.kernel_names) names.emplace(key, name);
  LockSightings sightings;
  for (size_t i = 0; i < threads.size(); ++i)
    if (group.snapshot.threads[i].waiting)
      sightings[group.snapshot.threads[i].wait.resource].push_back({0, threads[i].waiting_at});
  for (const auto& [key, place] : group.places) {
    const auto& [process, address] = place;
    names.emplace(key, name_of_lock({key.kind, address}, nullptr, sightings[key], *studies[process]->names));
  }
  return LockNames(std::move(names));
}

// The threads that run and have what others wait for: where they are is worth a short stop.
std::vector<uint32_t> running_holders(const GroupSnapshot& group) {
  std::vector<uint32_t> tids;
  for (const model::Thread& thread : group.snapshot.threads)
    if (!thread.waiting && !thread.holds.empty() && thread.live()) tids.push_back(thread.tid);
  return tids;
}

finding::Program program_of(const ProcessImage& image) {
  finding::Program program;
  program.path = image.program;
  program.arguments = image.arguments;
  program.pid = image.pid;
  program.started = image.started;
  return program;
}

std::string assumption_of(const ProcessStudy& study) {
  std::string text = fmt::format("process {}: {}", study.image.pid, study.library.description);
  if (!study.image.live)
    text += study.image.ended_by.empty() ? "; its core was taken while it ran"
                                         : "; ended by " + study.image.ended_by;
  return text;
}

void tell_damage(const ProcessStudy& study, std::vector<finding::Unseen>& unseen) {
  for (const std::string& line : study.image.damage)
    unseen.push_back({line, 1, "the core has to be read with the files that ran",
                      "frames and locks in it have no names, and stacks may end there; give the program "
                      "after the core, or "
                      "--sysroot DIR"});
}

}  // namespace

ProcessView inspect_processes(std::vector<ProcessImage> processes, const InspectOptions& options) {
  Studies studies;
  for (ProcessImage& process : processes)
    studies.push_back(std::make_unique<ProcessStudy>(std::move(process)));
  for (const auto& study : studies) study->read_threads();
  for (const auto& study : studies)
    if (study->image.live) study->keep_steady();
  BriefStop stop(options.max_stop);
  for (const auto& study : studies) study->resolve_guesses(stop);
  const GroupSnapshot group = group_snapshot(studies);

  const std::vector<uint32_t> running = running_holders(group);
  for (const auto& study : studies)
    if (study->image.live) study->complete_stacks(stop, running);

  std::vector<NamedThread> threads;
  for (size_t i = 0; i < group.origins.size(); ++i)
    threads.push_back(named_thread(group, studies, i, options.stack_depth));
  LockNames names = resource_names(group, studies, threads);
  const Scene scene(studies.front()->image.pid, group.snapshot, std::move(threads), std::move(names));

  std::vector<Claim> claims;
  for (const verdict::Verdict& verdict : verdict::find_deadlocks(group.snapshot)) {
    Claim& claim = claims.emplace_back(claim_of(verdict, group.snapshot));
    claim.conditions = verdict::check_conditions(group.snapshot, verdict.members);
  }
  ProcessView view = describe(claims, scene);
  view.running = studies.front()->image.live;
  view.report.program = program_of(studies.front()->image);
  for (size_t i = 1; i < studies.size(); ++i)
    view.report.other_programs.push_back(program_of(studies[i]->image));
  view.report.unseen = group.unseen;
  for (const auto& study : studies) {
    view.report.assumptions.push_back(assumption_of(*study));
    tell_damage(*study, view.report.unseen);
  }
  return view;
}

}  // namespace gordian::capture
