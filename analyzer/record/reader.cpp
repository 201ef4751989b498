// Everything is copied by pread. A thread's page is copied between two readings of its `progress`: where the
// two and the copy agree and the top entry is an attempt, the thread stood in one and the same blocking call
// throughout, so that the copy is of one moment.
#include "analyzer/record/reader.h"

#include <algorithm>
#include <cstring>

#include "analyzer/record/order_reader.h"
#include "analyzer/record/record_file.h"
#include "analyzer/record/thread_entries.h"

namespace gordian::record {
namespace {

constexpr int kCopyAttempts = 4;

std::string bounded_string(const char* text, size_t capacity) {
  return {text, ::strnlen(text, capacity)};
}

std::vector<std::string> split_arguments(const Header& header) {
  // The size may tell how long the line really was; the rest was cut by the writer.
  const size_t size = std::min<size_t>(header.arguments_size, sizeof header.arguments);
  std::vector<std::string> arguments;
  for (size_t at = 0; at < size;) {
    arguments.push_back(bounded_string(header.arguments + at, size - at));
    at += arguments.back().size() + 1;
  }
  return arguments;
}

std::vector<ModuleRecord> read_modules(const RecordFile& file, uint32_t count) {
  const auto sequence = [&] { return file.read_one<uint32_t>(offsetof(Header, module_sequence), "header"); };
  std::vector<ModuleRecord> modules(count);
  for (int attempt = 0; attempt < kCopyAttempts; ++attempt) {
    const uint32_t before = sequence();
    if (count != 0) file.read(kModuleOffset, modules.data(), sizeof(ModuleRecord) * count, "modules");
    if (before % 2 == 0 && before == sequence()) break;
  }
  for (ModuleRecord& module : modules) {
    module.build_id_size = std::min<uint32_t>(module.build_id_size, sizeof module.build_id);
    module.path[sizeof module.path - 1] = '\0';
  }
  std::erase_if(modules, [](const ModuleRecord& module) { return module.start >= module.end; });
  return modules;
}

void check_finding(const RecordFile& file, const FindingRecord& finding) {
  if (finding.rule == 0 || finding.rule > kLastRule || finding.grade == 0 ||
      finding.grade > static_cast<uint16_t>(Grade::kProven)) {
    file.damaged("a finding has a rule or a grade that does not exist");
  }
  if (is_misuse(static_cast<Rule>(finding.rule)) && finding.member_count == 0)
    file.damaged("a finding about a call does not say who made it");
  if (finding.second_kind > static_cast<uint32_t>(ResourceKind::kFutex))
    file.damaged("a finding names a lock of a kind that does not exist");
  if (finding.member_count > kMaxMembers) file.damaged("a finding claims more members than it can have");
  for (uint32_t i = 0; i < finding.member_count; ++i) {
    if (finding.members[i].kind > static_cast<uint8_t>(ResourceKind::kFutex) ||
        finding.members[i].link > static_cast<uint8_t>(Link::kLeftBehind)) {
      file.damaged("a finding has a member of a kind that does not exist");
    }
  }
}

bool is_published(const RecordFile& file, uint32_t index) {
  return file.read_one<uint32_t>(kFindingOffset + sizeof(FindingRecord) * uint64_t{index}, "findings") != 0;
}

std::vector<FindingRecord> read_findings(const RecordFile& file, uint32_t count) {
  std::vector<FindingRecord> findings;
  for (uint32_t i = 0; i < count; ++i) {
    // `published` is set last and never taken back: the copy begins after it was seen, so it is whole.
    if (!is_published(file, i)) continue;
    findings.push_back(
        file.read_one<FindingRecord>(kFindingOffset + sizeof(FindingRecord) * uint64_t{i}, "findings"));
    check_finding(file, findings.back());
  }
  return findings;
}

constexpr uint64_t race_offset(uint32_t index) {
  return kRaceOffset + sizeof(RaceRecord) * uint64_t{index};
}

void check_race(const RecordFile& file, const RaceRecord& race) {
  if (race.by == RaceBy::kNone || race.by > RaceBy::kLockset)
    file.damaged("a race is known in a way that does not exist");
  if (race.memory > RaceMemory::kDescriptor)
    file.damaged("a race is about memory of a kind that does not exist");
  if (race.origin_frame_count > kMaxRaceFrames)
    file.damaged("a race claims more stack frames than it can have");
  for (const RaceSide& side : race.sides) {
    if (side.access == RaceAccess::kNone || side.access > RaceAccess::kEnd)
      file.damaged("a race has an access of a kind that does not exist");
    if (side.frame_count > kMaxRaceFrames || side.hold_count > kMaxRaceHolds)
      file.damaged("a race claims more stack frames or locks than it can have");
  }
}

std::vector<RaceRecord> read_races(const RecordFile& file, uint32_t count) {
  std::vector<RaceRecord> races;
  for (uint32_t i = 0; i < std::min(count, kMaxRaces); ++i) {
    if (file.read_one<uint32_t>(race_offset(i), "races") == 0) continue;  // not published yet
    races.push_back(file.read_one<RaceRecord>(race_offset(i), "races"));
    check_race(file, races.back());
  }
  return races;
}

ThreadEntry read_thread(const RecordFile& file, uint32_t slot) {
  const auto progress = [&] {
    return file.read_one<uint64_t>(thread_offset(slot) + offsetof(ThreadRecord, progress), "threads");
  };
  ThreadEntry entry;
  entry.slot = slot;
  for (int attempt = 0; attempt < kCopyAttempts; ++attempt) {
    const uint64_t before = progress();
    file.read(thread_offset(slot), &entry.thread, sizeof entry.thread, "threads");
    entry.entries = read_entries(file, entry.thread);
    entry.torn = before != entry.thread.progress || progress() != before;
    if (!entry.torn) break;
  }
  if (entry.thread.state > static_cast<uint32_t>(ThreadState::kLeftBehindByFork)) {
    file.damaged("a thread is in a state that does not exist");
  }
  if (entry.thread.frame_count > kMaxFrames)
    file.damaged("a thread claims more stack frames than it can have");
  return entry;
}

std::vector<ThreadEntry> read_threads(const RecordFile& file, uint32_t count) {
  constexpr auto kFree = static_cast<uint32_t>(ThreadState::kFree);
  std::vector<ThreadEntry> threads;
  for (uint32_t slot = 0; slot < count; ++slot) {
    // Most slots of a long-lived process can be free: one word tells, and saves the page.
    if (file.read_one<uint32_t>(thread_offset(slot), "threads") == kFree) continue;
    ThreadEntry entry = read_thread(file, slot);
    if (entry.thread.state != kFree) threads.push_back(std::move(entry));
  }
  return threads;
}

std::vector<ResourceRecord> read_resources(const RecordFile& file, uint32_t count) {
  // Read as a plain array. The hash chains serve the writer; not following them, we cannot be led in circles.
  std::vector<ResourceRecord> resources(count);
  if (count != 0) file.read(kResourceOffset, resources.data(), sizeof(ResourceRecord) * count, "resources");
  for (ResourceRecord& resource : resources) {
    // A zero kind is a line that is being written at this moment; it keeps its place, for others are referred
    // to by theirs.
    if (resource.kind == 0 || resource.kind > static_cast<uint8_t>(ResourceKind::kFutex)) resource = {};
  }
  while (!resources.empty() && resources.back().kind == 0) resources.pop_back();
  return resources;
}

Record read_threads_first(const RecordFile& file, const std::string& path) {
  Record record;
  record.path = path;
  record.header = file.header();
  record.program = bounded_string(record.header.program, sizeof record.header.program);
  record.arguments = split_arguments(record.header);
  record.modules = read_modules(file, record.header.module_count);
  // Findings before threads: a finding that was told is then always read together with the waits it was told
  // about.
  record.findings = read_findings(file, record.header.finding_count);
  record.races = read_races(file, record.header.race_count);
  record.threads = read_threads(file, record.header.thread_count);
  return record;
}

void read_resources_last(const RecordFile& file, Record& record) {
  // What findings, threads and nodes refer to was written before them: the counts of now cover it.
  record.header = file.header();
  record.resources = read_resources(file, record.header.resource_count);
}

}  // namespace

Record read_record(const std::string& path) {
  const RecordFile file(path);
  Record record = read_threads_first(file, path);
  record.orders = read_orders(file, record.header);
  read_resources_last(file, record);
  read_order_details(file, record.header, record);
  return record;
}

Record read_state(const std::string& path) {
  const RecordFile file(path);
  Record record = read_threads_first(file, path);
  read_resources_last(file, record);
  return record;
}

uint32_t count_findings(const std::string& path) {
  const RecordFile file(path);
  const uint32_t count = file.header().finding_count;
  uint32_t published = 0;
  for (uint32_t i = 0; i < count; ++i) published += is_published(file, i) ? 1 : 0;
  const uint32_t races = std::min(file.header().race_count, kMaxRaces);
  for (uint32_t i = 0; i < races; ++i)
    published += file.read_one<uint32_t>(race_offset(i), "races") != 0 ? 1 : 0;
  return published;
}

}  // namespace gordian::record
