// Which locks a thread has by its `with` statements and by RLocks, and what damaged structures make of that.
#include <gtest/gtest.h>

#include <random>

#include "fake_interpreter.h"

namespace gordian::capture {
namespace {

// Of `with a:` around `for i in n: with b: g()` and `h()`, as CPython 3.11 compiles it; offsets are halved
// bytes.
const std::vector<uint8_t> kTwoWiths = {131, 7,  65,  12,  3, 138, 15, 37, 7,   153, 12, 65, 12,  3,  165,
                                        4,   41, 11,  169, 3, 65,  12, 3,  172, 1,   41, 11, 173, 18, 65,
                                        12,  3,  193, 12,  4, 65,  16, 7,  193, 19,  1,  65, 16,  7};
constexpr int64_t kBefore = 1;    // the first `with` has not begun
constexpr int64_t kOuter = 4;     // in the first alone
constexpr int64_t kInner = 11;    // in both
constexpr int64_t kLeaving = 30;  // the second one's __exit__ is called

TEST(PythonExceptions, TheDepthIsWhatAnExceptionWouldUnwindTo) {
  const std::vector<PythonHandler> handlers = python_handlers(kTwoWiths);
  ASSERT_EQ(handlers.size(), 9u);
  EXPECT_EQ(handler_at(handlers, kBefore), nullptr);
  EXPECT_EQ(handler_at(handlers, -1), nullptr);
  EXPECT_EQ(handler_at(handlers, kOuter)->depth, 1u);
  EXPECT_EQ(handler_at(handlers, kInner)->depth, 3u);
  EXPECT_EQ(handler_at(handlers, kLeaving)->depth, 1u);
  EXPECT_EQ(handlers.back().target, 80u);
}

TEST(PythonExceptions, TheInstructionThatEnteredIsTheOneBeforeItsFirstHandler) {
  const std::vector<PythonHandler> handlers = python_handlers(kTwoWiths);
  EXPECT_EQ(entered_at(handlers, kInner, 3), 9);
  EXPECT_EQ(entered_at(handlers, kInner, 1), 2);
  EXPECT_EQ(entered_at(handlers, 55, 1), 2);  // after the inner one, in another piece of the outer
  EXPECT_EQ(entered_at(handlers, kInner, 2), -1);
}

TEST(PythonExceptions, ATableThatIsCutOffEndsThere) {
  for (size_t size = 0; size < kTwoWiths.size(); ++size)
    EXPECT_LE(
        python_handlers({kTwoWiths.begin(), kTwoWiths.begin() + static_cast<std::ptrdiff_t>(size)}).size(),
        9u);
  EXPECT_TRUE(python_handlers({0x03, 7}).empty());
  EXPECT_TRUE(python_handlers(std::vector<uint8_t>(100, 0xff)).empty());
}

class PythonLocks : public ::testing::Test {
 protected:
  std::vector<PythonHold> holds(const std::map<uint32_t, uint64_t>& semaphores = {}) {
    Interpreter reader = python_.reader();
    reader.read_threads(semaphores);
    return reader.holds();
  }

  FakePython python_;
  uint64_t taken_ = python_.semaphore(0);
  uint64_t exit_ = python_.method("__exit__", python_.lock(taken_));
  uint64_t code_ = python_.code("transfer", kTwoWiths);
};

TEST_F(PythonLocks, AWithHasItsLockWhileItsBlockRuns) {
  const uint32_t tid = python_.thread(code_, kOuter, {0, exit_});
  const auto found = holds();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].own_tid, tid);
  EXPECT_EQ(found[0].lock.semaphore, taken_);
  EXPECT_FALSE(found[0].lock.recursive);
  ASSERT_EQ(found[0].acquired_at.size(), 1u);
  EXPECT_EQ(found[0].acquired_at[0].function, "transfer");
  EXPECT_EQ(found[0].acquired_at[0].line, 10u);
}

TEST_F(PythonLocks, TwoWithsAreToldOutermostFirst) {
  const uint64_t other = python_.semaphore(0);
  python_.thread(code_, kInner, {0, exit_, 0, python_.method("__exit__", python_.lock(other))});
  const auto found = holds();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].lock.semaphore, taken_);
  EXPECT_EQ(found[1].lock.semaphore, other);
}

