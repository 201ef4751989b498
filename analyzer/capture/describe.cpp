#include "analyzer/capture/describe.h"

#include <time.h>

#include <algorithm>

#include "analyzer/capture/evidence.h"
#include "analyzer/capture/findings.h"
#include "analyzer/capture/unseen.h"

namespace gordian::capture {
namespace {

std::string iso_8601(uint64_t realtime_ns) {
  const auto seconds = static_cast<time_t>(realtime_ns / 1'000'000'000);
  tm parts{};
  char text[40];
  if (seconds == 0 || ::gmtime_r(&seconds, &parts) == nullptr) return {};
  return {text, ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

// The build-id of the program's own file, or nothing.
std::string build_id_of_program(const record::Record& record) {
  for (const record::ModuleRecord& module : record.modules) {
    if (record.program != module.path) continue;
    std::string digits;
    for (uint32_t i = 0; i < std::min<size_t>(module.build_id_size, sizeof module.build_id); ++i) {
      constexpr char kHex[] = "0123456789abcdef";
      digits += kHex[module.build_id[i] >> 4];
      digits += kHex[module.build_id[i] & 0xf];
    }
    return digits;
  }
  return {};
}

finding::Program program_of(const record::Record& record) {
  finding::Program program;
  program.path = record.program;
  // The path says what argument 0 would.
  program.arguments = record.arguments;
  program.pid = record.header.pid;
  program.build_id = build_id_of_program(record);
  program.started = iso_8601(record.header.attached_realtime_ns);
  return program;
}

std::string state_of(const model::Thread& thread) {
  switch (thread.state) {
    case record::ThreadState::kEnded:
      return "ended";
    case record::ThreadState::kLeftBehindByFork:
      return "left behind by fork";
    case record::ThreadState::kFree:
    case record::ThreadState::kStarting:
    case record::ThreadState::kLive:
      break;
  }
  return thread.waiting ? "waiting" : "running";
}

// Who is in the way of a thread that is part of no finding, as far as the record tells.
void name_holders(finding::Step& step, const model::Thread& thread, const Scene& scene) {
  constexpr size_t kMost = 4;
  const std::vector<ThreadIndex> holders = scene.holders_of(thread.wait.resource);
  for (size_t i = 0; i < std::min(holders.size(), kMost); ++i) {
    if (i != 0) step.held_by += ", ";
    step.held_by += name_and_tid(scene.thread_name(holders[i]));
  }
  if (holders.size() > kMost) step.held_by += " and " + std::to_string(holders.size() - kMost) + " more";
  if (holders.empty()) {
    step.held_by = "nobody in particular";
    return;
  }
  const model::Thread& first = scene.thread(holders.front());
  const model::Link link = first.state == record::ThreadState::kEnded              ? model::Link::kEnded
                           : first.state == record::ThreadState::kLeftBehindByFork ? model::Link::kLeftBehind
                           : thread.wait.resource.kind == model::ResourceKind::kSemaphore
                               ? model::Link::kObservedHolder
                               : model::Link::kOwner;
  step.link = link_name(link);
}

finding::ThreadView view_of(ThreadIndex index, const Scene& scene) {
  const model::Thread& thread = scene.thread(index);
  finding::ThreadView view;
  view.thread = scene.thread_name(index);
  view.state = state_of(thread);
  view.holds = scene.holds(index);
  if (thread.waiting) {
    view.wait = scene.step(index);
    name_holders(*view.wait, thread, scene);
  }
  return view;
}

}  // namespace

ProcessView describe(const record::Record& record, const std::vector<Claim>& claims, const Scene& scene) {
  ProcessView view = describe(claims, scene);
  view.report.program = program_of(record);
  view.report.unseen = unseen_of(record);
  return view;
}

ProcessView describe(const std::vector<Claim>& claims, const Scene& scene) {
  ProcessView view;
  for (const Claim& claim : claims) view.report.findings.push_back(finding_of(claim, scene));
  for (uint32_t i = 0; i < scene.snapshot().threads.size(); ++i) view.threads.push_back(view_of({i}, scene));
  return view;
}

}  // namespace gordian::capture
