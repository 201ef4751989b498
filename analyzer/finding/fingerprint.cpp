#include "analyzer/finding/fingerprint.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace gordian::finding {
namespace {

// Fowler, Noll, Vo: FNV-1a, 64 bits.
uint64_t hash(std::string_view text) {
  uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

}  // namespace

std::string fingerprint(std::string_view rule, const std::vector<FingerprintStep>& steps, bool is_cycle) {
  std::vector<std::string> texts;
  for (const FingerprintStep& step : steps)
    texts.push_back(step.lock + '\x1f' + step.acquiring + '\x1f' + step.waiting);

  std::vector<std::string> smallest = texts;
  if (is_cycle) {
    for (size_t i = 0; i < texts.size(); ++i) {
      std::rotate(texts.begin(), texts.begin() + 1, texts.end());
      smallest = std::min(smallest, texts);
    }
  } else {
    std::sort(smallest.begin(), smallest.end());
  }

  std::string whole(rule);
  for (const std::string& text : smallest) whole += '\x1e' + text;
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash(whole)));
  return digits;
}

}  // namespace gordian::finding
