// The one way by which made-up bytes reach the reader: the fuzzer and the corpus test both use it.
//
// A record is 300 MB of mostly nothing, so the input is dense: it is cut into pieces that go where a record
// has its header, modules, findings, resources, threads, overflow blocks and lock orders. Its first byte says
// where the file ends.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "analyzer/capture/describe.h"
#include "analyzer/capture/order_report.h"
#include "analyzer/record/reader.h"
#include "analyzer/verdict/deadlock.h"

namespace gordian::fuzz {

struct Piece {
  uint64_t offset;
  size_t size;
};

inline constexpr Piece kPieces[] = {{record::kHeaderOffset, sizeof(record::Header)},
                                    {record::kModuleOffset, 2 * sizeof(record::ModuleRecord)},
                                    {record::kFindingOffset, 2 * sizeof(record::FindingRecord)},
                                    {record::kResourceOffset, 4 * sizeof(record::ResourceRecord)},
                                    {record::kThreadOffset, 4 * sizeof(record::ThreadRecord)},
                                    {record::kOverflowOffset, 66 * sizeof(record::Hold)},
                                    {record::kOrderOffset, 8 * sizeof(record::OrderNode)},
                                    {record::kWitnessOffset, 4 * sizeof(record::OrderWitness)},
                                    {record::kOriginOffset, 4 * sizeof(record::ThreadOrigin)},
                                    {record::kLinkOffset, 4 * sizeof(record::ThreadLink)},
                                    {record::kEvidenceOffset, 512},
                                    {record::kRaceOffset, 2 * sizeof(record::RaceRecord)}};

// Names made from the address alone: some the same, some empty, some wrappers, some ours.
class MadeUpNames final : public capture::AddressNames {
 public:
  const std::vector<finding::Frame>& resolve(uint64_t address, bool) override {
    static constexpr const char* kFunctions[] = {"", "f(int)", "std::mutex::lock()", "void g<int>(A)",
                                                 "(((<<"};
    frames_.assign(1 + address % 3, finding::Frame{});
    for (finding::Frame& frame : frames_) {
      frame.address = address;
      frame.function = kFunctions[address % std::size(kFunctions)];
      if (address % 7 == 0) frame.module = "/lib/libgordian-hooks.so";
    }
    return frames_;
  }
  std::optional<symbols::VariableName> variable_at(uint64_t address) override {
    if (address % 2 == 0) return {};
    return symbols::VariableName{"variable", {}, 0};
  }
  bool is_after_call(uint64_t address) override { return address % 4 != 0; }

 private:
  std::vector<finding::Frame> frames_;
};

inline void read_and_describe(const std::string& path) {
  try {
    record::count_findings(path);
    const record::Record record = record::read_record(path);
    const model::Snapshot snapshot = capture::snapshot_of(record);
    MadeUpNames names;
    const capture::PythonFrames python;
    std::vector<capture::Claim> claims = capture::claims_told(record, snapshot);
    capture::OrderReport orders(record, claims, names, 8);
    const capture::Scene scene(record, snapshot, names, python, 8, orders.sightings());
    for (const verdict::Verdict& verdict : verdict::find_deadlocks(snapshot)) {
      claims.push_back(capture::claim_of(verdict, snapshot));
      claims.back().conditions = verdict::check_conditions(snapshot, verdict.members);
    }
    capture::ProcessView view = capture::describe(record, claims, scene);
    orders.add_to(view.report, scene);
    for (const finding::Finding& finding : view.report.findings) {
      if (finding.fingerprint.size() != 16 || finding.summary.empty()) std::abort();
    }
  } catch (const record::RecordError& error) {
    if (std::string(error.what()).find('\n') != std::string::npos) std::abort();
  }
}

inline void run_one(const uint8_t* data, size_t size) {
  if (size == 0) return;
  const int fd = ::memfd_create("record", MFD_CLOEXEC);
  if (fd < 0) std::abort();
  const uint8_t end = *data++;
  --size;
  for (const Piece& piece : kPieces) {
    const size_t part = std::min(size, piece.size);
    if (part != 0 && ::pwrite(fd, data, part, static_cast<off_t>(piece.offset)) != static_cast<ssize_t>(part))
      std::abort();
    data += part;
    size -= part;
  }
  // 0: at its full size; 1: after the last piece; else: cut somewhere.
  const off_t cut =
      end == 0 ? static_cast<off_t>(record::kEndOffset) : static_cast<off_t>(record::kEndOffset / 255 * end);
  if (end != 1 && ::ftruncate(fd, cut) != 0) std::abort();
  read_and_describe("/proc/self/fd/" + std::to_string(fd));
  ::close(fd);
}

// The dense form of a record file.
inline std::vector<uint8_t> dense(const std::string& path, uint8_t end) {
  std::vector<uint8_t> bytes{end};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  for (const Piece& piece : kPieces) {
    std::vector<uint8_t> part(piece.size);
    // What is beyond the end of the file stays zero.
    if (::pread(fd, part.data(), part.size(), static_cast<off_t>(piece.offset)) < 0) std::abort();
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  ::close(fd);
  return bytes;
}

}  // namespace gordian::fuzz
