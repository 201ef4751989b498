// Who waits for the interpreter lock, in a process that stands still.
#include "analyzer/capture/process/gil_waits.h"

#include <gtest/gtest.h>

#include "fake_interpreter.h"

namespace gordian::capture {
namespace {

class GilWaits : public ::testing::Test {
 protected:
  void SetUp() override {
    library_.is_glibc = true;
    library_.minor = 36;
    const uint64_t code = python_.code("run", {});
    for (int i = 0; i < 3; ++i) python_.thread(code, 1, {});
    python_.set_gil(python_.states[0], 1);
    sleeps(0, 0x5000, 0);
    sleeps(1, python_.gil + 32 + 40, 1);
    sleeps(2, python_.gil + 32 + 44, 1);
  }

  void sleeps(size_t thread, uint64_t word, uint64_t time_limit) {
    SystemCall call;
    call.number = SYS_futex;
    call.arguments = {word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, 0, time_limit, 0, ~0u};
    python_.process.threads[thread].call = call;
  }

  std::vector<HeldGil> held() {
    Interpreter reader = python_.reader();
    return held_gils(reader, python_.process, library_);
  }

  FakePython python_;
  CLibrary library_;
};

TEST_F(GilWaits, ThoseWhoNapOnItsConditionWaitForItsHolder) {
  const auto gils = held();
  ASSERT_EQ(gils.size(), 1u);
  EXPECT_EQ(gils[0].address, python_.gil);
  EXPECT_EQ(gils[0].holder, FakePython::kFirstTid);
  EXPECT_EQ(gils[0].waiters, (std::set<uint32_t>{FakePython::kFirstTid + 1, FakePython::kFirstTid + 2}));
}

TEST_F(GilWaits, OtherWordsAndWaitsWithoutALimitAreNoWaitsForIt) {
  sleeps(1, python_.gil + 32 + 16, 1);  // the condition's own lock
  sleeps(2, python_.gil + 32 + 40, 0);
  const auto gils = held();
  ASSERT_EQ(gils.size(), 1u);
  EXPECT_TRUE(gils[0].waiters.empty());
}

TEST_F(GilWaits, ItsConditionHasOtherPlacesInNewerLibraries) {
  library_.minor = 41;
  sleeps(1, python_.gil + 32 + 32, 1);
  sleeps(2, python_.gil + 32 + 40, 1);
  EXPECT_EQ(held().at(0).waiters, std::set<uint32_t>{FakePython::kFirstTid + 1});
}

TEST_F(GilWaits, AHolderThatRunsMayGiveItBack) {
  python_.process.threads[0].call.reset();
  EXPECT_TRUE(held().empty());
}

TEST_F(GilWaits, AFreeOneHasNoHolder) {
  python_.set_gil(python_.states[0], 0);
  EXPECT_TRUE(held().empty());
}

TEST_F(GilWaits, OneThatIsBeingTakenIsNotBelieved) {
  python_.set_gil(python_.states[0], 1, 1);
  EXPECT_TRUE(held().empty());
}

TEST_F(GilWaits, AHolderThatIsNoThreadIsNotBelieved) {
  python_.set_gil(0x1234, 1);
  EXPECT_TRUE(held().empty());
}

TEST_F(GilWaits, ConditionsOfOtherLibrariesAreNotKnown) {
  library_.is_glibc = false;
  EXPECT_TRUE(held().empty());
}

}  // namespace
}  // namespace gordian::capture
