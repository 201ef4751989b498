#include "analyzer/capture/python_frames.h"

#include <memory>
#include <string>

#include "analyzer/capture/process/inspect_error.h"
#include "analyzer/capture/process/interpreter.h"
#include "analyzer/capture/process/live_image.h"

namespace gordian::capture {

PythonFrames read_python_frames(uint32_t pid) {
  PythonFrames result;
  try {
    const ProcessImage process = look_at(pid);
    const std::unique_ptr<Interpreter> interpreter = Interpreter::find(process, &result.reason);
    if (interpreter == nullptr) {
      if (result.reason.empty())
        result.reason = "no CPython with a visible _PyRuntime in process " + std::to_string(pid);
      return result;
    }
    interpreter->read_threads();
    result.reason = interpreter->why_no_frames();
    for (const ThreadImage& thread : process.threads)
      if (const finding::Stack* stack = interpreter->frames_of(thread.own_tid))
        result.by_tid.emplace(thread.tid, *stack);
  } catch (const InspectError& error) {
    result.reason = error.what();
  }
  return result;
}

}  // namespace gordian::capture
