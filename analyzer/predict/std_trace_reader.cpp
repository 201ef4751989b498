#include "analyzer/predict/std_trace_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/predict/interner.h"
#include "analyzer/predict/trace_builder.h"

namespace gordian::predict {
namespace {

constexpr size_t kBuffer = size_t{1} << 20;  // and the longest line that can be one

enum class Word { kAcq, kRel, kReq, kRead, kWrite, kFork, kJoin, kBegin, kEnd, kWait, kNotify };

struct Operation {
  std::string_view name;
  Word word;
};
constexpr std::array kOperations{
    Operation{"r", Word::kRead},    Operation{"w", Word::kWrite},       Operation{"acq", Word::kAcq},
    Operation{"rel", Word::kRel},   Operation{"req", Word::kReq},       Operation{"fork", Word::kFork},
    Operation{"join", Word::kJoin}, Operation{"begin", Word::kBegin},   Operation{"end", Word::kEnd},
    Operation{"wait", Word::kWait}, Operation{"notify", Word::kNotify}, Operation{"notifyAll", Word::kNotify},
};

std::optional<Word> word_of(std::string_view name) {
  const auto found = std::ranges::find(kOperations, name, &Operation::name);
  if (found == kOperations.end()) return std::nullopt;
  return found->word;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

class StdTraceReader {
 public:
  explicit StdTraceReader(const std::string& path) : path_(path) {}

  void read_line(std::string_view line);
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_on_length();
  Trace finish();

 private:
  // A thread between its `wait` and its next acquisition of the same lock.
  struct Monitor {
    uint32_t waits_for = kNone;  // lock
    uint32_t depth = 0;          // how often it had it; 0: it had released it itself
  };

  uint32_t thread_number(std::string_view name);
  uint32_t other_thread(std::string_view own_name, std::string_view name);
  uint32_t lock_number(std::string_view name);
  uint32_t variable_number(std::string_view name);
  uint32_t site_number(std::string_view text);
  uint32_t condition_of(uint32_t lock);

  void add(Op op, uint32_t thread, uint32_t operand, uint32_t site);
  void check(Misfit misfit, uint32_t thread, uint32_t lock) const;
  void wait(uint32_t thread, uint32_t lock, uint32_t site);
  void end_wait(uint32_t thread, Word next, uint32_t lock, uint32_t site);

  std::string path_;
  uint64_t line_ = 0;
  TraceBuilder builder_;
  Interner threads_, locks_, variables_, sites_;
  std::vector<Monitor> monitors_;     // by thread
  std::vector<uint32_t> conditions_;  // by lock
};

void StdTraceReader::fail(const std::string& what) const {
  throw TraceError(on_one_line(path_) + ':' + std::to_string(line_) + ": " + on_one_line(what));
}

void StdTraceReader::check(Misfit misfit, uint32_t thread, uint32_t lock) const {
  if (misfit == Misfit::kFits) return;
  if (misfit == Misfit::kTooMany) fail(std::string(reason_of(misfit)) + "; give a shorter trace");
  std::string what = "thread " + std::string(threads_.text(thread)) + ", lock " +
                     std::string(locks_.text(lock)) + ": " + std::string(reason_of(misfit));
  if (misfit == Misfit::kHeldByOther)
    what += ", " + std::string(threads_.text(builder_.other_holder(thread, lock)));
  fail(what + "; give a whole trace, with every thread's acquisitions and releases");
}

uint32_t StdTraceReader::thread_number(std::string_view name) {
  const auto [number, added] = threads_.intern(name);
  if (added) {
    builder_.add_thread({.name = std::string(name)});
    monitors_.emplace_back();
  }
  return number;
}

// Some recorders write `T9|fork(12)` where they mean T12.
uint32_t StdTraceReader::other_thread(std::string_view own_name, std::string_view name) {
  const bool own_has_letter = own_name.size() > 1 && own_name[0] == 'T' && is_number(own_name.substr(1));
  return thread_number(own_has_letter && is_number(name) ? "T" + std::string(name) : std::string(name));
}

uint32_t StdTraceReader::lock_number(std::string_view name) {
  const auto [number, added] = locks_.intern(name);
  if (added) {
    builder_.add_lock({.name = std::string(name)});
    conditions_.push_back(kNone);
  }
  return number;
}

uint32_t StdTraceReader::variable_number(std::string_view name) {
  const auto [number, added] = variables_.intern(name);
  if (added) builder_.add_variable({.name = std::string(name)});
  return number;
}

uint32_t StdTraceReader::site_number(std::string_view text) {
  const auto [number, added] = sites_.intern(text);
  if (added) builder_.add_site({.text = std::string(text)});
  return number;
}

uint32_t StdTraceReader::condition_of(uint32_t lock) {
  if (conditions_[lock] == kNone) conditions_[lock] = builder_.add_resource();
  return conditions_[lock];
}

void StdTraceReader::add(Op op, uint32_t thread, uint32_t operand, uint32_t site) {
  check(builder_.add(op, thread, operand, site), thread, operand);
}

void StdTraceReader::wait(uint32_t thread, uint32_t lock, uint32_t site) {
  const uint32_t depth = builder_.depth(thread, lock);
  if (depth != 0) check(builder_.release_all(thread, lock, site), thread, lock);
  add(Op::kWait, thread, condition_of(lock), site);
  monitors_[thread] = {lock, depth};
}

// Before the thread's first event after its `wait`: it was let go, and takes the lock back.
void StdTraceReader::end_wait(uint32_t thread, Word next, uint32_t lock, uint32_t site) {
  const Monitor monitor = monitors_[thread];
  const bool takes_it = monitor.waits_for == lock && (next == Word::kAcq || next == Word::kReq);
  if (takes_it && next == Word::kReq) return;
  monitors_[thread] = {};
  add(Op::kWake, thread, condition_of(monitor.waits_for), site);
  if (monitor.depth == 0) return;
  // The trace's own acquisition is the first of `depth`, if there is one.
  if (takes_it && monitor.depth == 1) return;
  const uint32_t depth = takes_it ? monitor.depth - 1 : monitor.depth;
  check(builder_.acquire_to(depth, thread, monitor.waits_for, site), thread, monitor.waits_for);
}

void StdTraceReader::read_line(std::string_view line) {
  ++line_;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.empty()) return;
  const size_t first = line.find('|');
  const size_t second = first == std::string_view::npos ? first : line.find('|', first + 1);
  if (second == std::string_view::npos)
    fail("is no event, or not a whole one; an event is thread|operation(operand)|location");
  const std::string_view own_name = line.substr(0, first);
  const std::string_view call = line.substr(first + 1, second - first - 1);
  if (own_name.empty()) fail("names no thread; an event is thread|operation(operand)|location");
  const size_t open = call.find('(');
  const std::string_view name = call.substr(0, open);
  const std::optional<Word> word = word_of(name);
  if (!word) {
    fail("there is no operation \"" + std::string(name.substr(0, 40)) +
         "\"; there are r, w, acq, rel, req, fork, join, begin, end, wait, notify and notifyAll");
  }
  std::string_view operand;
  if (open != std::string_view::npos) {
    if (call.back() != ')') fail("the operand has no end; an event is thread|operation(operand)|location");
    operand = call.substr(open + 1, call.size() - open - 2);
  }
  const bool stands_alone = *word == Word::kBegin || *word == Word::kEnd;
  if (operand.empty() && !stands_alone)
    fail('"' + std::string(name) + "\" needs an operand, as in T1|" + std::string(name) + "(x)|7");

  ++builder_.trace().lines;
  const uint32_t thread = thread_number(own_name);
  const uint32_t site = site_number(line.substr(second + 1));
  const bool on_lock = *word == Word::kAcq || *word == Word::kRel || *word == Word::kReq ||
                       *word == Word::kWait || *word == Word::kNotify;
  const uint32_t lock = on_lock ? lock_number(operand) : kNone;
  if (monitors_[thread].waits_for != kNone) end_wait(thread, *word, lock, site);
  switch (*word) {
    case Word::kRead:
      return add(Op::kRead, thread, variable_number(operand), site);
    case Word::kWrite:
      return add(Op::kWrite, thread, variable_number(operand), site);
    case Word::kAcq:
      return add(Op::kAcquire, thread, lock, site);
    case Word::kRel:
      return add(Op::kRelease, thread, lock, site);
    case Word::kReq:
      return add(Op::kRequest, thread, lock, site);
    case Word::kFork:
      return add(Op::kFork, thread, other_thread(own_name, operand), site);
    case Word::kJoin:
      return add(Op::kJoin, thread, other_thread(own_name, operand), site);
    case Word::kBegin:
      return add(Op::kBegin, thread, kNone, site);
    case Word::kEnd:
      return add(Op::kEnd, thread, kNone, site);
    case Word::kWait:
      return wait(thread, lock, site);
    case Word::kNotify:
      return add(Op::kNotify, thread, condition_of(lock), site);
  }
}

void StdTraceReader::fail_on_length() {
  ++line_;
  fail("is longer than 1 MiB, and so no event; give a text trace, one event a line");
}

Trace StdTraceReader::finish() {
  Trace trace = builder_.take();
  if (trace.lines == 0) {
    throw TraceError(on_one_line(path_) +
                     ": holds no event; a trace has one a line: thread|operation(operand)|location");
  }
  return trace;
}

}  // namespace

Trace read_std_trace(const ByteSource& source, const std::string& path) {
  StdTraceReader reader(path);
  const auto buffer = std::make_unique_for_overwrite<char[]>(kBuffer);
  size_t held = 0;
  for (;;) {
    const size_t got = source(buffer.get() + held, kBuffer - held);
    const char* at = buffer.get();
    const char* const end = at + held + got;
    while (const char* line_end =
               static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)))) {
      reader.read_line({at, static_cast<size_t>(line_end - at)});
      at = line_end + 1;
    }
    held = static_cast<size_t>(end - at);
    if (got == 0) {
      if (held != 0) reader.read_line({at, held});
      return reader.finish();
    }
    std::memmove(buffer.get(), at, held);
    if (held == kBuffer) reader.fail_on_length();
  }
}

}  // namespace gordian::predict
