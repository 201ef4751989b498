// Writes the seed corpus of the trace fuzzer into the directory that it is given.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/trace_seeds.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  std::filesystem::create_directories(argv[1]);
  int number = 0;
  for (const std::vector<uint8_t>& seed : gordian::fuzz::trace_seeds()) {
    std::ofstream file(std::string(argv[1]) + "/seed-" + std::to_string(number++), std::ios::binary);
    file.write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
  }
}
