// What a thread that sleeps in a futex call waits for: which primitive, where, and how.
//
// Promises: a kind is told when the thread came through a function of the C library that waits for such a
// thing; or, where the library has no names for its inner functions, when it sleeps inside of the library on
// words that fit one kind alone. In a program without any names the words are all there is, and a wait that
// they suggest has `by_shape` set. What stays unclear is a raw futex. Pure, but for the memory it reads.
// Source: glibc's nptl/, as analyzer/model/lock_words.h.
#pragma once

#include <span>
#include <string>

#include "analyzer/capture/process/c_library.h"
#include "analyzer/capture/process/process_image.h"
#include "analyzer/model/lock_words.h"
#include "analyzer/model/snapshot.h"

namespace gordian::capture {

struct NativeWait {
  model::ResourceKind kind = model::ResourceKind::kNone;
  uint64_t address = 0;  // of the primitive; of a join: 0
  uint32_t joins = 0;    // own_tid of the thread whose end it waits for
  bool shared = false;   // the read side
  bool timed = false;
  bool reacquiring = false;  // woken from a condition, and waits for its mutex
  bool by_shape = false;
  bool by_guess = false;  // which one it is, has to be guessed from its registers; `address` is 0 until then
};

// An innermost frame of the thread.
struct WaitFrame {
  std::string function;  // empty where it has no name
  bool in_c_library = false;
};

// Whether the thread sleeps in a futex wait at all.
bool is_futex_wait(const SystemCall& call);

// `frames`: the innermost ones, innermost first.
NativeWait native_wait(const ProcessImage& process, const SystemCall& call, std::span<const WaitFrame> frames,
                       const CLibrary& library);

// The mutex with priority inheritance that one of the registers points to and another thread has; 0: none.
uint64_t refused_mutex(const ProcessImage& process, const Registers& registers);

// What the primitive says of itself; nothing where it cannot be read. An owner is given as its own_tid.
std::optional<model::LockState> lock_state(Memory& memory, model::ResourceKind kind, uint64_t address);

}  // namespace gordian::capture
