// A CPython 3.11 made of bytes: enough of its structures for the readers, at addresses of no process.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/capture/process/interpreter.h"

namespace gordian::capture {

class FakeMemory final : public Memory {
 public:
  static constexpr uint64_t kStart = 0x10000;

  bool read(uint64_t address, void* buffer, size_t size) override {
    if (address < kStart || address - kStart > bytes.size() || size > bytes.size() - (address - kStart))
      return false;
    std::memcpy(buffer, bytes.data() + (address - kStart), size);
    return true;
  }

  uint64_t allocate(size_t size) {
    const uint64_t address = kStart + bytes.size();
    bytes.resize(bytes.size() + (size + 15) / 16 * 16);
    return address;
  }

  template <typename Value>
  void set(uint64_t address, Value value) {
    std::memcpy(bytes.data() + (address - kStart), &value, sizeof value);
  }

  uint64_t c_string(const std::string& text) {
    const uint64_t address = allocate(text.size() + 1);
    std::memcpy(bytes.data() + (address - kStart), text.c_str(), text.size() + 1);
    return address;
  }

  std::vector<uint8_t> bytes;
};

class FakePython {
 public:
  static constexpr uint32_t kFirstTid = 100;

  FakePython() {
    std::string reason;
    PythonMemory nothing(memory());
    layout = *python_layout(0x030b02f0, 0, nothing, &reason);
    for (const char* name :
         {"code", "str", "bytes", "builtin_function_or_method", "_thread.lock", "_thread.RLock"})
      types.push_back({name, type(name)});
    runtime.address = memory().allocate(1024);
    runtime.version = 0x030b02f0;
    interpreter = memory().allocate(256);
    memory().set(runtime.address + layout.first_interpreter, interpreter);
    gil = runtime.address + layout.gil;
  }

  FakeMemory& memory() {
    if (process.memory == nullptr) process.memory = std::make_unique<FakeMemory>();
    return static_cast<FakeMemory&>(*process.memory);
  }

  uint64_t object(const std::string& type_name, size_t size) {
    const uint64_t address = memory().allocate(size);
    for (const auto& [name, at] : types)
      if (name == type_name) memory().set(address + layout.object_type, at);
    return address;
  }

  uint64_t text(const std::string& content) {
    const uint64_t address = object("str", layout.ascii_text_size + content.size());
    memory().set(address + layout.text_length, static_cast<int64_t>(content.size()));
    memory().set(address + layout.text_state, uint32_t{1u << 2 | 1u << 5 | 1u << 6});
    for (size_t i = 0; i < content.size(); ++i)
      memory().set(address + layout.ascii_text_size + i, content[i]);
    return address;
  }

  uint64_t bytes(const std::vector<uint8_t>& content) {
    const uint64_t address = object("bytes", layout.bytes_data + content.size());
    memory().set(address + layout.bytes_length, static_cast<int64_t>(content.size()));
    for (size_t i = 0; i < content.size(); ++i) memory().set(address + layout.bytes_data + i, content[i]);
    return address;
  }

  // A function with one local variable and a stack of five slots.
  uint64_t code(const std::string& name, const std::vector<uint8_t>& exceptions,
                const std::string& file = "bank.py") {
    const uint64_t address = object("code", 256);
    memory().set(address + layout.code_file_name, text(file));
    memory().set(address + layout.code_qualified_name, text(name));
    memory().set(address + layout.code_line_table,
                 bytes({0x80 | 13 << 3 | 7, 0, 0x80 | 13 << 3 | 7, 1 << 1}));
    memory().set(address + layout.code_first_line, int32_t{10});
    memory().set(address + layout.code_exception_table, bytes(exceptions));
    memory().set(address + layout.code_local_count, uint32_t{1});
    memory().set(address + layout.code_stack_size, uint32_t{5});
    return address;
  }

  // A thread in one frame of that code; `slots`: its local variable and its stack.
  uint32_t thread(uint64_t code, int64_t instruction, const std::vector<uint64_t>& slots) {
    const uint64_t frame = memory().allocate(256);
    memory().set(frame + layout.frame_code, code);
    memory().set(frame + layout.frame_instruction,
                 code + layout.code_instructions + 2 * static_cast<uint64_t>(instruction));
    for (size_t i = 0; i < slots.size(); ++i) memory().set(frame + layout.frame_slots + 8 * i, slots[i]);
    const uint64_t cframe = memory().allocate(64);
    memory().set(cframe + layout.cframe_current_frame, frame);
    const uint64_t state = memory().allocate(256);
    const auto tid = static_cast<uint32_t>(kFirstTid + states.size());
    memory().set(state + layout.current_frame, cframe);
    memory().set(state + layout.thread_id, identifier_of(tid));
    memory().set(state + layout.native_thread_id, uint64_t{tid});
    memory().set(state + layout.next_thread, states.empty() ? uint64_t{0} : states.back());
    memory().set(interpreter + layout.first_thread, state);
    states.push_back(state);
    ThreadImage& image = process.threads.emplace_back();
    image.tid = image.own_tid = tid;
    image.state = 'S';
    return tid;
  }

  static uint64_t identifier_of(uint32_t tid) { return 0x7f0000000000 + tid; }

  uint64_t semaphore(uint32_t units) {
    const uint64_t address = memory().allocate(32);
    memory().set(address, units);
    return address;
  }

  uint64_t lock(uint64_t semaphore) {
    const uint64_t address = object("_thread.lock", 48);
    memory().set(address + PythonLayout::kLockSemaphore, semaphore);
    return address;
  }

  uint64_t rlock(uint64_t semaphore, uint32_t owner) {
    const uint64_t address = object("_thread.RLock", 64);
    memory().set(address + PythonLayout::kLockSemaphore, semaphore);
    memory().set(address + PythonLayout::kRecursiveOwner, identifier_of(owner));
    memory().set(address + PythonLayout::kRecursiveCount, uint64_t{1});
    return address;
  }

  uint64_t method(const std::string& name, uint64_t self) {
    const uint64_t definition = memory().allocate(32);
    memory().set(definition, memory().c_string(name));
    const uint64_t address = object("builtin_function_or_method", 64);
    memory().set(address + PythonLayout::kMethodDefinition, definition);
    memory().set(address + PythonLayout::kMethodSelf, self);
    return address;
  }

  void set_gil(uint64_t holder, int32_t locked, uint32_t mutex_word = 0) {
    memory().set(gil + 8, holder);
    memory().set(gil + 16, locked);
    memory().set(gil + 80, mutex_word);
  }

  Interpreter reader() { return Interpreter(process, nullptr, runtime, layout); }

  ProcessImage process;
  PythonLayout layout;
  PythonRuntime runtime;
  uint64_t interpreter = 0;
  uint64_t gil = 0;
  std::vector<uint64_t> states;
  std::vector<std::pair<std::string, uint64_t>> types;

 private:
  uint64_t type(const std::string& name) {
    const uint64_t address = memory().allocate(64);
    memory().set(address + layout.type_name, memory().c_string(name));
    return address;
  }
};

}  // namespace gordian::capture
