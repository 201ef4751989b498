// A recorded trace of this very process: addresses become names.
#include "analyzer/cli/trace_symbols.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cstring>
#include <fstream>
#include <sstream>

pthread_mutex_t lock_of_trace_symbols_test;

namespace gordian::cli {
namespace {

std::vector<record::ModuleRecord> own_modules() {
  std::vector<record::ModuleRecord> modules;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    uint64_t start = 0, end = 0, offset = 0;
    char dash = 0;
    std::string rights, device, inode, path;
    words >> std::hex >> start >> dash >> end >> rights >> offset >> device >> inode >> path;
    if (path.empty() || path[0] != '/') continue;
    record::ModuleRecord module{};
    module.start = start;
    module.end = end;
    module.file_offset = offset;
    std::strncpy(module.path, path.c_str(), sizeof module.path - 1);
    modules.push_back(module);
  }
  return modules;
}

__attribute__((noinline)) uint64_t where_it_is_called_from() {
  return reinterpret_cast<uint64_t>(__builtin_return_address(0));
}

TEST(TraceSymbols, NamesLocksByVariableAndElseByTheirFirstSite) {
  predict::Trace trace;
  trace.modules = own_modules();
  trace.sites.push_back({.address = where_it_is_called_from()});
  trace.locks.push_back({.address = reinterpret_cast<uint64_t>(&lock_of_trace_symbols_test)});
  trace.locks.push_back({.address = 0x10, .first_site = 0});
  trace.locks.push_back({.address = 0x20, .first_site = 0});
  TraceSymbols names(trace);

  EXPECT_EQ(names.lock(0).name, "lock_of_trace_symbols_test");
  EXPECT_EQ(names.lock(0).kind, "mutex");
  EXPECT_EQ(names.lock(0).stable, "lock_of_trace_symbols_test");
  const finding::Stack stack = names.stack(0);
  EXPECT_NE(stack.back().function.find("TraceSymbols_NamesLocks"), std::string::npos)
      << stack.back().function;
  EXPECT_TRUE(names.lock(1).name.starts_with("mutex first taken at ")) << names.lock(1).name;
  EXPECT_EQ(names.lock(1).stable, "mutex");

  // Two of one name are told apart, always in the same way.
  EXPECT_EQ(names.lock(2).name, names.lock(1).name + " #2");
  EXPECT_EQ(names.lock(2).name, names.lock(1).name + " #2");
  EXPECT_EQ(names.place(predict::kNone), "");
}

}  // namespace
}  // namespace gordian::cli
