// Where CPython keeps what a stack is made of, by version.
//
// Promises: a layout is given only for versions whose offsets are known; there is no guess for the others.
// All offsets are in bytes, for 64-bit builds with the GIL. Source: offsetof() over the headers that each
// release installs: Include/internal/pycore_runtime.h, pycore_interp.h, pycore_frame.h, pycore_gil.h,
// Include/cpython/pystate.h, code.h, unicodeobject.h, methodobject.h; for locks Modules/_threadmodule.c. They
// are the same in all releases of a minor version, whose ABI is frozen. 3.13 describes itself in
// _Py_DebugOffsets, at the start of _PyRuntime. Checked against 3.11.2, 3.11.7, 3.12.1 and 3.13.0 as they
// run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gordian::capture {

class PythonMemory;

struct PythonLayout {
  // _PyRuntimeState, PyInterpreterState
  uint64_t first_interpreter;
  uint64_t next_interpreter;
  uint64_t first_thread;

  // PyThreadState
  uint64_t next_thread;
  uint64_t thread_id;  // pthread_self(), by which a lock names its owner
  uint64_t native_thread_id;
  uint64_t current_frame;           // of the frame itself, or of the _PyCFrame that has it
  bool current_frame_is_in_cframe;  // 3.11 and 3.12
  uint64_t cframe_current_frame;

  // _PyInterpreterFrame
  uint64_t frame_code;
  uint64_t frame_previous;
  uint64_t frame_instruction;  // prev_instr, from 3.13 instr_ptr
  uint64_t frame_owner;
  uint64_t frame_slots;  // local variables, and after them the evaluation stack

  // PyCodeObject
  uint64_t code_file_name;
  uint64_t code_qualified_name;
  uint64_t code_line_table;
  uint64_t code_first_line;
  uint64_t code_first_traceable;  // the first instruction of the function proper, as an index
  uint64_t code_instructions;
  uint64_t code_exception_table;
  uint64_t code_local_count;
  uint64_t code_stack_size;

  // Of _PyRuntimeState the lock itself, or of PyInterpreterState the pointer to it.
  uint64_t gil;
  bool gil_is_of_interpreter;  // from 3.12

  // PyObject, PyTypeObject, PyUnicodeObject, PyBytesObject
  uint64_t object_type;
  uint64_t type_name;
  uint64_t text_length;
  uint64_t text_state;
  uint64_t ascii_text_size;
  uint64_t compact_text_size;
  uint64_t bytes_length;
  uint64_t bytes_data;

  // PyCFunctionObject, the same in all three: a method written in C, bound to its object
  static constexpr uint64_t kMethodDefinition = 16;  // whose first field is its name
  static constexpr uint64_t kMethodSelf = 24;

  // _thread.lock and _thread.RLock, the same in all three
  static constexpr uint64_t kLockSemaphore = 16;
  static constexpr uint64_t kRecursiveOwner = 24;
  static constexpr uint64_t kRecursiveCount = 32;
};

// `version` is PY_VERSION_HEX; `runtime` the address of _PyRuntime. Without a layout `*reason` says why.
std::optional<PythonLayout> python_layout(uint32_t version, uint64_t runtime, PythonMemory& memory,
                                          std::string* reason);

std::string python_version_text(uint32_t version);

}  // namespace gordian::capture
