// Names to dense numbers, for traces with millions of events and many names.
//
// Promises: the same text gives the same number, numbers count from 0 in the order of first sight. Texts are
// kept in blocks, so that an interned view stays valid while the interner lives.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace gordian::predict {

class Interner {
 public:
  Interner();

  // The number, and whether it is new.
  std::pair<uint32_t, bool> intern(std::string_view text);
  std::string_view text(uint32_t number) const { return texts_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t number_plus_one = 0;
  };
  void grow();
  std::string_view keep(std::string_view text);

  std::vector<Slot> slots_;
  std::vector<std::string_view> texts_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t block_left_ = 0;
  char* block_next_ = nullptr;
};

}  // namespace gordian::predict
