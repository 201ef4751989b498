#include "analyzer/capture/function_names.h"
#include "analyzer/capture/lock_names.h"
#include "tests/unit/capture/fake_names.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using model::ResourceKey;
using record::ResourceKind;

TEST(FunctionNames, ArePlain) {
  const std::pair<const char*, const char*> cases[] = {
      {"transfer", "transfer"},
      {"bank::transfer(Account&, Account&)", "bank::transfer"},
      {"void bank::transfer<int, std::pair<int, int> >(int) const", "bank::transfer"},
      {"std::vector<int>::size() const &", "std::vector::size"},
      {"work(int) [clone .cold]", "work"},
      {"name[abi:cxx11](int)", "name"},
      {"(anonymous namespace)::work(int)", "(anonymous namespace)::work"},
      {"int (anonymous namespace)::A<int>::work(int)", "(anonymous namespace)::A::work"},
      {"main::{lambda(int)#1}::operator()(int) const", "main::{lambda#1}::operator()"},
      {"Set::operator<(Set const&) const", "Set::operator<"},
      {"bool Set::operator<< <int>(int)", "Set::operator<<"},
      {"Flag::operator bool() const", "Flag::operator bool"},
      {"operator new(unsigned long)", "operator new"},
      {"my_operator(int)", "my_operator"},
      {"operators::run()", "operators::run"},
      {"", ""},
      {"(((", "((("},
  };
  for (const auto& [demangled, plain] : cases) EXPECT_EQ(plain_function(demangled), plain) << demangled;
}

TEST(FunctionNames, TellWrappersFromTheProgramsOwn) {
  EXPECT_TRUE(is_wrapper("std::lock_guard::lock_guard"));
  EXPECT_TRUE(is_wrapper("__gthread_mutex_lock"));
  EXPECT_TRUE(is_wrapper("pthread_mutex_lock"));
  EXPECT_FALSE(is_wrapper("transfer"));
  EXPECT_FALSE(is_wrapper("standard::transfer"));
  test::FakeNames names;
  names.code(1, "__gthread_mutex_lock(pthread_mutex_t*)");
  names.code(1, "std::mutex::lock()");
  names.code(1, "bank::transfer(int)");
  EXPECT_EQ(own_function(names.resolve(1, true)), "bank::transfer");
  EXPECT_EQ(own_function(names.resolve(2, true)), "");
}

TEST(FunctionNames, SayWhereAFrameIs) {
  finding::Frame frame;
  frame.address = 0x1234;
  EXPECT_EQ(place(frame), "0x1234");
  frame.module = "/usr/lib/libbank.so";
  frame.module_offset = 0x34;
  EXPECT_EQ(place(frame), "libbank.so+0x34");
  frame.function = "transfer(int)";
  EXPECT_EQ(place(frame), "transfer (libbank.so)");
  frame.file = "/src/bank.cpp";
  frame.line = 12;
  EXPECT_EQ(place(frame), "transfer (bank.cpp:12)");
}

class LockNamesTest : public ::testing::Test {
 protected:
  LockNamesTest() {
    names.code(0x100, "Account::Account()", "bank.cpp", 5);
    names.code(0x110, "transfer", "bank.cpp", 11);
    names.code(0x120, "__gthread_mutex_lock", "gthr-default.h", 749);
  }

  finding::ResourceName name(ResourceKey of) {
    sightings.try_emplace(of);
    return LockNames(record, sightings, names).name(of);
  }

  record::Record record;
  LockSightings sightings;
  test::FakeNames names;
  const ResourceKey key{ResourceKind::kMutex, 0x10};
};

TEST_F(LockNamesTest, AGlobalIsCalledByItsName) {
  names.variable(0x10, "accounts[1].lock");
  record.resources.push_back(test::make_resource(key.kind, key.address, 0x110, 0x100));
  const finding::ResourceName result = name(key);
  EXPECT_EQ(result.name, "accounts[1].lock");
  EXPECT_EQ(result.stable, "accounts[1].lock");
  EXPECT_EQ(result.kind, "mutex");
  EXPECT_EQ(result.address, 0x10u);
  names.variable(0x10, "accounts+0x28");
  EXPECT_EQ(name(key).stable, "accounts");
}

