// The whole program: every function's effects, from the called ones up, and what the checks judge.
//
// Promises: the same program gives the same events in the same order. Terminates; whatever was given up is
// counted in `dropped`.
#pragma once

#include <vector>

#include "analyzer/static-pass/link/flow.h"
#include "analyzer/static-pass/link/lock_identity.h"

namespace gordian::check {

struct Analysis {
  Program& program;
  const Models& models;
  Shared& shared;
  LockNames names;
  Events events;  // of all functions, in their order
  std::vector<std::vector<FunctionId>> callers;

  Analysis(Program& p, const Models& m, Shared& s) : program(p), models(m), shared(s), names(p) {}
};

void analyse(Analysis& analysis);

}  // namespace gordian::check
