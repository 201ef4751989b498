// Writes flight records for tests: a few threads, locks and findings, put where a real writer would put them.
// The file is sparse.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "analyzer/record/flight_record.h"

namespace gordian::test {

using record::ResourceKind;

class ThreadBuilder {
 public:
  ThreadBuilder(uint32_t serial, const std::string& name) {
    thread.state = static_cast<uint32_t>(record::ThreadState::kLive);
    thread.serial = serial;
    thread.tid = 1000 + serial;
    std::memcpy(thread.name, name.data(), std::min(name.size(), sizeof thread.name));
  }

  ThreadBuilder& state(record::ThreadState value) {
    thread.state = static_cast<uint32_t>(value);
    return *this;
  }

  ThreadBuilder& holds(ResourceKind kind, uint64_t address, uint64_t site = 0, uint64_t bits = 0) {
    return push(kind, address, site, bits | static_cast<uint64_t>(record::HoldStatus::kHeld));
  }

  ThreadBuilder& waits(ResourceKind kind, uint64_t address, uint64_t site = 0, uint64_t bits = 0,
                       uint64_t since = 5'000'000) {
    push(kind, address, site, bits | static_cast<uint64_t>(record::HoldStatus::kAttempting));
    thread.wait_attempt = attempts_;
    thread.wait_since_ns = since;
    return *this;
  }

  // The stack of the wait, innermost first.
  ThreadBuilder& stack(const std::vector<record::Frame>& frames) {
    thread.frames_attempt = attempts_;
    thread.frame_count = static_cast<uint32_t>(frames.size());
    std::copy(frames.begin(), frames.end(), thread.frames);
    return *this;
  }

  record::Hold& last() { return entries.back(); }

  record::ThreadRecord thread{};
  std::vector<record::Hold> entries;

 private:
  ThreadBuilder& push(ResourceKind kind, uint64_t address, uint64_t site, uint64_t bits) {
    record::Hold hold{};
    hold.word = record::make_word(address, kind, bits);
    hold.site = site;
    entries.push_back(hold);
    thread.progress = ++attempts_ << 16 | entries.size();
    return *this;
  }

  uint64_t attempts_ = 0;
};

inline record::ResourceRecord make_resource(ResourceKind kind, uint64_t address, uint64_t first_site = 0,
                                            uint64_t init_site = 0) {
  record::ResourceRecord resource{};
  resource.kind = static_cast<uint8_t>(kind);
  resource.address = address;
  resource.first_site = first_site;
  resource.init_site = init_site;
  resource.initial_value = -1;
  resource.generation = 1;
  return resource;
}

inline record::ModuleRecord make_module(uint64_t start, uint64_t end, const std::string& path) {
  record::ModuleRecord module{};
  module.start = start;
  module.end = end;
  std::memcpy(module.path, path.data(), std::min(path.size(), sizeof module.path));
  return module;
}

class RecordBuilder {
 public:
  RecordBuilder() {
    std::memcpy(header.magic, record::kMagic, sizeof header.magic);
    header.version = record::kVersion;
    header.byte_order = record::kByteOrder;
    header.file_size = record::kEndOffset;
    header.header_size = sizeof(record::Header);
    header.thread_size = sizeof(record::ThreadRecord);
    header.resource_size = sizeof(record::ResourceRecord);
    header.finding_size = sizeof(record::FindingRecord);
    header.race_size = sizeof(record::RaceRecord);
    header.pid = 0x7ffffff0;  // above any pid_max
    header.attached_realtime_ns = 1'700'000'000'000'000'000;
    set_program("/usr/bin/bank");
    set_arguments({"bank", "--fast", "2"});
  }

  void set_program(const std::string& path) {
    std::memset(header.program, 0, sizeof header.program);
    std::memcpy(header.program, path.data(), std::min(path.size(), sizeof header.program));
  }

  void set_arguments(const std::vector<std::string>& arguments) {
    std::string all;
    for (const std::string& argument : arguments) all += argument + '\0';
    std::memcpy(header.arguments, all.data(), std::min(all.size(), sizeof header.arguments));
    header.arguments_size = static_cast<uint32_t>(all.size());
  }

  void add(const ThreadBuilder& thread) { threads.push_back(thread); }
  void add(const record::ResourceRecord& resource) { resources.push_back(resource); }
  void add(const record::ModuleRecord& module) { modules.push_back(module); }
  void add(const record::FindingRecord& finding) { findings.push_back(finding); }

  // A node of the lock orders: asked for `resource` (its index; a serial, for a join) holding what the path
  // says that ends in `parent`. Returns what its children call their parent.
  uint32_t order(uint32_t parent, ResourceKind kind, uint32_t resource, uint64_t site = 0,
                 uint8_t bits = record::kOrderAttempted, uint32_t generation = 1) {
    record::OrderNode node{};
    node.site = site;
    node.parent = parent;
    node.resource = resource;
    node.generation = generation;
    node.depth = static_cast<uint16_t>(parent == 0 ? 0 : orders[parent - 1].depth + 1);
    node.kind = static_cast<uint8_t>(kind);
    node.bits = bits;
    orders.push_back(node);
    return static_cast<uint32_t>(orders.size());
  }