TEST_F(LockNamesTest, ElseByWhereItWasInitialised) {
  record.resources.push_back(test::make_resource(key.kind, key.address, 0x110, 0x100));
  EXPECT_EQ(name(key).name, "mutex initialised at Account::Account (bank.cpp:5)");
  EXPECT_EQ(name(key).stable, "mutex initialised at Account::Account");
}

TEST_F(LockNamesTest, ElseByWhereItWasFirstTakenWhichIsNotStable) {
  record.resources.push_back(test::make_resource(key.kind, key.address, 0x110));
  EXPECT_EQ(name(key).name, "mutex first taken at transfer (bank.cpp:11)");
  EXPECT_EQ(name(key).stable, "mutex");
  record.resources[0].kind = static_cast<uint8_t>(ResourceKind::kCondition);
  EXPECT_EQ(name({ResourceKind::kCondition, 0x10}).name, "condition first used at transfer (bank.cpp:11)");
}

TEST_F(LockNamesTest, ASiteInAWrapperIsNamedByAStackSeenThere) {
  record.resources.push_back(test::make_resource(key.kind, key.address, 0x120));
  EXPECT_EQ(name(key).name, "mutex first taken at __gthread_mutex_lock (gthr-default.h:749)");
  finding::Stack stack = names.resolve(0x120, true);
  stack.push_back(names.resolve(0x110, true).front());
  sightings[key].push_back({0x120, stack});
  EXPECT_EQ(name(key).name, "mutex first taken at transfer (bank.cpp:11)");
}

TEST_F(LockNamesTest, ElseByWhereItWasSeenAndLastByAddress) {
  EXPECT_EQ(name(key).name, "mutex at 0x10");
  sightings[key].push_back({0x110, names.resolve(0x110, true)});
  EXPECT_EQ(name(key).name, "mutex seen at transfer (bank.cpp:11)");
}

TEST_F(LockNamesTest, AnEndedLockDoesNotNameItsSuccessor) {
  record.resources.push_back(test::make_resource(key.kind, key.address, 0x110));
  record.resources[0].flags = record::kResourceEnded;
  EXPECT_EQ(name(key).name, "mutex at 0x10");
}

TEST_F(LockNamesTest, LocksThatWouldShareANameAreNumbered) {
  const ResourceKey other{ResourceKind::kMutex, 0x20};
  record.resources.push_back(test::make_resource(key.kind, key.address, 0x110));
  record.resources.push_back(test::make_resource(other.kind, other.address, 0x110));
  sightings.try_emplace(other);
  EXPECT_EQ(name(key).name, "mutex first taken at transfer (bank.cpp:11) #1");
  EXPECT_EQ(name(other).name, "mutex first taken at transfer (bank.cpp:11) #2");
  EXPECT_EQ(name(key).stable, name(other).stable);
}

TEST_F(LockNamesTest, EveryKindHasAName) {
  EXPECT_EQ(kind_name(ResourceKind::kMutex), "mutex");
  EXPECT_EQ(kind_name(ResourceKind::kRwlock), "rwlock");
  EXPECT_EQ(kind_name(ResourceKind::kSpin), "spinlock");
  EXPECT_EQ(kind_name(ResourceKind::kBarrier), "barrier");
  EXPECT_EQ(kind_name(ResourceKind::kCondition), "condition");
  EXPECT_EQ(kind_name(ResourceKind::kSemaphore), "semaphore");
  EXPECT_EQ(kind_name(ResourceKind::kOnce), "once");
  EXPECT_EQ(kind_name(ResourceKind::kThread), "thread");
  EXPECT_EQ(kind_name(ResourceKind::kStdioFile), "stdio lock");
  EXPECT_EQ(kind_name(ResourceKind::kStaticGuard), "static guard");
  EXPECT_EQ(kind_name(ResourceKind::kFutex), "futex");
}

}  // namespace
}  // namespace gordian::capture
