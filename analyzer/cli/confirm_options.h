// What `gordian confirm` was asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gordian::cli {

struct ConfirmOptions {
  std::string report;
  std::vector<std::string> program;  // its name and arguments
  std::vector<std::string> fingerprints;
  uint32_t tries = 10;
  uint32_t timeout_seconds = 20;
  uint32_t patience_ms = 1000;
  uint64_t seed = 1;
  std::string format = "text";
  std::string output;
  std::string colour = "auto";
  uint32_t stack_depth = 16;
  bool shows_output = false;
  bool quiet = false;
};

// Tries each chosen lock-order inversion. Returns the exit code; throws Refusal.
int confirm(const ConfirmOptions& options);

}  // namespace gordian::cli