  void witness(uint32_t node, uint32_t serial, uint32_t first_segment = 0, uint32_t last_segment = 0) {
    witnesses.push_back({serial, first_segment, last_segment, orders[node - 1].witnesses});
    orders[node - 1].witnesses = static_cast<uint32_t>(witnesses.size());
  }

  void origin(uint32_t serial, const std::string& name, uint64_t start_routine = 0) {
    if (origins.size() < serial) origins.resize(serial);
    record::ThreadOrigin& origin = origins[serial - 1];
    origin.serial = serial;
    origin.tid = 1000 + serial;
    origin.start_routine = start_routine;
    std::memcpy(origin.name, name.data(), std::min(name.size(), sizeof origin.name));
  }

  // Returns its place.
  uint32_t keep_evidence(const std::vector<record::Frame>& frames,
                         const std::vector<record::Hold>& holds = {}) {
    const record::Evidence head{0, static_cast<uint32_t>(frames.size()), static_cast<uint32_t>(holds.size())};
    const size_t start = evidence.size();
    evidence.resize(start + sizeof head + frames.size() * sizeof(record::Frame) +
                    holds.size() * sizeof(record::Hold));
    unsigned char* to = evidence.data() + start;
    std::memcpy(to, &head, sizeof head);
    std::copy(frames.begin(), frames.end(), reinterpret_cast<record::Frame*>(to + sizeof head));
    std::copy(holds.begin(), holds.end(),
              reinterpret_cast<record::Hold*>(to + sizeof head + frames.size() * sizeof(record::Frame)));
    return static_cast<uint32_t>(start / 16 + 1);
  }

  // Writes the file; with `compact`, it ends after the last byte that is used instead of at its full logical
  // size.
  void write(const std::string& path, bool compact = false) const {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ASSERT_GE(fd, 0);
    record::Header head = header;
    if (count_all) {
      head.module_count = static_cast<uint32_t>(modules.size());
      head.finding_count = static_cast<uint32_t>(findings.size());
      head.thread_count = static_cast<uint32_t>(threads.size());
      head.resource_count = static_cast<uint32_t>(resources.size());
      head.order_count = static_cast<uint32_t>(orders.size());
      head.witness_count = static_cast<uint32_t>(witnesses.size());
      head.last_serial = static_cast<uint32_t>(origins.size());
      head.link_count = static_cast<uint32_t>(links.size());
      head.evidence_bytes = static_cast<uint32_t>(evidence.size());
      head.race_count = static_cast<uint32_t>(races.size());
    }
    put(fd, record::kModuleOffset, modules.data(), modules.size() * sizeof(record::ModuleRecord));
    put(fd, record::kFindingOffset, findings.data(), findings.size() * sizeof(record::FindingRecord));
    put(fd, record::kResourceOffset, resources.data(), resources.size() * sizeof(record::ResourceRecord));
    put(fd, record::kOrderOffset, orders.data(), orders.size() * sizeof(record::OrderNode));
    put(fd, record::kWitnessOffset, witnesses.data(), witnesses.size() * sizeof(record::OrderWitness));
    put(fd, record::kOriginOffset, origins.data(), origins.size() * sizeof(record::ThreadOrigin));
    put(fd, record::kLinkOffset, links.data(), links.size() * sizeof(record::ThreadLink));
    put(fd, record::kEvidenceOffset, evidence.data(), evidence.size());
    put(fd, record::kRaceOffset, races.data(), races.size() * sizeof(record::RaceRecord));
    uint32_t blocks = 0;
    for (size_t slot = 0; slot < threads.size(); ++slot) {
      record::ThreadRecord thread = threads[slot].thread;
      const std::vector<record::Hold>& entries = threads[slot].entries;
      for (size_t i = 0; i < entries.size(); ++i) {
        if (i < record::kInlineHolds) {
          thread.holds[i] = entries[i];
          continue;
        }
        const size_t beyond = i - record::kInlineHolds;
        const size_t which = beyond / record::kOverflowBlockHolds;
        if (which >= record::kOverflowBlocksPerThread) break;
        if (thread.overflow_blocks[which] == 0) thread.overflow_blocks[which] = ++blocks;
        const uint64_t index = (thread.overflow_blocks[which] - 1ul) * record::kOverflowBlockHolds +
                               beyond % record::kOverflowBlockHolds;
        put(fd, record::kOverflowOffset + index * sizeof(record::Hold), &entries[i], sizeof(record::Hold));
      }
      put(fd, record::kThreadOffset + slot * sizeof thread, &thread, sizeof thread);
    }
    if (count_all) head.overflow_count = blocks;
    put(fd, record::kHeaderOffset, &head, sizeof head);
    if (!compact) {
      ASSERT_EQ(::ftruncate(fd, record::kEndOffset), 0);
    }
    ::close(fd);
  }

