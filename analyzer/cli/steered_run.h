// One run of a program by a plan.
//
// Promises: bounded: the program leads a process group of its own, which is killed when the cycle has closed,
// when the time is over, and in any case before this returns. The program's standard input is rewound where
// it is a file; a terminal is not given to it. Throws Refusal when the program cannot be started.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/record/steering.h"

namespace gordian::cli {

struct SteeredProgram {
  std::string file;
  std::string hooks;
  std::vector<std::string> arguments;
  uint32_t stack_depth = 16;
  bool shows_output = false;
};

struct SteeredRun {
  record::Steering plan;                     // as the run left it
  std::optional<finding::Finding> deadlock;  // of the threads that stood in place, as the live judge told it:
                                             // of these, and perhaps of others that wait between them
  std::vector<finding::Finding> others;      // what else was told
  bool ended_by_itself = false;
};

SteeredRun run_steered(const SteeredProgram& program, const record::Steering& plan,
                       std::chrono::steady_clock::time_point until);

}  // namespace gordian::cli