TEST_F(PythonLocks, SlotsThatMayBeLeftOverAreNotLookedAt) {
  python_.thread(code_, kBefore, {exit_, exit_, exit_});
  python_.thread(code_, kOuter, {exit_, 0, exit_, exit_});
  python_.thread(code_, kLeaving, {0, 0, 0, exit_});
  EXPECT_TRUE(holds().empty());
}

TEST_F(PythonLocks, OtherMethodsAndLocksThatAreFreeAreNoHolds) {
  python_.thread(code_, kOuter, {0, python_.method("release", python_.lock(taken_))});
  python_.thread(code_, kOuter, {0, python_.method("__exit__", python_.text("no lock"))});
  python_.thread(code_, kOuter, {0, python_.method("__exit__", python_.lock(python_.semaphore(1)))});
  python_.thread(code_, kOuter, {0, python_.lock(taken_)});
  EXPECT_TRUE(holds().empty());
}

TEST_F(PythonLocks, AThreadThatWaitsForTheLockOfItsWithHasGivenItBack) {
  const uint32_t tid = python_.thread(code_, kOuter, {0, exit_});
  EXPECT_TRUE(holds({{tid, taken_}}).empty());
}

TEST_F(PythonLocks, OfTwoTheOneThatWaitsOnAConditionHasGivenItBack) {
  const uint64_t wait = python_.code("Condition.wait", kTwoWiths, "/usr/lib/python3.11/threading.py");
  const uint32_t waiting = python_.thread(wait, kOuter, {0, exit_});
  EXPECT_EQ(holds().size(), 1u);
  const uint32_t has_it = python_.thread(code_, kOuter, {0, exit_});
  const auto found = holds();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].own_tid, has_it);
  EXPECT_NE(found[0].own_tid, waiting);
}

TEST_F(PythonLocks, AnRLockIsItsOwnersAlone) {
  const uint64_t exit = python_.method("__exit__", python_.rlock(taken_, FakePython::kFirstTid));
  python_.thread(code_, kOuter, {0, exit});
  python_.thread(code_, kOuter, {0, exit});
  const auto found = holds();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].own_tid, FakePython::kFirstTid);
  EXPECT_TRUE(found[0].lock.recursive);
}

TEST_F(PythonLocks, AnRLockWithoutAWithIsFoundByTheOneWhoWaitsForIt) {
  const uint32_t owner = python_.thread(code_, kBefore, {});
  const uint32_t waiter = python_.thread(code_, kBefore, {0, 0, python_.rlock(taken_, owner)});
  EXPECT_TRUE(holds().empty());
  EXPECT_TRUE(holds({{waiter, python_.semaphore(0)}}).empty());
  const auto found = holds({{waiter, taken_}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].own_tid, owner);
  EXPECT_TRUE(found[0].acquired_at.empty());
}

// Every kind of damage: words of the structures replaced by other addresses, small numbers and noise.
TEST_F(PythonLocks, DamagedMemoryIsReadWithoutHarm) {
  const uint32_t waiter = python_.thread(code_, kInner, {0, exit_, 0, exit_});
  python_.thread(code_, kOuter, {0, python_.method("__exit__", python_.rlock(taken_, waiter))});
  python_.set_gil(python_.states.back(), 1);
  const std::vector<uint8_t> whole = python_.memory().bytes;
  std::mt19937_64 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::vector<uint8_t>& bytes = python_.memory().bytes;
    bytes = whole;
    for (int i = 0; i < 8; ++i) {
      const uint64_t at = random() % (bytes.size() / 8) * 8;
      const uint64_t choice[] = {FakeMemory::kStart + random() % bytes.size(), random() % 300, random(),
                                 ~uint64_t{0}};
      std::memcpy(bytes.data() + at, &choice[random() % 4], 8);
    }
    Interpreter reader = python_.reader();
    reader.read_threads({{waiter, taken_}});
    EXPECT_LE(reader.holds().size(), 100u);
    EXPECT_EQ(reader.gils().size(), 1u);
  }
}

}  // namespace
}  // namespace gordian::capture
