#include "analyzer/predict/trace_reader.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <deque>
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

bool is_access(const TraceEvent& event);

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
    trace.accesses_come_early = (header_.flags & record::kTraceAccessesEarly) != 0;
    trace.gaps.lacks_code = (header_.flags & record::kTraceLacksCode) != 0;
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
  void renew(uint64_t low, uint64_t high);
  void append(Op op, uint32_t thread, uint32_t operand, uint32_t site, uint8_t flags = 0);
  void fit(Misfit misfit);

  uint32_t thread_of(uint32_t serial);
  uint32_t site_of(uint64_t address, bool is_return = true);
  uint32_t lock_of(const TraceEvent& event);
  uint32_t resource_of(const TraceEvent& event);
  uint32_t variable_of(uint64_t address);
  void cut(const TraceEvent& event);
  template <typename Visit>
  void for_each_part(uint64_t word, uint32_t from, uint32_t to, Visit visit) const;

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
  std::unordered_map<uint64_t, uint8_t> cuts_;  // by word: before which of its bytes accesses begin or end
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

// Twice over the events: what a word's parts are is known when all accesses to it are.
void OwnTraceReader::read_events() {
  skip_to(record::kTraceEventOffset, "threads");
  const uint64_t count = std::min(header_.claimed, header_.event_capacity);
  builder_.trace().gaps.cut_off = header_.claimed - count;
  constexpr uint64_t kPiece = 1u << 16;
  std::deque<std::vector<TraceEvent>> pieces;
  for (uint64_t done = 0; done < count;) {
    std::vector<TraceEvent>& piece = pieces.emplace_back(std::min(kPiece, count - done));
    bytes(piece.data(), piece.size() * sizeof(TraceEvent), "events");
    for (const TraceEvent& event : piece) cut(event);
    done += piece.size();
  }
  for (; !pieces.empty(); pieces.pop_front())
    for (const TraceEvent& event : pieces.front()) add(event);
}

void OwnTraceReader::add(const TraceEvent& event) {
  if (event.op == 0) {
    ++builder_.trace().gaps.unfilled;
    return;
  }
  if (event.op > record::kLastTraceOp || event.thread == 0)
    fail("is damaged: event " + std::to_string(builder_.trace().lines + 1) + " is none" + kRecordAgain);
  ++builder_.trace().lines;
  if (event.op == static_cast<uint8_t>(TraceOp::kRenew)) {
    const uint64_t size = uint64_t{event.generation} << 32 | event.size;
    return renew(event.operand, event.operand + size);
  }
  const uint32_t thread = thread_of(event.thread);
  const auto op = static_cast<TraceOp>(event.op);
  const uint32_t site = site_of(event.site, !is_access(event));
  switch (op) {
    case TraceOp::kUnfilled:
    case TraceOp::kRenew:
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

// Calls `visit` with each word that the access touches, and from which of its bytes to which.
template <typename Visit>
void for_each_word(const TraceEvent& event, Visit visit) {
  const uint64_t begin = event.operand;
  const uint64_t end = begin + std::max<uint32_t>(event.size, 1);
  for (uint64_t word = begin >> 3; word <= (end - 1) >> 3; ++word) {
    const uint64_t at = word << 3;
    visit(word, static_cast<uint32_t>(std::max(begin, at) - at),
          static_cast<uint32_t>(std::min(end, at + 8) - at));
  }
}

bool is_access(const TraceEvent& event) {
  return event.op >= static_cast<uint8_t>(TraceOp::kRead) &&
         event.op <= static_cast<uint8_t>(TraceOp::kUpdate);
}

bool is_reasonable(const TraceEvent& event) {
  return event.size <= kLargestAccess && event.operand + std::max<uint32_t>(event.size, 1) > event.operand;
}

void OwnTraceReader::cut(const TraceEvent& event) {
  if (!is_access(event) || !is_reasonable(event)) return;
  for_each_word(event, [&](uint64_t word, uint32_t from, uint32_t to) {
    if (to - from == 8) return;
    cuts_[word] |= static_cast<uint8_t>((1u << from | 1u << to) & 0xfe);
  });
}

// Calls `visit` with the first byte of each part of the word from `from` to `to`, where it is cut.
template <typename Visit>
void OwnTraceReader::for_each_part(uint64_t word, uint32_t from, uint32_t to, Visit visit) const {
  const auto cuts = cuts_.find(word);
  const uint32_t begins = cuts == cuts_.end() ? 1 : cuts->second | 1u;
  for (uint32_t byte = from; byte < to; ++byte)
    if (((begins >> byte) & 1) != 0) visit(word << 3 | byte);
}

void OwnTraceReader::add_access(const TraceEvent& event, uint32_t thread, uint32_t site) {
  if (!is_reasonable(event)) {
    ++builder_.trace().gaps.misfits;
    return;
  }
  const auto op = static_cast<TraceOp>(event.op);
  uint8_t flags = (event.flags & record::kTraceAtomic) != 0 ? kAtomic : 0;
  if ((event.flags & record::kTraceLate) != 0) flags |= kLate;
  for_each_word(event, [&](uint64_t word, uint32_t from, uint32_t to) {
    for_each_part(word, from, to, [&](uint64_t address) {
      const uint32_t variable = variable_of(address);
      if (op != TraceOp::kWrite) append(Op::kRead, thread, variable, site, flags);
      if (op != TraceOp::kRead) append(Op::kWrite, thread, variable, site, flags);
    });
  });
}

void OwnTraceReader::renew(uint64_t low, uint64_t high) {
  if (low > high) {
    ++builder_.trace().gaps.misfits;
  } else if ((high - low) / 8 < variables_.size()) {
    for (uint64_t word = low >> 3; word < high >> 3; ++word)
      for_each_part(word, 0, 8, [&](uint64_t address) { variables_.erase(address); });
  } else {
    std::erase_if(variables_, [&](const auto& entry) { return entry.first >= low && entry.first < high; });
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

uint32_t OwnTraceReader::variable_of(uint64_t address) {
  const auto [place, added] = variables_.try_emplace(address);
  if (added) place->second = builder_.add_variable({.address = address});
  return place->second;
}

}  // namespace

Trace read_own_trace(const ByteSource& source, const std::string& path) {
  return OwnTraceReader(source, path).read();
}

}  // namespace gordian::predict
