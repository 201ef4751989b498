#include "analyzer/predict/trace_reader.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/predict/trace_builder.h"
#include "analyzer/record/trace_format.h"

namespace gordian::predict {
namespace {

using record::ResourceKind;
using record::TraceEvent;
using record::TraceHeader;
using record::TraceOp;

constexpr const char* kRecordAgain = "; record it again";
constexpr uint32_t kLargestAccess = 1u << 24;  // bytes; one larger would be millions of events

// What has an owner, who alone gives it back; all else is waited for and let go.
bool has_owner(ResourceKind kind) {
  return kind == ResourceKind::kMutex || kind == ResourceKind::kRwlock || kind == ResourceKind::kSpin ||
         kind == ResourceKind::kStdioFile;
}

class OwnTraceReader {
 public:
  OwnTraceReader(const ByteSource& source, const std::string& path) : source_(source), path_(path) {}

  Trace read() {
    read_header();
    read_modules();
    read_threads();
    read_events();
    Trace& trace = builder_.trace();
    // Without the flag, an access that is there all the same says nothing about those that are not.
    trace.holds_accesses = (header_.flags & record::kTraceHoldsAccesses) != 0;
    return builder_.take();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw TraceError(on_one_line(path_) + ": " + what);
  }
  void bytes(void* to, size_t size, const char* what);
  void skip_to(uint64_t offset, const char* what);
  void read_header();
  void read_modules();
  void read_threads();
  void read_events();
  void add(const TraceEvent& event);
  void add_lock_event(const TraceEvent& event, uint32_t thread, uint32_t site);
  void add_resource_event(const TraceEvent& event, uint32_t thread, uint32_t site);
  void add_access(const TraceEvent& event, uint32_t thread, uint32_t site);
  void append(Op op, uint32_t thread, uint32_t operand, uint32_t site, uint8_t flags = 0);
  void fit(Misfit misfit);

  uint32_t thread_of(uint32_t serial);
  uint32_t site_of(uint64_t address, bool is_return = true);
  uint32_t lock_of(const TraceEvent& event);
  uint32_t resource_of(const TraceEvent& event);
  uint32_t variable_of(uint64_t word);

  using Key = std::pair<uint64_t, uint64_t>;  // address; kind and generation
  static Key key_of(const TraceEvent& event) {
    return {event.operand, uint64_t{event.kind} << 32 | event.generation};
  }

