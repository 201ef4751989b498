// A CPython in a process, live or from a core: its threads' Python frames, the locks that they have, and the
// interpreter lock.
//
// Promises: reads the interpreter's structures by version (python_layout.h), and never calls into the
// process. Live structures are read until they hold still. Threads go by the ids that the process itself
// sees. Keeps a reference to the image, which must outlive it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/capture/process/process_image.h"
#include "analyzer/capture/python_gil.h"
#include "analyzer/capture/python_locks.h"

namespace gordian::capture {

class Interpreter {
 public:
  // Null without a CPython that can be read; `*problem` is empty when there is none at all.
  static std::unique_ptr<Interpreter> find(const ProcessImage& process, std::string* problem);

  Interpreter(const ProcessImage& process, std::unique_ptr<Memory> fresh, const PythonRuntime& runtime,
              const PythonLayout& layout);

  // Where the threads stand, and what they have. `semaphores`: what a thread sleeps on, by its own_tid.
  void read_threads(const std::map<uint32_t, uint64_t>& semaphores = {});

  // Null when it has none, or none that could be read.
  const finding::Stack* frames_of(uint32_t own_tid) const;
  // Those with a place come first, each thread's outermost first. A thread that waits for the Lock of its own
  // `with` is not told to have it: it has given it back inside, as Condition.wait does, or waits for itself.
  const std::vector<PythonHold>& holds() const { return holds_; }
  std::string why_no_frames() const;

  // As they are now.
  std::vector<PythonGil> gils();
  // 0: no thread of the process.
  uint32_t thread_of(uint64_t state);

 private:
  void add_awaited(const PythonFrame& innermost, uint64_t semaphore, std::vector<PythonHold>& holds);

  const ProcessImage& process_;
  std::unique_ptr<Memory> fresh_;  // of a live process
  PythonMemory memory_;
  PythonRuntime runtime_;
  PythonLayout layout_;
  std::vector<PythonThread> threads_;
  std::map<uint32_t, finding::Stack> frames_;
  std::vector<PythonHold> holds_;
};

}  // namespace gordian::capture
