#include "analyzer/record/record_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace gordian::record {
namespace {

constexpr const char* kGiveRecord = "give a .flight file that `gordian run` left, or a process id";
constexpr const char* kRecordAgain = "run the program again under `gordian run`";

// A path is shown on one line whatever bytes it has.
std::string on_one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

const char* advice_for(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "check the path; records are named PID.flight and stay only when there was a finding or "
             "--report-dir was given";
    case EACCES:
    case EPERM:
      return "run as the user who ran the program, or as root";
    default:
      return "check the file and the file system it is on";
  }
}

}  // namespace

RecordFile::RecordFile(const std::string& path) : path_(path) {
  // Non-blocking, so that a FIFO in the record's place does not hang the reader.
  do {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) {
    const int error = errno;
    fail("cannot open: " + std::generic_category().message(error), advice_for(error));
  }
  struct stat status;
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (known && S_ISREG(status.st_mode)) return;
  ::close(descriptor_);
  descriptor_ = -1;
  if (known && S_ISDIR(status.st_mode))
    fail("is a directory, not a flight record", "name one of the .flight files in it");
  fail("is not a regular file", kGiveRecord);
}

RecordFile::~RecordFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

uint64_t RecordFile::size() const {
  struct stat status;
  if (::fstat(descriptor_, &status) != 0) return 0;
  return static_cast<uint64_t>(status.st_size);
}

void RecordFile::read(uint64_t offset, void* out, size_t size, const char* what) const {
  char* to = static_cast<char*>(out);
  size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(descriptor_, to + done, size - done, static_cast<off_t>(offset + done));
    if (got > 0) {
      done += static_cast<size_t>(got);
    } else if (got == 0) {
      truncated(what, offset + size);
    } else if (errno != EINTR) {
      const int error = errno;
      fail(std::string("cannot read the ") + what + ": " + std::generic_category().message(error),
           advice_for(error));
    }
  }
}

Header RecordFile::header() const {
  const uint64_t present = size();
  if (present == 0) fail("is empty, not a Gordian flight record", kGiveRecord);
  Header header{};
  read(kHeaderOffset, &header, std::min<uint64_t>(present, sizeof header), "header");
  // The writer sets the magic last, when the other fields of the header are there.
  constexpr char kNothing[sizeof header.magic] = {};
  if (present >= sizeof header.magic && std::memcmp(header.magic, kNothing, sizeof kNothing) == 0) {
    fail("is not a Gordian flight record, or its process has not finished starting",
         "try again, or give a process id");
  }
  if (present < sizeof header.magic || std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) {
    fail("not a Gordian flight record", kGiveRecord);
  }
  if (present < sizeof header) truncated("header", sizeof header);

  if (header.byte_order == __builtin_bswap32(kByteOrder)) {
    fail("was written on a machine of the other byte order",
         "read it on a machine of the kind that wrote it");
  }
  if (header.byte_order != kByteOrder) damaged("the byte-order mark is wrong");
  if (header.version != kVersion) {
    fail("is of version " + std::to_string(header.version) + " and this gordian reads version " +
             std::to_string(kVersion),
         "use the gordian that recorded it");
  }
  if (header.header_size != sizeof(Header) || header.thread_size != sizeof(ThreadRecord) ||
      header.resource_size != sizeof(ResourceRecord) || header.finding_size != sizeof(FindingRecord) ||
      header.race_size != sizeof(RaceRecord)) {
    damaged("its structures have other sizes than version " + std::to_string(kVersion) + " gives them");
  }

  // A writer that finds the table full takes its count back; every thread may be in the middle of that.
  if (header.resource_count > kMaxResources && header.resource_count - kMaxResources <= kMaxThreads) {
    header.resource_count = kMaxResources;
  }
  const auto check = [&](uint32_t count, uint32_t most, const char* what) {
    if (count > most) {
      damaged("it claims " + std::to_string(count) + ' ' + what + ", more than the " + std::to_string(most) +
              " it can have");
    }
  };
  check(header.module_count, kMaxModules, "modules");
  check(header.finding_count, kMaxFindings, "findings");
  check(header.thread_count, kMaxThreads, "threads");
  check(header.resource_count, kMaxResources, "resources");
  check(header.overflow_count, kMaxOverflowBlocks, "overflow blocks");

  // Told here with the whole size, rather than later by whichever range happens to be missing.
  const auto must_reach = [&](uint64_t end, const char* what) {
    if (present < end) truncated(what, end);
  };
  must_reach(kModuleOffset + sizeof(ModuleRecord) * header.module_count, "modules");
  if (header.finding_count != 0) {
    must_reach(kFindingOffset + sizeof(FindingRecord) * header.finding_count, "findings");
  }
  if (header.thread_count != 0)
    must_reach(kThreadOffset + sizeof(ThreadRecord) * header.thread_count, "threads");
  if (header.resource_count != 0) {
    must_reach(kResourceOffset + sizeof(ResourceRecord) * header.resource_count, "resources");
  }
  const auto area_must_reach = [&](uint64_t start, uint64_t size, uint64_t count, uint64_t most,
                                   const char* what) {
    // These are counted up past what there is room for.
    if (count != 0) must_reach(start + size * std::min(count, most), what);
  };
  area_must_reach(kOrderOffset, sizeof(OrderNode), header.order_count, kMaxOrderNodes, "lock orders");
  area_must_reach(kWitnessOffset, sizeof(OrderWitness), header.witness_count, kMaxOrderWitnesses,
                  "witnesses of lock orders");
  area_must_reach(kOriginOffset, sizeof(ThreadOrigin), header.last_serial, kMaxThreadOrigins,
                  "origins of threads");
  area_must_reach(kLinkOffset, sizeof(ThreadLink), header.link_count, kMaxThreadLinks, "links of threads");
  area_must_reach(kEvidenceOffset, 1, header.evidence_bytes, kMaxEvidenceBytes, "evidence");
  return header;
}

void RecordFile::damaged(const std::string& what) const {
  fail("is damaged: " + what, kRecordAgain);
}

void RecordFile::truncated(const char* what, uint64_t needed) const {
  fail("is cut short: the " + std::string(what) + " end at byte " + std::to_string(needed) +
           " and the file has " + std::to_string(size()),
       "copy the record again, whole (`cp --sparse=always` keeps it small)");
}

void RecordFile::fail(const std::string& what, const std::string& next) const {
  throw RecordError(on_one_line(path_) + ": " + what + "; " + next);
}

}  // namespace gordian::record
