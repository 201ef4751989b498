#include "analyzer/capture/python_lines.h"

#include <limits>

namespace gordian::capture {
namespace {

constexpr unsigned kFirstOneLine = 10;  // 0 to 9: short forms; 10 to 12: one line with a delta of 0 to 2
constexpr unsigned kNoColumns = 13;
constexpr unsigned kLong = 14;
constexpr unsigned kNoLine = 15;

class LineTableReader {
 public:
  explicit LineTableReader(const std::vector<uint8_t>& table) : table_(table) {}

  bool at_end() const { return at_ >= table_.size(); }
  bool is_damaged() const { return damaged_; }

  uint8_t byte() {
    if (at_end()) {
      damaged_ = true;
      return 0;
    }
    return table_[at_++];
  }

  uint64_t number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 36; shift += 6) {
      const uint8_t next = byte();
      value |= uint64_t{next & 0x3fu} << shift;
      if ((next & 0x40) == 0) return value;
    }
    damaged_ = true;
    return 0;
  }

  int64_t signed_number() {
    const uint64_t value = number();
    const auto magnitude = static_cast<int64_t>(value >> 1);
    return (value & 1) != 0 ? -magnitude : magnitude;
  }

 private:
  const std::vector<uint8_t>& table_;
  size_t at_ = 0;
  bool damaged_ = false;
};

}  // namespace

std::optional<PythonPosition> python_position(const std::vector<uint8_t>& table, int64_t first_line,
                                              int64_t instruction) {
  LineTableReader reader(table);
  int64_t line = first_line;
  int64_t covered = 0;  // code units that the entries so far describe
  if (instruction < 0) instruction = 0;
  while (!reader.at_end()) {
    const uint8_t head = reader.byte();
    if ((head & 0x80) == 0) return std::nullopt;
    const unsigned kind = head >> 3 & 15;
    uint64_t column = 0;  // from 1
    if (kind < kFirstOneLine) {
      column = kind * 8u + (reader.byte() >> 4) + 1;
    } else if (kind < kNoColumns) {
      line += kind - kFirstOneLine;
      column = reader.byte() + 1u;
      reader.byte();
    } else if (kind == kNoColumns) {
      line += reader.signed_number();
    } else if (kind == kLong) {
      line += reader.signed_number();
      reader.number();           // how many lines further it ends
      column = reader.number();  // already from 1
      reader.number();
    }
    if (reader.is_damaged()) return std::nullopt;
    covered += (head & 7) + 1;
    if (instruction >= covered) continue;
    if (kind == kNoLine || line <= 0 || line > std::numeric_limits<int32_t>::max()) return std::nullopt;
    return PythonPosition{static_cast<uint32_t>(line), static_cast<uint32_t>(column)};
  }
  return std::nullopt;
}

}  // namespace gordian::capture
