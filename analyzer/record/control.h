// The control file: one page that `gordian run` shares with every process it watches, as `control` in the run
// directory.
//
// Promises
//   * Freestanding, as the flight record is: fixed-width integers alone. All 4096 bytes are reserved before
//   the first
//     process starts, so that a store to the page never meets a full file system.
//   * The launcher creates it and alone writes `launcher_pid` and `launcher_gone`. The watched processes map
//   it shared and
//     read-write; they only add to `processes`, `unwatched` and `news`.
//   * It is a convenience, never a need: a process that cannot map it goes on and leaves its flight record
//   all the same.
//     The launcher polls besides, so that a lost wake costs 100 ms and no finding.
//   * A watched process never waits on it.
//
// Protocol
//   on load      processes += 1 (relaxed: a statistic); a process that takes no lock makes no record
//   on failure   unwatched += 1 (relaxed), when a flight record cannot be made; the process runs on without
//   on finding   publish the FindingRecord, then news += 1 (release), then futex(&news, FUTEX_WAKE, 1)
//   in launcher  read news (acquire), look at every record, then futex(&news, FUTEX_WAIT, value read, 100 ms)
//                the launcher adds to news itself when its child ends, so that it never sleeps on an old
//                value
//   at the end   the launcher sets launcher_gone (release) before it goes while processes of the run still
//   live; from then on nobody
//                reads, and the processes may do for themselves what the launcher would have done, such as
//                telling on stderr
//
// The futex is the shared kind: no FUTEX_PRIVATE_FLAG on either side. A launcher that is killed leaves
// `launcher_gone` at 0; whoever must know compares getppid or asks kill(launcher_pid, 0).
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::record {

inline constexpr char kControlMagic[8] = {'G', 'O', 'R', 'D', 'C', 'T', 'L', '\n'};
inline constexpr uint32_t kControlVersion = 1;
inline constexpr size_t kControlSize = 4096;
inline constexpr char kControlFileName[] = "control";
inline constexpr char kFlightSuffix[] = ".flight";

// Every word that more than one process touches is accessed as an atomic: std::atomic_ref or __atomic
// builtins.
struct Control {
  char magic[8];
  uint32_t version;  // kControlVersion
  uint32_t news;     // futex word; one more with every finding that a process published
  uint32_t launcher_pid;
  uint32_t launcher_gone;  // 1 when the launcher has stopped listening
  uint32_t processes;  // how many images the hooks were loaded into so far, and forks that got a record of
                       // their own
  uint32_t unwatched;  // how many processes could not make their flight record
  uint32_t reserved[1016];
};
static_assert(sizeof(Control) == kControlSize);
static_assert(offsetof(Control, news) == 12);

}  // namespace gordian::record
