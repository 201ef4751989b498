// What the launcher, or a person with plain LD_PRELOAD, asked for: GORDIAN_OPTIONS="key=value:key=value".
//
// Keys: dir, on-deadlock (report, abort, kill, stop), stack-depth, no-follow, quiet; trace and trace-limit
// (in MiB) for the library that traces; race-overhead (in percent),
// race-sites and race-numbers for the one that looks for races. Unknown keys are ignored: an older library
// may be started by a newer launcher. Without `dir` the record goes to /dev/shm/gordian-UID.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

void read_options(Options& options);

// The directory that is used when none was asked for: of the user that the process runs as now.
void set_own_directory(Options& options);

// Maps the launcher's control page and counts this process in. Nothing where there is no launcher.
void announce_process();
void announce_unwatched();

// Whether this process is the program that the launcher started, and not one of those that it started.
bool is_launched_program();

// Tells the launcher that there is a new finding; false when nobody listens, so that we must tell ourselves.
bool tell_launcher();

}  // namespace gordian::hooks
