// The plan of a steered run: one page that `gordian confirm` shares with the processes it watches, as
// `steering` in the run directory. It names the places at which the threads of one cycle stand just before
// each waits for the next.
//
// Promises: freestanding, fixed-width integers alone. The launcher fills in what stands above the line in
// each structure before the program starts; the watched processes write what stands below it. Places are told
// by module and offset, so that they are the same in every run. Every word that more than one side touches is
// accessed as an atomic.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::record {

inline constexpr char kSteeringMagic[8] = {'G', 'O', 'R', 'D', 'S', 'T', 'R', '\n'};
inline constexpr uint32_t kSteeringVersion = 2;
inline constexpr char kSteeringFileName[] = "steering";
inline constexpr uint32_t kMaxSteeringParts = 16;
inline constexpr uint32_t kMaxSteeringFrames = 8;

// FNV-1a of the base name of a file, and an address in that file: of the byte before a return address, or of
// a global lock. Module 0: not known.
struct SteeringFrame {
  uint64_t module;
  uint64_t offset;
};

// One thread of the cycle: part i asks for what part i + 1 holds.
struct SteeringPart {
  SteeringFrame frames[kMaxSteeringFrames];  // of the call that asks, innermost first
  SteeringFrame hold;                        // the call that took what it holds
  SteeringFrame asked_lock;                  // where that is a global
  SteeringFrame held_lock;
  uint32_t frame_count;
  uint8_t kind;       // ResourceKind that it asks for
  uint8_t hold_kind;  // ResourceKind that it holds; kThread: itself, until it ends
  uint16_t skip;      // how many times it is let pass first
  // ---- written by the process
  uint32_t passed;       // how often it was there and let pass
  uint32_t gave_up;      // how often it waited for the others in vain
  uint32_t seen;         // how often it was there at all
  uint32_t seen_before;  // and how often before the last of the parts was there for the first time
  uint32_t arrival;      // in which place it came, from 1; 0: it is not there
  uint32_t tid;
  uint32_t serial;
};

enum class SteeringState : uint32_t { kGathering = 0, kClosed = 1 };

struct Steering {
  char magic[8];
  uint32_t version;
  uint32_t part_count;
  uint32_t patience_ms;  // how long one waits for the others
  uint32_t loose;        // 1: the innermost frame is enough
  // ---- written by the process
  uint32_t state;  // SteeringState, and the futex that the parts sleep on
  uint32_t pid;
  uint32_t arrived;  // parts that are there now
  uint32_t most;     // and the most that ever were at once
  SteeringPart parts[kMaxSteeringParts];
};
static_assert(sizeof(Steering) <= 4096);

// Fowler, Noll, Vo: FNV-1a, 64 bits.
constexpr uint64_t steering_hash(const char* text, size_t size) {
  uint64_t value = 0xcbf29ce484222325;
  for (size_t i = 0; i < size; ++i) value = (value ^ static_cast<unsigned char>(text[i])) * 0x100000001b3;
  return value;
}

}  // namespace gordian::record
