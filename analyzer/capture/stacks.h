// Where a thread waits, and where it acquired what it holds, as named stacks.
//
// Promises: a stack is never longer than what is known. At an acquisition only the site and up to three
// callers were kept; the rest is read off the thread's present waiting stack, and only where the frame that
// acquired is proven to be on it still: same place on the stack and same function. Frames of Gordian's own
// hooks are left out.
#pragma once

#include <span>

#include "analyzer/capture/address_names.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

class Stacks {
 public:
  // `depth` is the most frames that a stack has.
  Stacks(AddressNames& names, uint32_t depth) : names_(names), depth_(depth) {}

  // Empty when the thread waits for nothing.
  finding::Stack waiting(const record::ThreadEntry& thread);

  // `depth_of_entry` counts the thread's entries from 0.
  finding::Stack acquired(const record::ThreadEntry& thread, uint32_t depth_of_entry);

  // A call whose stack was kept, and an acquisition that belongs to it.
  finding::Stack call(std::span<const record::Frame> frames);
  finding::Stack acquired(const record::Hold& entry, std::span<const record::Frame> frames);

  // One return address, inlined frames included.
  finding::Stack at(uint64_t return_address);

 private:
  struct Waiting;  // the frames of a wait or call, when they are known
  static Waiting waiting_frames(const record::ThreadEntry& thread);

  void append(finding::Stack& stack, uint64_t address, bool is_return_address);
  void append_from(finding::Stack& stack, const Waiting& waiting, size_t first);
  std::vector<uint64_t> callers_of(const record::Hold& entry);
  size_t frames_above_callers(const record::Hold& entry, const std::vector<uint64_t>& callers,
                              const Waiting& waiting);
  static bool is_among(const Waiting& waiting, size_t first, uint64_t return_address);
  size_t frames_above_site(const record::Hold& entry, const Waiting& waiting);
  bool same_function(uint64_t return_address, const Waiting& waiting, size_t frame);

  AddressNames& names_;
  uint32_t depth_;
};

}  // namespace gordian::capture
