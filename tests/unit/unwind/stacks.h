// What the tests compare: our frames of the calling thread with those that libgcc finds, and addresses with
// functions.
#pragma once

#include <dlfcn.h>
#include <execinfo.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unwind.h>

#include <cstdint>
#include <vector>

#include "runtime-hooks/unwind.h"

namespace stacks {

using gordian::hooks::ForeignStack;
using gordian::hooks::OwnStack;
using gordian::hooks::Registers;
using gordian::record::Frame;

inline constexpr uint32_t kCapacity = 512;

inline OwnStack own_stack() {
  pthread_attr_t attributes;
  pthread_getattr_np(pthread_self(), &attributes);
  void* low = nullptr;
  size_t size = 0;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  return {reinterpret_cast<uint64_t>(low), reinterpret_cast<uint64_t>(low) + size};
}

struct Walked {
  std::vector<Frame> frames;
  bool truncated = false;
};

inline Walked walk(const Registers& registers, gordian::hooks::StackReader reader, void* context,
                   uint32_t capacity = kCapacity) {
  Walked walked;
  walked.frames.resize(capacity);
  const auto result = gordian::hooks::unwind(registers, reader, context, walked.frames.data(), capacity);
  walked.frames.resize(result.count);
  walked.truncated = result.truncated;
  return walked;
}

inline std::vector<uint64_t> addresses(const std::vector<Frame>& frames) {
  std::vector<uint64_t> all;
  for (const Frame& frame : frames) all.push_back(frame.address);
  return all;
}

// The loaded module that holds `address`.
inline const void* module_of(const void* address) {
  Dl_info info;
  return dladdr(address, &info) != 0 ? info.dli_fbase : nullptr;
}

// Called by the function that captures: its own address differs by the call, all others are equal.
[[gnu::always_inline]] inline std::vector<uint64_t> libgcc_stack() {
  void* found[kCapacity];
  const int count = backtrace(found, kCapacity);
  // A sanitizer's backtrace is a frame of its own.
  const int start =
      count > 0 && module_of(found[0]) != module_of(reinterpret_cast<const void*>(own_stack)) ? 1 : 0;
  return {reinterpret_cast<uint64_t*>(found) + start, reinterpret_cast<uint64_t*>(found) + count};
}

// The stack pointers that libgcc finds at each frame's call, that is the canonical frame address of its
// callee.
[[gnu::always_inline]] inline std::vector<uint64_t> libgcc_stack_pointers() {
  std::vector<uint64_t> found;
  _Unwind_Backtrace(
      [](_Unwind_Context* context, void* out) {
        static_cast<std::vector<uint64_t>*>(out)->push_back(_Unwind_GetCFA(context));
        return _URC_NO_REASON;
      },
      &found);
  return found;
}

// Compares the calling function's stack as both see it. Not inlined: the frame that it adds is the first of
// both.
[[gnu::noinline]] inline std::vector<Frame> expect_same_as_libgcc() {
  Registers registers;
  capture(registers);
  OwnStack stack = own_stack();
  Walked ours = walk(registers, OwnStack::read, &stack);
  std::vector<uint64_t> expected = libgcc_stack();
  std::vector<uint64_t> found = addresses(ours.frames);
  EXPECT_FALSE(ours.truncated);
  EXPECT_GT(found.size(), 3u);
  if (!found.empty() && !expected.empty()) found[0] = expected[0];
  EXPECT_EQ(found, expected);
  const std::vector<uint64_t> stack_pointers = libgcc_stack_pointers();
  for (size_t i = 1; i < ours.frames.size() && i < stack_pointers.size(); ++i) {
    EXPECT_EQ(ours.frames[i - 1].canonical_frame_address, stack_pointers[i]) << "frame " << i;
    EXPECT_GT(ours.frames[i].canonical_frame_address, ours.frames[i - 1].canonical_frame_address)
        << "frame " << i;
  }
  return ours.frames;
}

// Whether the code at `address` belongs to `function`, which is not longer than `size`. Return addresses may
// be one past it.
template <typename Function>
bool is_in(uint64_t address, Function* function, uint64_t size = 1024) {
  const uint64_t begin = reinterpret_cast<uint64_t>(function);
  return address >= begin && address - begin <= size;
}

template <typename Function>
bool contains(const std::vector<Frame>& frames, Function* function, uint64_t size = 1024) {
  for (const Frame& frame : frames) {
    if (is_in(frame.address, function, size)) return true;
  }
  return false;
}

}  // namespace stacks
