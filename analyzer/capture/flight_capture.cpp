#include "analyzer/capture/flight_capture.h"

#include <time.h>

#include <algorithm>
#include <optional>

#include "analyzer/capture/claim.h"
#include "analyzer/capture/describe.h"
#include "analyzer/capture/kept_names.h"
#include "analyzer/capture/live_process.h"
#include "analyzer/capture/misuse_findings.h"
#include "analyzer/capture/order_report.h"
#include "analyzer/capture/own_suppressions.h"
#include "analyzer/capture/race_findings.h"
#include "analyzer/verdict/deadlock.h"

namespace gordian::capture {
namespace {

uint64_t monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// A claim with more members than the record could list is proven on all of them, found anew.
std::vector<verdict::Member> all_members(const Claim& claim, const model::Snapshot& snapshot) {
  std::vector<verdict::Member> listed = claim.verdict_members();
  if (claim.members_not_shown == 0) return listed;
  for (const verdict::Verdict& verdict : verdict::find_deadlocks(snapshot)) {
    const bool same_one =
        std::any_of(verdict.members.begin(), verdict.members.end(),
                    [&](const verdict::Member& member) { return member.thread == listed.front().thread; });
    if (same_one) return verdict.members;
  }
  return {};
}

void check_conditions(Claim& claim, const model::Snapshot& snapshot) {
  if (claim.members.empty() || !claim.stands()) return;
  const std::vector<verdict::Member> members = all_members(claim, snapshot);
  if (!members.empty()) claim.conditions = verdict::check_conditions(snapshot, members);
}

// Threads are copied one after the other. When, after the last was copied, each member still stands where it
// stood, there was a moment at which all of them stood there together. It matters for a process that we take
// for dead and that merely has another pid where it lives.
bool stood_together(const verdict::Verdict& verdict, const model::Snapshot& before,
                    const model::Snapshot& after) {
  return std::all_of(verdict.members.begin(), verdict.members.end(), [&](const verdict::Member& member) {
    const model::Thread& thread = before.threads[member.thread.value];
    return std::any_of(after.threads.begin(), after.threads.end(), [&](const model::Thread& later) {
      return later.slot == thread.slot && later.serial == thread.serial && later.progress == thread.progress;
    });
  });
}

bool waits_for_a_hold(const verdict::Member& member, const model::Snapshot& snapshot) {
  if (!member.holder.valid()) return false;
  const model::Wait& wait = snapshot.threads[member.thread.value].wait;
  const model::Thread& holder = snapshot.threads[member.holder.value];
  if (wait.resource.kind == model::ResourceKind::kThread) return holder.serial == wait.resource.address;
  if (wait.resource.kind == model::ResourceKind::kSemaphore) {
    const bool units_are_known = std::any_of(
        snapshot.resources.begin(), snapshot.resources.end(),
        [&](const model::Resource& each) { return each.key == wait.resource && each.initial_value >= 0; });
    if (!units_are_known) return false;  // there may be some left
  }
  return std::any_of(holder.holds.begin(), holder.holds.end(), [&](const model::Hold& hold) {
    return hold.resource == wait.resource && !(hold.shared && wait.shared);
  });
}

// A thread that sleeps and one that was killed on its way into or out of the call look alike in a record: an
// attempt is written before the call and taken back after it. A hold can be relied on: it is written after
// the lock was had, and taken back before it is given up. So a verdict over the dead is believed where each
// member waits for what another is seen to hold, and nowhere else. A stall that lasted was told by the
// process itself, which could ask the kernel who sleeps.
bool rests_on_holds(const verdict::Verdict& verdict, const model::Snapshot& snapshot) {
  return !verdict.members.empty() &&
         std::all_of(verdict.members.begin(), verdict.members.end(),
                     [&](const verdict::Member& member) { return waits_for_a_hold(member, snapshot); });
}

std::vector<Claim> judge(const std::string& path, const model::Snapshot& snapshot) {
  std::vector<verdict::Verdict> verdicts = verdict::find_deadlocks(snapshot);
  std::erase_if(verdicts,
                [&](const verdict::Verdict& verdict) { return !rests_on_holds(verdict, snapshot); });
  if (verdicts.empty()) return {};
  const model::Snapshot after = snapshot_of(record::read_record(path));
  std::vector<Claim> claims;
  for (const verdict::Verdict& verdict : verdicts) {
    if (stood_together(verdict, snapshot, after)) claims.push_back(claim_of(verdict, snapshot));
  }
  return claims;
}

}  // namespace

struct FlightCapture::Implementation {
  std::string path;
  CaptureOptions options;
  KeptNames names;

  record::Record read() const {
    record::Record record = record::read_record(path);
    if (options.pid != 0) record.header.pid = options.pid;
    return record;
  }
};

FlightCapture::FlightCapture(std::string path, CaptureOptions options)
    : implementation_(std::make_unique<Implementation>(Implementation{std::move(path), options, {}})) {}

FlightCapture::~FlightCapture() = default;

uint32_t FlightCapture::told() const {
  return record::count_findings(implementation_->path);
}

ProcessView FlightCapture::view() {
  record::Record record = implementation_->read();
  LiveProcess process = find_live_process(record);
  // It may have gone on while it was read; what it left is final.
  if (!process.running) record = implementation_->read();
  model::Snapshot snapshot = snapshot_of(record);
  if (process.running) snapshot.now_ns = std::max(snapshot.now_ns, monotonic_now());

  std::vector<Claim> claims = claims_told(record, snapshot);
  // A running process judges itself, and sees more than its record does.
  // One that came to a normal end did not hang, whatever its last threads were waiting for.
  const bool was_cut_off = !process.running && (record.header.flags & record::kProcessEnded) == 0;
  if (claims.empty() && was_cut_off) claims = judge(implementation_->path, snapshot);
  for (Claim& claim : claims) check_conditions(claim, snapshot);

  PythonFrames python;
  if (process.running && implementation_->options.python) python = read_python_frames(record.header.pid);
  AddressNames& names = implementation_->names.names_for(
      process.mappings.empty() ? recorded_mappings(record) : std::move(process.mappings));
  const uint32_t depth = implementation_->options.stack_depth;
  std::optional<OrderReport> orders;
  if (!process.running || implementation_->options.orders_while_running)
    orders.emplace(record, claims, names, depth);
  const Scene scene(record, snapshot, names, python, depth, orders ? orders->sightings() : LockSightings{});
  ProcessView view = describe(record, claims, scene);
  if (orders) orders->add_to(view.report, scene);
  for (finding::Finding& misuse : misuse_findings(record, scene, names, depth))
    view.report.findings.push_back(std::move(misuse));
  for (finding::Finding& race : race_findings(record, scene, names, depth))
    view.report.findings.push_back(std::move(race));
  if (!record.races.empty()) apply_own_suppressions(implementation_->path, view.report);
  view.running = process.running;
  return view;
}

}  // namespace gordian::capture
