#include "analyzer/static-pass/summary/archive.h"

#include <cstring>
#include <type_traits>

#include "analyzer/static-pass/summary/archive_fields.h"
#include "analyzer/static-pass/summary/hash.h"

namespace gordian::check {
namespace {

constexpr std::string_view kMagic = "gordunit";
constexpr size_t kHeaderSize = kMagic.size() + sizeof(uint32_t) + sizeof(uint64_t);

// The largest enumerator of each enumeration that is archived.
constexpr uint64_t last_of(Root) {
  return static_cast<uint64_t>(Root::kConstant);
}
constexpr uint64_t last_of(Element::Kind) {
  return static_cast<uint64_t>(Element::Kind::kIndex);
}
constexpr uint64_t last_of(OpKind) {
  return static_cast<uint64_t>(OpKind::kSuspend);
}
constexpr uint64_t last_of(Test::Kind) {
  return static_cast<uint64_t>(Test::Kind::kOther);
}
constexpr uint64_t last_of(Contract::Kind) {
  return static_cast<uint64_t>(Contract::Kind::kReturnsLock);
}

class Writer {
 public:
  template <class... Members>
  void operator()(Members&... members) {
    (put(members), ...);
  }

  void put_number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  void put_text(std::string_view text) {
    put_number(text.size());
    bytes_ += text;
  }

  std::string& bytes() { return bytes_; }

 private:
  template <class T>
  void put(T& value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      put_number(static_cast<uint64_t>(value));
    } else if constexpr (std::is_same_v<T, Symbol>) {
      put_number(value.value);
    } else {
      archive_fields::each(*this, value);
    }
  }
  template <class T>
  void put(std::vector<T>& values) {
    put_number(values.size());
    for (T& value : values) put(value);
  }

  std::string bytes_;
};

// Reads on after damage, as zeros and empty lists; `failed` says so at the end.
class ArchiveReader {
 public:
  ArchiveReader(std::string_view bytes, size_t symbols) : bytes_(bytes), symbols_(symbols) {}

  template <class... Members>
  void operator()(Members&... members) {
    (get(members), ...);
  }

  uint64_t number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) return fail();
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return fail();
  }

  // Every element takes a byte at least, so that no count can ask for more memory than there are bytes.
  size_t count() {
    const uint64_t value = number();
    return value <= bytes_.size() ? value : fail();
  }

  std::string_view text() {
    const size_t size = count();
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  void set_symbols(size_t symbols) { symbols_ = symbols; }
  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  uint64_t fail() {
    failed_ = true;
    bytes_ = {};
    return 0;
  }

  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = below(2) != 0;
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(below(last_of(T{}) + 1));
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<T>(below(uint64_t{1} << (8 * sizeof(T))));
    } else if constexpr (std::is_same_v<T, Symbol>) {
      value.value = static_cast<uint32_t>(below(symbols_));
    } else {
      archive_fields::each(*this, value);
    }
  }
  template <class T>
  void get(std::vector<T>& values) {
    values.resize(count());
    for (T& value : values) get(value);
  }

  uint64_t below(uint64_t bound) {
    const uint64_t value = number();
    return value < bound ? value : fail();
  }

  std::string_view bytes_;
  size_t symbols_;
  bool failed_ = false;
};

template <class T>
std::string fixed(T value) {
  std::string bytes;
  for (size_t i = 0; i < sizeof value; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::vector<std::string> read_texts(ArchiveReader& reader) {
  std::vector<std::string> texts(reader.count());
  for (std::string& text : texts) text = reader.text();
  return texts;
}

bool has_good_edges(const Function& function) {
  for (const Block& block : function.blocks)
    for (const Edge& edge : block.edges)
      if (edge.to >= function.blocks.size()) return false;
  return true;
}

bool read_functions(ArchiveReader& reader, Unit& unit, const WantedFunction& wanted) {
  const size_t count = reader.count();
  for (size_t i = 0; i < count; ++i) {
    const std::string_view bytes = reader.text();
    Function function;
    ArchiveReader start(bytes, unit.strings.size());
    start(function.flags, function.key);
    if (start.failed()) return false;
    if (wanted && !wanted(function.flags, unit.strings[function.key.value])) continue;
    ArchiveReader record(bytes, unit.strings.size());
    record(function);
    if (record.failed() || !record.at_end() || !has_good_edges(function)) return false;
    unit.functions.push_back(std::move(function));
  }
  return true;
}

}  // namespace

std::string write_unit(const Unit& unit) {
  Unit& fields = const_cast<Unit&>(unit);  // the list of members serves both ways; nothing is changed here
  Writer writer;
  writer.put_number(unit.strings.size());
  for (const std::string& text : unit.strings) writer.put_text(text);
  writer.put_number(unit.functions.size());
  for (Function& function : fields.functions) {
    Writer record;
    record(function);
    writer.put_text(record.bytes());
  }
  writer(fields.file, fields.declarations, fields.globals, fields.fields, fields.classes, fields.overrides);
  writer.put_number(unit.includes.size());
  for (const std::string& file : unit.includes) writer.put_text(file);
  writer.put_text(unit.error);
  return std::string(kMagic) + fixed(kArchiveVersion) + fixed(hash_of(writer.bytes())) + writer.bytes();
}

std::optional<Unit> read_unit(std::string_view bytes, const WantedFunction& wanted) {
  if (bytes.size() < kHeaderSize) return std::nullopt;
  const std::string_view body = bytes.substr(kHeaderSize);
  if (bytes.substr(0, kHeaderSize) != std::string(kMagic) + fixed(kArchiveVersion) + fixed(hash_of(body)))
    return std::nullopt;

  ArchiveReader reader(body, 0);
  Unit unit;
  unit.strings = read_texts(reader);
  if (unit.strings.empty()) return std::nullopt;
  reader.set_symbols(unit.strings.size());
  if (!read_functions(reader, unit, wanted)) return std::nullopt;
  reader(unit.file, unit.declarations, unit.globals, unit.fields, unit.classes, unit.overrides);
  unit.includes = read_texts(reader);
  unit.error = reader.text();
  if (reader.failed() || !reader.at_end()) return std::nullopt;
  return unit;
}

}  // namespace gordian::check
