// A fast hash of bytes, to notice change and damage. Not against anybody who wants two texts to be equal.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace gordian::check {

inline uint64_t hash_of(std::string_view bytes, uint64_t seed = 0) {
  const auto mix = [](uint64_t a, uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  };
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  uint64_t hash = mix(seed ^ kOdd, bytes.size() ^ 0xd1b54a32d192ed03);
  while (!bytes.empty()) {
    uint64_t word = 0;
    const size_t count = bytes.size() < sizeof word ? bytes.size() : sizeof word;
    std::memcpy(&word, bytes.data(), count);
    hash = mix(hash ^ word, kOdd) + word;
    bytes.remove_prefix(count);
  }
  return mix(hash, kOdd ^ (hash >> 32));
}

}  // namespace gordian::check