  record::Header header{};
  std::vector<ThreadBuilder> threads;
  std::vector<record::ResourceRecord> resources;
  std::vector<record::ModuleRecord> modules;
  std::vector<record::FindingRecord> findings;
  std::vector<record::OrderNode> orders;
  std::vector<record::OrderWitness> witnesses;
  std::vector<record::ThreadOrigin> origins;
  std::vector<record::ThreadLink> links;
  std::vector<unsigned char> evidence;
  std::vector<record::RaceRecord> races;
  bool count_all = true;  // false: the counts are those of `header` as the test set them

 private:
  static void put(int fd, uint64_t offset, const void* data, size_t size) {
    if (size == 0) return;
    ASSERT_EQ(::pwrite(fd, data, size, static_cast<off_t>(offset)), static_cast<ssize_t>(size));
  }
};

// Two threads, two mutexes, each holds one and waits for the other, and the finding that says so.
inline RecordBuilder two_accounts(bool with_finding = true) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "bank"));
  builder.add(ThreadBuilder(2, "worker-1")
                  .holds(ResourceKind::kMutex, 0x4010, 0x1100)
                  .waits(ResourceKind::kMutex, 0x4040, 0x1200));
  builder.add(ThreadBuilder(3, "worker-2")
                  .holds(ResourceKind::kMutex, 0x4040, 0x1300)
                  .waits(ResourceKind::kMutex, 0x4010, 0x1400));
  builder.threads[0].thread.flags = record::kThreadIsMain;
  builder.add(make_resource(ResourceKind::kMutex, 0x4010, 0x1100));
  builder.add(make_resource(ResourceKind::kMutex, 0x4040, 0x1300));
  builder.add(make_module(0x1000, 0x5000, "/usr/bin/bank"));
  if (with_finding) {
    record::FindingRecord finding{};
    finding.published = 1;
    finding.rule = static_cast<uint16_t>(record::Rule::kDeadlock);
    finding.grade = static_cast<uint16_t>(record::Grade::kProven);
    finding.told_at_ns = 9'000'000;
    finding.member_count = 2;
    for (uint32_t i = 0; i < 2; ++i) {
      record::Member& member = finding.members[i];
      member.slot = 1 + i;
      member.serial = 2 + i;
      member.progress = builder.threads[1 + i].thread.progress;
      member.waits_for = i == 0 ? 0x4040 : 0x4010;
      member.held_by_slot = 2 - i;
      member.held_by_serial = 3 - i;
      member.kind = static_cast<uint8_t>(ResourceKind::kMutex);
      member.link = static_cast<uint8_t>(record::Link::kOwner);
    }
    builder.add(finding);
  }
  return builder;
}

// The same program when it went well: the two threads have taken the two accounts' locks in both orders, each
// with the stack of transfer() below run().
inline RecordBuilder two_orders() {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "bank"));
  builder.threads[0].thread.flags = record::kThreadIsMain;
  builder.add(make_resource(ResourceKind::kMutex, 0x4010, 0x1100));
  builder.add(make_resource(ResourceKind::kMutex, 0x4040, 0x1300));
  builder.add(make_module(0x1000, 0x5000, "/usr/bin/bank"));
  builder.origin(1, "bank");
  builder.origins[0].flags = record::kThreadIsMain;
  builder.origin(2, "worker-1", 0x1010);
  builder.origin(3, "worker-2", 0x1010);
  for (uint32_t i = 0; i < 2; ++i) {
    const uint64_t site = i == 0 ? 0x1100 : 0x1300;
    const uint32_t first = builder.order(0, ResourceKind::kMutex, i, site);
    const uint32_t second = builder.order(first, ResourceKind::kMutex, 1 - i, site + 0x100);
    builder.witness(second, 2 + i);
    record::Hold hold{};
    hold.word = record::make_word(builder.resources[i].address, ResourceKind::kMutex, 2);
    hold.site = site;
    hold.stack_pointer = 0x7000;
    const uint32_t place =
        builder.keep_evidence({{0x1f00, 0x7000}, {site + 0x100, 0x7040}, {0x1080, 0x7080}}, {hold});
    builder.orders[first - 1].evidence = builder.orders[second - 1].evidence = place;
    builder.orders[first - 1].evidence_hold = 1;
  }
  builder.links = {{1, 0, 2, 0}, {1, 1, 3, 0}};
  return builder;
}

// A directory of the test's own, removed with it.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gordian-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no scratch directory";
    path_ = pattern;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace gordian::test
