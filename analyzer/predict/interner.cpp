#include "analyzer/predict/interner.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace gordian::predict {
namespace {

constexpr size_t kBlock = size_t{1} << 20;
constexpr size_t kFirstSlots = 64;

uint32_t hash_of(std::string_view text) {
  const uint64_t hash = std::hash<std::string_view>{}(text);
  return static_cast<uint32_t>(hash ^ hash >> 32);
}

}  // namespace

Interner::Interner() : slots_(kFirstSlots) {}

std::pair<uint32_t, bool> Interner::intern(std::string_view text) {
  const uint32_t hash = hash_of(text);
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; slots_[at].number_plus_one != 0; at = (at + 1) & mask) {
    const uint32_t number = slots_[at].number_plus_one - 1;
    if (slots_[at].hash == hash && texts_[number] == text) return {number, false};
  }
  const uint32_t number = size();
  texts_.push_back(keep(text));
  slots_[at] = {hash, number + 1};
  if (texts_.size() * 2 > slots_.size()) grow();
  return {number, true};
}

void Interner::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number_plus_one == 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].number_plus_one != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::string_view Interner::keep(std::string_view text) {
  if (text.size() > block_left_) {
    block_left_ = std::max(kBlock, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_left_));
    block_next_ = blocks_.back().get();
  }
  if (!text.empty()) std::memcpy(block_next_, text.data(), text.size());
  const std::string_view kept(block_next_, text.size());
  block_next_ += text.size();
  block_left_ -= text.size();
  return kept;
}

}  // namespace gordian::predict
