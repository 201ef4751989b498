#include "analyzer/predict/std_trace_reader.h"

#include <gtest/gtest.h>

#include "tests/unit/predict/text_trace.h"

namespace gordian::predict {
namespace {

std::string complaint_about_std(std::string_view text) {
  try {
    trace_of(text);
  } catch (const TraceError& error) {
    return error.what();
  }
  return "";
}

TEST(StdReader, ReadsEveryOperation) {
  const Trace trace = trace_of(
      "T0|begin(0)|1\nT0|w(V1.2[0])|2\nT0|fork(T1)|3\nT1|begin|4\nT1|req(L)|5\nT1|acq(L)|5\nT1|r(V1.2[0])|6\n"
      "T1|rel(L)|7\nT1|end()|8\nT0|join(T1)|9\nT0|end(0)|10\n");
  EXPECT_EQ(trace.lines, 11u);
  EXPECT_EQ(operations_of(trace),
            (std::vector{Op::kBegin, Op::kWrite, Op::kFork, Op::kBegin, Op::kRequest, Op::kAcquire, Op::kRead,
                         Op::kRelease, Op::kEnd, Op::kJoin, Op::kEnd}));
  EXPECT_EQ(trace.threads.size(), 2u);
  EXPECT_EQ(trace.locks.size(), 1u);
  EXPECT_EQ(trace.variables.size(), 1u);
  EXPECT_TRUE(trace.holds_accesses);
  EXPECT_EQ(trace.events[2].operand, 1u);
}

TEST(StdReader, TheLocationMayBeAnythingAndTheLineMayEndAsItLikes) {
  const Trace trace = trace_of("T1|acq(a)|src/a.c:12|x\r\n\nT1|rel(a)|");
  ASSERT_EQ(trace.events.size(), 2u);
  EXPECT_EQ(trace.sites[trace.events[0].site].text, "src/a.c:12|x");
  EXPECT_FALSE(trace.holds_accesses);
}

TEST(StdReader, ReadsTheSameWhateverThePieces) {
  const std::string_view text = "T1|acq(lock)|1\nT1|acq(other)|2\nT1|rel(other)|3\nT1|rel(lock)|4";
  for (size_t piece = 1; piece < text.size(); ++piece) {
    const Trace trace = read_std_trace(source_of(text, piece), "made.std");
    EXPECT_EQ(trace.events.size(), 4u) << piece;
    EXPECT_EQ(trace.locks[1].name, "other") << piece;
  }
}

TEST(StdReader, ABareNumberMeansTheThreadWhereThreadsAreCalledByLetterAndNumber) {
  const Trace trace = trace_of("T9|fork(12)|1\nT12|w(x)|2\nT9|join(12)|3\n");
  EXPECT_EQ(trace.threads.size(), 2u);
  EXPECT_EQ(trace.events[0].operand, trace.events[1].thread);
  EXPECT_EQ(trace_of("9|fork(12)|1\n12|w(x)|2\n").threads.size(), 2u);
}

TEST(StdReader, AWaitReleasesAndTheNextAcquisitionTakesItBack) {
  const Trace trace = trace_of(
      "T1|acq(m)|1\nT1|wait(m)|2\nT2|acq(m)|3\nT2|notify(m)|4\nT2|rel(m)|5\n"
      "T1|req(m)|6\nT1|acq(m)|6\nT1|rel(m)|7\n");
  EXPECT_EQ(operations_of(trace),
            (std::vector{Op::kAcquire, Op::kRelease, Op::kWait, Op::kAcquire, Op::kNotify, Op::kRelease,
                         Op::kRequest, Op::kWake, Op::kAcquire, Op::kRelease}));
}

TEST(StdReader, AWaitAfterARecordedReleaseIsTheSame) {
  const Trace trace = trace_of("T1|acq(m)|1\nT1|rel(m)|2\nT1|wait(m)|2\nT2|notifyAll(m)|4\nT1|acq(m)|6\n");
  EXPECT_EQ(operations_of(trace),
            (std::vector{Op::kAcquire, Op::kRelease, Op::kWait, Op::kNotify, Op::kWake, Op::kAcquire}));
}

TEST(StdReader, AWaitThatSaysNothingOfItsLockTakesItBackAtTheNextEvent) {
  // Taken twice before, so it has to be given back twice.
  const Trace trace = trace_of(
      "T1|acq(m)|1\nT1|acq(m)|1\nT1|wait(m)|2\nT2|acq(m)|3\nT2|notify(m)|4\n"
      "T2|rel(m)|5\nT1|r(x)|6\nT1|rel(m)|7\nT1|rel(m)|8\nT2|acq(m)|9\n");
  EXPECT_EQ(operations_of(trace),
            (std::vector{Op::kAcquire, Op::kRelease, Op::kWait, Op::kAcquire, Op::kNotify, Op::kRelease,
                         Op::kWake, Op::kAcquire, Op::kRead, Op::kRelease, Op::kAcquire}));
}

TEST(StdReader, EachFaultIsNamedWithFileAndLine) {
  struct Case {
    std::string_view text, complaint;
  };
  for (const Case& each : {
           Case{"", "made.std: holds no event"},
           Case{"T1|acq(a)|1\nT1|rel(a)\n", "made.std:2: is no event, or not a whole one"},
           Case{"T1|acq(a)|1\nT1|re", "made.std:2: is no event"},
           Case{"|acq(a)|1\n", "made.std:1: names no thread"},
           Case{"T1|lock(a)|1\n", "made.std:1: there is no operation \"lock\""},
           Case{"T1||1\n", "made.std:1: there is no operation \"\""},
           Case{"T1|acq(a|1\n", "made.std:1: the operand has no end"},
           Case{"T1|acq()|1\n", "made.std:1: \"acq\" needs an operand"},
           Case{"T1|acq|1\n", "made.std:1: \"acq\" needs an operand"},
           Case{"T1|rel(a)|1\n",
                "made.std:1: thread T1, lock a: a release of a lock that the thread does not hold"},
           Case{"T1|acq(a)|1\n\nT2|acq(a)|1\n",
                "made.std:3: thread T2, lock a: an acquisition of a lock that another thread holds, T1"},
           Case{"T1|ac\x01q(a)|1\n", "made.std:1: there is no operation \"ac?q\""},
       }) {
    const std::string complaint = complaint_about_std(each.text);
    EXPECT_TRUE(complaint.starts_with(each.complaint)) << complaint;
    EXPECT_EQ(complaint.find('\n'), std::string::npos);
  }
}

TEST(StdReader, ALineWithoutEndIsNotReadForEver) {
  size_t given = 0;
  const ByteSource endless = [&given](char* to, size_t size) {
    std::memset(to, 'x', size);
    given += size;
    return size;
  };
  EXPECT_THROW(read_std_trace(endless, "made.std"), TraceError);
  EXPECT_LT(given, size_t{8} << 20);
}

}  // namespace
}  // namespace gordian::predict
