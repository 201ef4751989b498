// What a whole function does: its control flow graph, walked with sets of states until nothing changes.
//
// Promises: terminates; paths are told apart by the locks held on them and, as long as there are few, by what
// was tested (as in Das, Lerner, Seigle: ESP, 2002). What was given up for the sake of time is counted in
// Shared::dropped.
#pragma once

#include "analyzer/static-pass/link/interpreter.h"

namespace gordian::check {

struct FunctionResult {
  Effects effects;
  Events events;  // of this function alone; empty unless recorded
};

FunctionResult analyse_function(Shared& shared, FunctionId function);

}  // namespace gordian::check
