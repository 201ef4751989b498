// What the program (__tsan_default_options) and its user (TSAN_OPTIONS, which has precedence) ask of
// ThreadSanitizer, as far as it has a meaning here. Unknown keys are ignored, as ThreadSanitizer does.
//
// Keys: report_bugs, report_atomic_races, halt_on_error, exitcode; suppressions is that of suppressions.h.
// Without them a race changes nothing about how the program ends: ThreadSanitizer's own 66 has to be asked
// for.
#pragma once

namespace gordian::hooks::races {

struct TsanOptions {
  bool report_bugs = true;
  bool report_atomic_races = true;  // those with an atomic side
  bool halt_on_error = false;
  int exitcode = -1;  // of a process in which races were told; -1: its own
};

// Read at the first call.
const TsanOptions& tsan_options();

// Ends the process after a race, where that was asked for.
void halt_if_asked();

}  // namespace gordian::hooks::races
