// The places that the search for races tries first: a file in the run directory, written by the launcher
// before the program starts and read by its processes.
//
// Promises: freestanding, fixed-width integers alone. Ranges of code of one module each, told by the module's
// base name and by addresses as its file has them, so that they are the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::record {

inline constexpr char kRaceSitesMagic[8] = {'G', 'O', 'R', 'D', 'R', 'S', 'T', '\n'};
inline constexpr uint32_t kRaceSitesVersion = 1;
inline constexpr char kRaceSitesFileName[] = "race-sites";
inline constexpr uint32_t kMaxRaceRanges = 1024;

struct RaceRange {
  uint64_t module;  // steering_hash of its base name
  uint64_t low;
  uint64_t high;
};

struct RaceSites {
  char magic[8];
  uint32_t version;
  uint32_t count;
  RaceRange ranges[kMaxRaceRanges];
};

}  // namespace gordian::record
