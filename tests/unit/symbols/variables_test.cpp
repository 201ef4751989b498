// Data addresses of this very program: globals, members, statics of functions.
#include <gtest/gtest.h>
#include <pthread.h>
#include <semaphore.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "tests/unit/symbols/own_process.h"

struct CAccount {
  int balance;
  pthread_mutex_t lock;
};

CAccount accounts[4];
constexpr uint32_t kAccountsLine = __LINE__ - 1;

extern "C" {
pthread_mutex_t c_lock = PTHREAD_MUTEX_INITIALIZER;
sem_t c_semaphore;
pthread_cond_t c_changed = PTHREAD_COND_INITIALIZER;
}

namespace bank {

std::mutex registry_lock;
std::array<std::mutex, 3> shards;

struct Empty {};

struct Branch : Empty {
  std::mutex door;
  struct {
    long visits;
    pthread_mutex_t gate;
  };
  std::array<std::pair<int, std::mutex>, 2> counters;
  std::mutex desks[2][3];
  static std::mutex all_lock;
};

std::mutex Branch::all_lock;
Branch branches[2];

namespace {
std::mutex hidden_lock;
}

[[gnu::noinline]] std::mutex& local_lock(int, const std::string&) {
  static std::mutex lock;
  return lock;
}

}  // namespace bank

static pthread_mutex_t file_lock;

namespace gordian::symbols::test {
namespace {

class Variables : public ::testing::Test {
 protected:
  std::string name_of(const volatile void* address, uint64_t offset = 0) {
    const auto variable = symbolizer_.variable_at(reinterpret_cast<uint64_t>(address) + offset);
    return variable ? variable->name : "nothing";
  }

  Symbolizer symbolizer_{own_mappings()};
};

TEST_F(Variables, AMemberOfAnArrayElementIsSpelledAsInTheSource) {
  EXPECT_EQ(name_of(&accounts[1].lock), "accounts[1].lock");
  EXPECT_EQ(name_of(&accounts[3].lock), "accounts[3].lock");
  EXPECT_EQ(name_of(&accounts[2].balance), "accounts[2].balance");
}

TEST_F(Variables, TheDeclarationIsGiven) {
  const auto variable = symbolizer_.variable_at(reinterpret_cast<uint64_t>(&accounts[1].lock));
  ASSERT_TRUE(variable);
  EXPECT_TRUE(variable->file.ends_with("tests/unit/symbols/variables_test.cpp")) << variable->file;
  EXPECT_EQ(variable->line, kAccountsLine);
}

TEST_F(Variables, ALockIsNotTakenApart) {
  EXPECT_EQ(name_of(&c_lock), "c_lock");
  EXPECT_EQ(name_of(&c_lock, 8), "c_lock");
  EXPECT_EQ(name_of(&c_semaphore), "c_semaphore");
  EXPECT_EQ(name_of(&bank::registry_lock), "bank::registry_lock");
  EXPECT_EQ(name_of(&c_changed, 0x28), "c_changed");
}

TEST_F(Variables, ElementsOfLibraryArraysHaveTheirIndex) {
  EXPECT_EQ(name_of(&bank::shards[2]), "bank::shards[2]");
}

TEST_F(Variables, EmptyBasesUnnamedMembersAndManyDimensionsAreWalked) {
  EXPECT_EQ(name_of(&bank::branches[0].door), "bank::branches[0].door");
  EXPECT_EQ(name_of(&bank::branches[1].desks[1][2]), "bank::branches[1].desks[1][2]");
  EXPECT_EQ(name_of(&bank::branches[1].visits), "bank::branches[1].visits");
  EXPECT_EQ(name_of(&bank::branches[1].gate), "bank::branches[1].gate");
  EXPECT_EQ(name_of(&bank::branches[1].counters[1].second), "bank::branches[1].counters[1].second");
}

TEST_F(Variables, StaticMembersAndAnonymousNamespacesAreNamed) {
  EXPECT_EQ(name_of(&bank::Branch::all_lock), "bank::Branch::all_lock");
  EXPECT_EQ(name_of(&bank::hidden_lock), "bank::hidden_lock");
  EXPECT_EQ(name_of(&file_lock), "file_lock");
}

TEST_F(Variables, AStaticOfAFunctionIsNamedAfterTheFunction) {
  EXPECT_EQ(name_of(&bank::local_lock(1, "")), "bank::local_lock()::lock");
}

TEST_F(Variables, StackAndHeapAndCodeAreNoVariables) {
  int on_stack = 0;
  const auto on_heap = std::make_unique<int>(1);
  EXPECT_EQ(name_of(&on_stack), "nothing");
  EXPECT_EQ(name_of(on_heap.get()), "nothing");
  EXPECT_EQ(name_of(reinterpret_cast<void*>(&bank::local_lock)), "nothing");
  EXPECT_EQ(name_of(nullptr), "nothing");
}

TEST_F(Variables, ZeroedDataIsFoundWhenOnlyFilesAreListed) {
  std::vector<Mapping> mappings = own_mappings();
  std::erase_if(mappings, [](const Mapping& mapping) { return mapping.path != own_program(); });
  symbolizer_ = Symbolizer(std::move(mappings));
  EXPECT_EQ(name_of(&accounts[1].lock), "accounts[1].lock");
}

TEST_F(Variables, WithoutDebugInformationTheOffsetIsGiven) {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("program");
  if (!run({"objcopy", "--strip-debug", own_program(), copy})) GTEST_SKIP() << "objcopy does not run";
  symbolizer_ = Symbolizer(own_mappings_of(copy));
  EXPECT_EQ(name_of(&accounts[0]), "accounts");
  const uint64_t offset = offsetof(CAccount, lock) + sizeof(CAccount);
  char expected[32];
  std::snprintf(expected, sizeof expected, "accounts+0x%lx", static_cast<unsigned long>(offset));
  EXPECT_EQ(name_of(&accounts[1].lock), expected);
  EXPECT_EQ(name_of(&bank::registry_lock), "bank::registry_lock");
  EXPECT_EQ(name_of(&bank::local_lock(1, "")), "bank::local_lock()::lock");
  EXPECT_EQ(name_of(&bank::hidden_lock), "bank::hidden_lock");
}

}  // namespace
}  // namespace gordian::symbols::test
