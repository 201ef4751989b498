#include <gtest/gtest.h>

#include "analyzer/predict/findings.h"
#include "analyzer/predict/trace_reader.h"
#include "tests/unit/predict/text_trace.h"
#include "tests/unit/predict/trace_file_builder.h"

namespace gordian::predict {
namespace {

using record::ResourceKind;
using record::TraceOp;

Trace read(const TraceFileBuilder& builder) {
  const std::string bytes = builder.bytes();
  return read_own_trace(source_of(bytes), "made.trace");
}

std::string complaint_about(std::string_view bytes) {
  try {
    read_own_trace(source_of(bytes), "made.trace");
  } catch (const TraceError& error) {
    return error.what();
  }
  return "";
}

finding::Grade grade_of(const Trace& trace) {
  const Prediction prediction = predict(trace);
  EXPECT_EQ(prediction.deadlocks.size(), 1u);
  TraceNames names(trace);
  return finding_of(trace, Doubts(trace), prediction.deadlocks.at(0), names).grade;
}

TEST(OwnReader, ReadsThreadsLocksAndSites) {
  const Trace trace = read(TraceFileBuilder().conflict());
  EXPECT_EQ(trace.lines, 8u);
  ASSERT_EQ(trace.threads.size(), 2u);
  EXPECT_EQ(trace.threads[1].name, "other");
  EXPECT_EQ(trace.threads[1].tid, 101u);
  ASSERT_EQ(trace.locks.size(), 2u);
  EXPECT_EQ(trace.locks[1].address, 0xb0u);
  EXPECT_EQ(trace.sites[trace.locks[1].first_site].address, 0x1001u);
  EXPECT_EQ(trace.program.pid, 77u);
  EXPECT_EQ(grade_of(trace), finding::Grade::kPredicted);
}

TEST(OwnReader, WithoutAccessesNothingIsPredicted) {
  TraceFileBuilder builder;
  builder.conflict().header.flags = 0;
  EXPECT_EQ(grade_of(read(builder)), finding::Grade::kPossible);
}

TEST(OwnReader, ASlotThatWasNeverFilledIsCountedAndLowersTheGrade) {
  TraceFileBuilder builder;
  builder.conflict().events.insert(builder.events.begin() + 2, record::TraceEvent{});
  const Trace trace = read(builder);
  EXPECT_EQ(trace.gaps.unfilled, 1u);
  EXPECT_EQ(grade_of(trace), finding::Grade::kPossible);
}

TEST(OwnReader, ATraceThatWasFullIsAWholePrefix) {
  TraceFileBuilder builder;
  builder.conflict().header.event_capacity = 8;
  builder.header.claimed = 20;
  const Trace trace = read(builder);
  EXPECT_EQ(trace.gaps.cut_off, 12u);
  EXPECT_EQ(grade_of(trace), finding::Grade::kPredicted);
  EXPECT_EQ(unseen_of(trace, {}, {}).size(), 1u);
}

TEST(OwnReader, AnAddressThatIsUsedAgainIsAnotherLock) {
  TraceFileBuilder builder;
  builder.conflict();
  for (size_t i = 4; i < 8; ++i) builder.events[i].generation = 2;
  const Trace trace = read(builder);
  EXPECT_EQ(trace.locks.size(), 4u);
  EXPECT_TRUE(predict(trace).deadlocks.empty());
}

TEST(OwnReader, AReleaseWithoutAnAcquisitionIsPassedOverAndCounted) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kRelease, 0xc0).conflict();
  const Trace trace = read(builder);
  EXPECT_EQ(trace.gaps.misfits, 1u);
  EXPECT_EQ(grade_of(trace), finding::Grade::kPossible);
}

TEST(OwnReader, ReadersOfOneLockDoNotWaitForEachOther) {
  for (const uint8_t second : {uint8_t{0}, record::kTraceShared}) {
    TraceFileBuilder builder;
    builder.conflict();
    // a is a rwlock that both take for reading; b stays exclusive in one case.
    for (record::TraceEvent& event : builder.events) {
      event.kind = static_cast<uint8_t>(ResourceKind::kRwlock);
      if (event.operand == 0xa0) event.flags = record::kTraceShared;
    }
    builder.events[0].flags = second;
    builder.events[3].flags = second;
    EXPECT_EQ(predict(read(builder)).deadlocks.size(), second == 0 ? 1u : 0u);
  }
}

TEST(OwnReader, TriesAndTimedAttemptsDoNotBlock) {
  for (const uint8_t flag : {record::kTraceTry, record::kTraceTimed}) {
    TraceFileBuilder builder;
    builder.conflict().events[5].flags = flag;
    EXPECT_TRUE(predict(read(builder)).deadlocks.empty());
  }
}

