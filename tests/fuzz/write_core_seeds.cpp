// Writes the seed corpus of the core fuzzer into the directory that it is given.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/unit/core_builder.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  std::filesystem::create_directories(argv[1]);
  std::ofstream(std::string(argv[1]) + "/two-mutexes", std::ios::binary)
      << gordian::test::two_mutex_core().build();
}
