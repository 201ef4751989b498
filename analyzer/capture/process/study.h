// Processes that nobody watched, looked at closely: each thread's stack and what it waits for.
//
// Promises: two looks with everything between them, as live_image.h says; a wait is told only of a thread
// that slept through both. Of a core everything stands still. Does not judge.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/capture/process/brief_stop.h"
#include "analyzer/capture/process/c_library.h"
#include "analyzer/capture/process/gil_waits.h"
#include "analyzer/capture/process/interpreter.h"
#include "analyzer/capture/process/kernel_wait.h"
#include "analyzer/capture/process/native_wait.h"
#include "analyzer/capture/process/open_files.h"
#include "analyzer/capture/process/process_image.h"
#include "analyzer/capture/process/unwinder.h"
#include "analyzer/capture/symbolizer_names.h"

namespace gordian::capture {

// Of one thread of ProcessImage::threads, at the same place.
struct ThreadStudy {
  UnwoundStack stack;
  std::optional<NativeWait> native;
  std::optional<KernelWait> kernel;
  bool waits() const { return native.has_value() || kernel.has_value(); }
};

struct ProcessStudy {
  ProcessImage image;
  CLibrary library;
  std::unique_ptr<SymbolizerNames> names;
  std::unique_ptr<Unwinder> unwinder;
  OpenFiles open_files;
  std::vector<ThreadStudy> threads;
  std::string python_problem;           // why it cannot be read; before `python`, which sets it
  std::unique_ptr<Interpreter> python;  // null: none, or it cannot be read
  std::vector<HeldGil> gils;            // whose holders sleep

  explicit ProcessStudy(ProcessImage process);
  // Where each thread stands: its stack, as far as it can be followed without stopping it, and its wait.
  void read_threads();
  // The second look; what moved waits for nothing.
  void keep_steady();
  // Finds what a thread waits for where only its registers tell; without it such a wait is for a raw futex.
  void resolve_guesses(BriefStop& stop);
  // Follows the stacks of waiting threads, and of those that run with something in their hands, to their end.
  void complete_stacks(BriefStop& stop, const std::vector<uint32_t>& running_holders);

 private:
  void read_python();
  void keep_gils(std::vector<HeldGil> held);
  const HeldGil* gil_awaited_by(const ThreadImage& thread) const;
  void read_wait(ThreadStudy& study, const ThreadImage& thread);
};

}  // namespace gordian::capture