TEST(OwnReader, SemaphoresBarriersAndConditionsOrderWhatTheyLetGo) {
  for (const ResourceKind kind : {ResourceKind::kSemaphore, ResourceKind::kBarrier, ResourceKind::kCondition,
                                  ResourceKind::kOnce, ResourceKind::kFutex}) {
    for (const bool waits : {true, false}) {
      TraceFileBuilder builder, whole;
      builder.conflict();
      whole.threads = builder.threads;
      whole.events.assign(builder.events.begin(), builder.events.begin() + 4);
      whole.event(1, TraceOp::kNotify, 0xd0, 0, kind);
      if (waits) whole.event(2, TraceOp::kWake, 0xd0, 0, kind);
      whole.events.insert(whole.events.end(), builder.events.begin() + 4, builder.events.end());
      EXPECT_EQ(predict(read(whole)).deadlocks.size(), waits ? 0u : 1u);
    }
  }
}

TEST(OwnReader, AWaitThatEndedByItselfOrdersNothing) {
  TraceFileBuilder builder, whole;
  builder.conflict();
  whole.events.assign(builder.events.begin(), builder.events.begin() + 4);
  whole.event(2, TraceOp::kWake, 0xd0, record::kTraceTimedOut, ResourceKind::kCondition);
  whole.events.insert(whole.events.end(), builder.events.begin() + 4, builder.events.end());
  EXPECT_EQ(predict(read(whole)).deadlocks.size(), 1u);
}

TEST(OwnReader, PartsOfAWordAreVariablesOfTheirOwn) {
  TraceFileBuilder builder;
  builder.thread("main", 1).thread("second", 2);
  builder.event(1, TraceOp::kWrite, 0x80).event(2, TraceOp::kWrite, 0x84).event(1, TraceOp::kRead, 0x80);
  for (record::TraceEvent& event : builder.events) event.size = 4;
  const Trace trace = read(builder);
  EXPECT_EQ(trace.variables.size(), 2u);
  EXPECT_EQ(operations_of(trace), (std::vector{Op::kWrite, Op::kWrite, Op::kRead}));
  EXPECT_EQ(trace.events[0].operand, trace.events[2].operand);
}

TEST(OwnReader, AnAccessToAWholeWordIsOneOfEachPart) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kUpdate, 0x80).event(1, TraceOp::kRead, 0x82);
  builder.events[1].size = 2;
  const Trace trace = read(builder);
  EXPECT_EQ(trace.variables.size(), 3u);
  EXPECT_EQ(operations_of(trace),
            (std::vector{Op::kRead, Op::kWrite, Op::kRead, Op::kWrite, Op::kRead, Op::kWrite, Op::kRead}));
}

TEST(OwnReader, AnAccessAcrossWordsIsOneOfEach) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, 0x84).events[0].size = 20;
  const Trace trace = read(builder);
  EXPECT_EQ(trace.variables.size(), 3u);
  EXPECT_EQ(trace.events.size(), 3u);
}

TEST(OwnReader, RenewedMemoryIsAnotherVariable) {
  for (const uint64_t end : {uint64_t{0x88}, uint64_t{0x180000000}}) {
    TraceFileBuilder builder;
    builder.event(1, TraceOp::kWrite, 0x80).event(1, TraceOp::kWrite, 0x78);
    builder.event(2, TraceOp::kRenew, 0x80).events.back().size = static_cast<uint32_t>(end - 0x80);
    builder.events.back().generation = static_cast<uint32_t>((end - 0x80) >> 32);
    builder.event(2, TraceOp::kWrite, 0x80).event(2, TraceOp::kWrite, 0x78);
    const Trace trace = read(builder);
    EXPECT_EQ(trace.variables.size(), 3u);
    EXPECT_NE(trace.events[0].operand, trace.events[2].operand);
    EXPECT_EQ(trace.events[1].operand, trace.events[3].operand);
  }
}

TEST(OwnReader, EveryDamageIsOneLine) {
  const std::string whole = TraceFileBuilder().conflict().bytes();
  for (const size_t size : {size_t{8}, sizeof(record::TraceHeader), size_t{4096}, whole.size() - 1}) {
    const std::string complaint = complaint_about(std::string_view(whole).substr(0, size));
    EXPECT_TRUE(complaint.starts_with("made.trace: is cut short")) << complaint;
  }
  const auto with = [](auto&& change) {
    TraceFileBuilder builder;
    builder.conflict();
    change(builder);
    return complaint_about(builder.bytes());
  };
  EXPECT_NE(with([](auto& b) { b.header.version = 9; }).find("version 9"), std::string::npos);
  EXPECT_NE(with([](auto& b) { b.header.byte_order = 0x04030201; }).find("other byte order"),
            std::string::npos);
  EXPECT_NE(with([](auto& b) { b.header.byte_order = 5; }).find("byte-order mark"), std::string::npos);
  EXPECT_NE(with([](auto& b) { b.header.event_size = 16; }).find("other sizes"), std::string::npos);
  EXPECT_NE(with([](auto& b) { b.events[3].op = 200; }).find("event 4 is none"), std::string::npos);
  EXPECT_NE(with([](auto& b) { b.events[3].thread = 0; }).find("event 4 is none"), std::string::npos);
}

}  // namespace
}  // namespace gordian::predict
