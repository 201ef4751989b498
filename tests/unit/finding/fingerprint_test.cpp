#include "analyzer/finding/fingerprint.h"

#include <gtest/gtest.h>

namespace gordian::finding {
namespace {

const FingerprintStep kOne{"a", "f", "g"};
const FingerprintStep kTwo{"b", "f", "h"};
const FingerprintStep kThree{"c", "f", "i"};

TEST(Fingerprint, IsSixteenHexDigits) {
  EXPECT_EQ(fingerprint("deadlock", {kOne, kTwo}, true).size(), 16u);
  EXPECT_EQ(fingerprint("deadlock", {}, true).size(), 16u);
}

TEST(Fingerprint, DoesNotDependOnWhereTheCycleIsCut) {
  const std::string one = fingerprint("deadlock", {kOne, kTwo, kThree}, true);
  EXPECT_EQ(fingerprint("deadlock", {kTwo, kThree, kOne}, true), one);
  EXPECT_EQ(fingerprint("deadlock", {kThree, kOne, kTwo}, true), one);
  EXPECT_NE(fingerprint("deadlock", {kOne, kThree, kTwo}, true), one)
      << "the other way round is another cycle";
}

TEST(Fingerprint, OfAKnotDoesNotDependOnOrder) {
  EXPECT_EQ(fingerprint("deadlock", {kOne, kThree, kTwo}, false),
            fingerprint("deadlock", {kTwo, kThree, kOne}, false));
}

TEST(Fingerprint, DependsOnRuleLockAndFunctions) {
  const std::string base = fingerprint("deadlock", {kOne, kTwo}, true);
  EXPECT_NE(fingerprint("global-stall", {kOne, kTwo}, true), base);
  EXPECT_NE(fingerprint("deadlock", {kOne}, true), base);
  for (std::string FingerprintStep::*part :
       {&FingerprintStep::lock, &FingerprintStep::acquiring, &FingerprintStep::waiting}) {
    FingerprintStep other = kTwo;
    other.*part += "x";
    EXPECT_NE(fingerprint("deadlock", {kOne, other}, true), base);
  }
}

TEST(Fingerprint, StaysWhatItWas) {
  // Baselines and suppressions hold these.
  EXPECT_EQ(fingerprint("deadlock", {kOne, kTwo}, true), "2468f3f97332dc54");
}

}  // namespace
}  // namespace gordian::finding