  const ByteSource& source_;
  std::string path_;
  uint64_t offset_ = 0;
  TraceHeader header_{};
  TraceBuilder builder_;
  std::unordered_map<uint32_t, uint32_t> threads_;
  std::unordered_map<uint64_t, uint32_t> sites_, variables_;
  std::map<Key, uint32_t> locks_, resources_;
  std::map<Key, uint64_t> init_sites_;
};

void OwnTraceReader::bytes(void* to, size_t size, const char* what) {
  char* at = static_cast<char*>(to);
  for (size_t done = 0; done < size;) {
    const size_t got = source_(at + done, size - done);
    if (got == 0) {
      fail("is cut short: it ends at byte " + std::to_string(offset_ + done) + ", within the " + what +
           "; copy it again, whole");
    }
    done += got;
  }
  offset_ += size;
}

void OwnTraceReader::skip_to(uint64_t offset, const char* what) {
  char scratch[4096];
  while (offset_ < offset) bytes(scratch, std::min<uint64_t>(sizeof scratch, offset - offset_), what);
}

std::string text_of(const char* text, size_t size) {
  return {text, ::strnlen(text, size)};
}

std::vector<std::string> arguments_of(const TraceHeader& header) {
  const size_t size = std::min<size_t>(header.arguments_size, sizeof header.arguments);
  std::vector<std::string> arguments;
  for (size_t at = 0; at < size; at += arguments.back().size() + 1)
    arguments.push_back(text_of(header.arguments + at, size - at));
  return arguments;
}

std::string utc(uint64_t realtime_ns) {
  const auto seconds = static_cast<std::time_t>(realtime_ns / 1'000'000'000);
  std::tm parts{};
  if (realtime_ns == 0 || ::gmtime_r(&seconds, &parts) == nullptr) return "";
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

void OwnTraceReader::read_header() {
  bytes(&header_, sizeof header_, "header");
  if (header_.byte_order == __builtin_bswap32(record::kByteOrder))
    fail("was written on a machine of the other byte order; read it on a machine of the kind that wrote it");
  if (header_.byte_order != record::kByteOrder)
    fail(std::string("is damaged: the byte-order mark is wrong") + kRecordAgain);
  if (header_.version != record::kTraceVersion) {
    fail("is of version " + std::to_string(header_.version) + " and this gordian reads version " +
         std::to_string(record::kTraceVersion) + "; use the gordian that recorded it");
  }
  if (header_.header_size != sizeof(TraceHeader) || header_.module_size != sizeof(record::ModuleRecord) ||
      header_.thread_size != sizeof(record::ThreadOrigin) || header_.event_size != sizeof(TraceEvent)) {
    fail(std::string("is damaged: its structures have other sizes than its version gives them") +
         kRecordAgain);
  }
  if (header_.module_count > record::kMaxModules || header_.last_serial > record::kMaxThreadOrigins)
    fail(std::string("is damaged: it claims more modules or threads than it can have") + kRecordAgain);
  Trace& trace = builder_.trace();
  trace.program.path = text_of(header_.program, sizeof header_.program);
  trace.program.arguments = arguments_of(header_);
  trace.program.pid = header_.pid;
  trace.program.started = utc(header_.started_realtime_ns);
  trace.gaps.missed = header_.missed;
  trace.gaps.threads_unnamed = header_.threads_dropped;
}

void OwnTraceReader::read_modules() {
  skip_to(record::kTraceModuleOffset, "header");
  builder_.trace().modules.resize(header_.module_count);
  for (record::ModuleRecord& module : builder_.trace().modules) bytes(&module, sizeof module, "modules");
}

void OwnTraceReader::read_threads() {
  skip_to(record::kTraceThreadOffset, "modules");
  for (uint32_t i = 0; i < header_.last_serial; ++i) {
    record::ThreadOrigin origin;
    bytes(&origin, sizeof origin, "threads");
    if (origin.serial != i + 1) continue;
    ThreadInfo& info = builder_.trace().threads[thread_of(origin.serial)];
    info.tid = origin.tid;
    info.start_routine = origin.start_routine;
    if (const std::string name = text_of(origin.name, sizeof origin.name); !name.empty()) info.name = name;
  }
}

void OwnTraceReader::read_events() {
  skip_to(record::kTraceEventOffset, "threads");
  const uint64_t count = std::min(header_.claimed, header_.event_capacity);
  builder_.trace().gaps.cut_off = header_.claimed - count;
  std::vector<TraceEvent> piece(4096);
  for (uint64_t done = 0; done < count;) {
    const size_t size = std::min<uint64_t>(piece.size(), count - done);
    bytes(piece.data(), size * sizeof(TraceEvent), "events");
    for (size_t i = 0; i < size; ++i) add(piece[i]);
    done += size;
  }
}

void OwnTraceReader::add(const TraceEvent& event) {
  if (event.op == 0) {
    ++builder_.trace().gaps.unfilled;
    return;
  }
  if (event.op > record::kLastTraceOp || event.thread == 0)
    fail("is damaged: event " + std::to_string(builder_.trace().lines + 1) + " is none" + kRecordAgain);
  ++builder_.trace().lines;
  const uint32_t thread = thread_of(event.thread);
  const auto op = static_cast<TraceOp>(event.op);
  const bool is_access = op == TraceOp::kRead || op == TraceOp::kWrite || op == TraceOp::kUpdate;
  const uint32_t site = site_of(event.site, !is_access);
  switch (op) {
    case TraceOp::kUnfilled:
    case TraceOp::kDestroy:
      return;
    case TraceOp::kInit:
      init_sites_[key_of(event)] = event.site;
      return;
    case TraceOp::kRead:
    case TraceOp::kWrite:
    case TraceOp::kUpdate:
      return add_access(event, thread, site);
    case TraceOp::kFork:
    case TraceOp::kJoin: {
      const Op is = op == TraceOp::kFork ? Op::kFork : Op::kJoin;
      return append(is, thread, thread_of(static_cast<uint32_t>(event.operand)), site);
    }
    case TraceOp::kBegin:
      return append(Op::kBegin, thread, kNone, site);
    case TraceOp::kEnd:
      return append(Op::kEnd, thread, kNone, site);
    default:
      break;
  }
  const bool by_owner = has_owner(static_cast<ResourceKind>(event.kind)) &&
                        event.op <= static_cast<uint8_t>(TraceOp::kTryFailed);
  by_owner ? add_lock_event(event, thread, site) : add_resource_event(event, thread, site);
}

void OwnTraceReader::add_lock_event(const TraceEvent& event, uint32_t thread, uint32_t site) {
  const uint32_t lock = lock_of(event);
  uint8_t flags = (event.flags & record::kTraceShared) != 0 ? kShared : 0;
  if ((event.flags & (record::kTraceTry | record::kTraceTimed)) != 0) flags |= kCannotBlock;
  switch (static_cast<TraceOp>(event.op)) {
    case TraceOp::kAcquire:
      return append(Op::kAcquire, thread, lock, site, flags);
    case TraceOp::kRelease:
      return append(Op::kRelease, thread, lock, site);
    case TraceOp::kRequest:
      return append(Op::kRequest, thread, lock, site, flags);
    default:
      return append(Op::kTryFailed, thread, lock, site, flags);
  }
}

// Whatever ends a wait, and whatever looks whether there is something to take, keeps its place in the order
// of all that was done to the resource.
void OwnTraceReader::add_resource_event(const TraceEvent& event, uint32_t thread, uint32_t site) {
  const uint32_t resource = resource_of(event);
  switch (static_cast<TraceOp>(event.op)) {
    case TraceOp::kWait:
    case TraceOp::kRequest:
      return append(Op::kWait, thread, resource, site);
    case TraceOp::kWake:
      return append(Op::kWake, thread, resource, site,
                    (event.flags & record::kTraceTimedOut) != 0 ? kOnItsOwn : uint8_t{0});
    case TraceOp::kNotify:
    case TraceOp::kRelease:
      return append(Op::kNotify, thread, resource, site);
    default:
      return append(Op::kWake, thread, resource, site);
  }
}

// Those from `begin` to `end` among the eight from `word` on.
uint8_t bytes_of(uint64_t begin, uint64_t end, uint64_t word) {
  const uint64_t first = begin > word ? begin - word : 0;
  const uint64_t last = std::min<uint64_t>(end - word, 8);
  return static_cast<uint8_t>((0xff >> (8 - (last - first))) << first);
}

void OwnTraceReader::add_access(const TraceEvent& event, uint32_t thread, uint32_t site) {
  const auto op = static_cast<TraceOp>(event.op);
  const uint64_t begin = event.operand;
  const uint64_t end = begin + std::max<uint32_t>(event.size, 1);
  if (end < begin || event.size > kLargestAccess) {
    ++builder_.trace().gaps.misfits;
    return;
  }
  const uint8_t flags = (event.flags & record::kTraceAtomic) != 0 ? kAtomic : 0;
  for (uint64_t word = begin >> 3; word <= (end - 1) >> 3; ++word) {
    const uint32_t variable = variable_of(word);
    const uint8_t bytes = bytes_of(begin, end, word << 3);
    // What is written in part keeps the rest as it was.
    const bool is_update = op == TraceOp::kUpdate;
    if (op == TraceOp::kRead || is_update || bytes != kAllBytes)
      fit(builder_.add_access(Op::kRead, thread, variable, site, flags, op == TraceOp::kWrite ? 0 : bytes));
    if (op != TraceOp::kRead) fit(builder_.add_access(Op::kWrite, thread, variable, site, flags, bytes));
  }
}

void OwnTraceReader::append(Op op, uint32_t thread, uint32_t operand, uint32_t site, uint8_t flags) {
  fit(builder_.add(op, thread, operand, site, flags));
}

void OwnTraceReader::fit(Misfit misfit) {
  if (misfit == Misfit::kTooMany) fail(std::string("holds ") + std::string(reason_of(misfit)) + kRecordAgain);
  if (misfit != Misfit::kFits) ++builder_.trace().gaps.misfits;
}

uint32_t OwnTraceReader::thread_of(uint32_t serial) {
  const auto [place, added] = threads_.try_emplace(serial);
  if (added) place->second = builder_.add_thread({.name = "thread " + std::to_string(serial)});
  return place->second;
}

uint32_t OwnTraceReader::site_of(uint64_t address, bool is_return) {
  if (address == 0) return kNone;
  const auto [place, added] = sites_.try_emplace(address);
  if (added) place->second = builder_.add_site({.address = address, .is_return = is_return});
  return place->second;
}

uint32_t OwnTraceReader::lock_of(const TraceEvent& event) {
  const auto [place, added] = locks_.try_emplace(key_of(event));
  if (added) {
    const auto init = init_sites_.find(key_of(event));
    place->second =
        builder_.add_lock({.address = event.operand,
                           .generation = event.generation,
                           .kind = static_cast<ResourceKind>(event.kind),
                           .init_site = init == init_sites_.end() ? kNone : site_of(init->second)});
  }
  return place->second;
}

uint32_t OwnTraceReader::resource_of(const TraceEvent& event) {
  const auto [place, added] = resources_.try_emplace(key_of(event));
  if (added) place->second = builder_.add_resource();
  return place->second;
}

uint32_t OwnTraceReader::variable_of(uint64_t word) {
  const auto [place, added] = variables_.try_emplace(word);
  if (added) place->second = builder_.add_variable({.address = word << 3});
  return place->second;
}

}  // namespace

Trace read_own_trace(const ByteSource& source, const std::string& path) {
  return OwnTraceReader(source, path).read();
}

}  // namespace gordian::predict
