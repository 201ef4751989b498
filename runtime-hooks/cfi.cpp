// Finding the entry (FDE) for an address, and reading it and what it shares (CIE).
#include "runtime-hooks/cfi.h"

#include <dlfcn.h>

namespace gordian::hooks::cfi {
namespace {

// Pointer encodings, LSB 10.5.1: format in the low four bits, application in the next three.
constexpr uint8_t kFormat = 0x0f;
constexpr uint8_t kApplication = 0x70;
constexpr uint8_t kIndirect = 0x80;
constexpr uint8_t kOmitted = 0xff;
constexpr uint8_t kAbsolute = 0x00;
constexpr uint8_t kProgramCounterRelative = 0x10;
constexpr uint8_t kDataRelative = 0x30;
constexpr uint8_t kAligned = 0x50;
constexpr uint8_t kSortedTable = 0x3b;  // datarel | sdata4, the only one that linkers write

uint64_t address_of(const unsigned char* p) {
  return reinterpret_cast<uint64_t>(p);
}

// The bytes from an address to the end of its module; none when it is not in the module.
Cursor cursor_at(const Module& module, uint64_t address) {
  if (address < address_of(module.begin) || address > address_of(module.end)) return {module.end, module.end};
  return {reinterpret_cast<const unsigned char*>(address), module.end};
}

bool find_module(uint64_t address, Module& module) {
  dl_find_object found;
  if (_dl_find_object(reinterpret_cast<void*>(address), &found) != 0 || found.dlfo_eh_frame == nullptr)
    return false;
  module.begin = static_cast<const unsigned char*>(found.dlfo_map_start);
  module.end = static_cast<const unsigned char*>(found.dlfo_map_end);
  module.header = static_cast<const unsigned char*>(found.dlfo_eh_frame);
  return module.header >= module.begin && module.header < module.end;
}

uint64_t read_format(Cursor& cursor, uint8_t format) {
  switch (format) {
    case 0x00:
      return cursor.fixed<uint64_t>();
    case 0x01:
      return cursor.uleb();
    case 0x02:
      return cursor.fixed<uint16_t>();
    case 0x03:
      return cursor.fixed<uint32_t>();
    case 0x04:
      return cursor.fixed<uint64_t>();
    case 0x09:
      return static_cast<uint64_t>(cursor.sleb());
    case 0x0a:
      return static_cast<uint64_t>(int64_t{cursor.fixed<int16_t>()});
    case 0x0b:
      return static_cast<uint64_t>(int64_t{cursor.fixed<int32_t>()});
    case 0x0c:
      return cursor.fixed<uint64_t>();
    default:
      cursor.fail();
      return 0;
  }
}

void align(Cursor& cursor) {
  cursor.skip(-address_of(cursor.at) & (sizeof(uint64_t) - 1));
}

// Sets `record` to the bytes after an entry's length field and moves `cursor` past the entry. A length of
// zero ends the section.
bool next_record(Cursor& cursor, Cursor& record) {
  uint64_t length = cursor.fixed<uint32_t>();
  if (length == 0xffffffff) length = cursor.fixed<uint64_t>();
  if (cursor.failed || length == 0 || length > cursor.left()) return false;
  record = {cursor.at, cursor.at + length};
  cursor.at += length;
  return true;
}

// What the letters of a CIE's augmentation string announce. Data of an unknown letter cannot be skipped, so
// it is refused.
bool read_augmentation(const unsigned char* letters, Cursor& data, Entry& entry) {
  for (; *letters != 0; ++letters) {
    switch (*letters) {
      case 'R':
        entry.pointer_encoding = data.fixed<uint8_t>();
        break;
      case 'L':
        data.fixed<uint8_t>();
        break;
      case 'P': {
        const uint8_t encoding = data.fixed<uint8_t>();
        if (encoding == kOmitted) break;
        if ((encoding & kApplication) == kAligned) align(data);
        read_format(data, encoding & kFormat);
        break;
      }
      case 'S':
        entry.signal_frame = true;
        break;
      case 'B':  // which key signs return addresses: both are taken off the same way
      case 'G':  // stack memory is tagged
        break;
      default:
        return false;
    }
  }
  return !data.failed;
}

bool read_common(Cursor cursor, Entry& entry, bool& has_augmentation_data) {
  Cursor record;
  if (!next_record(cursor, record) || record.fixed<uint32_t>() != 0) return false;
  const uint8_t version = record.fixed<uint8_t>();
  if (version != 1 && version != 3 && version != 4) return false;

  const unsigned char* letters = record.at;
  while (record.fixed<uint8_t>() != 0) {
  }
  if (version == 4) {
    if (record.fixed<uint8_t>() != sizeof(uint64_t)) return false;  // size of an address
    if (record.fixed<uint8_t>() != 0) return false;                 // size of a segment selector
  }
  entry.code_alignment = record.uleb();
  entry.data_alignment = record.sleb();
  const uint64_t return_address = version == 1 ? record.fixed<uint8_t>() : record.uleb();
  if (record.failed || return_address >= Registers::kCount) return false;
  entry.return_address = static_cast<uint32_t>(return_address);
  entry.pointer_encoding = kAbsolute;
  entry.signal_frame = false;

  has_augmentation_data = *letters == 'z';
  if (has_augmentation_data) {
    const uint64_t size = record.uleb();
    Cursor data = record;
    record.skip(size);
    if (record.failed) return false;
    data.end = record.at;
    if (!read_augmentation(letters + 1, data, entry)) return false;
  } else if (*letters != 0) {
    return false;
  }
  entry.common_instructions = record;
  return true;
}

// Reads the entry at `cursor` and moves past it. False for anything but an FDE that can be understood.
bool read_entry(Cursor& cursor, const Module& module, Entry& entry) {
  Cursor record;
  if (!next_record(cursor, record)) return false;
  const uint64_t field = address_of(record.at);
  const uint32_t distance = record.fixed<uint32_t>();  // back to the CIE; zero marks a CIE itself
  if (record.failed || distance == 0) return false;

  bool has_augmentation_data = false;
  if (!read_common(cursor_at(module, field - distance), entry, has_augmentation_data)) return false;
  if (!read_pointer(record, entry.pointer_encoding, module, entry.begin)) return false;
  entry.end = entry.begin + read_format(record, entry.pointer_encoding & kFormat);
  if (has_augmentation_data) record.skip(record.uleb());
  if (record.failed) return false;
  entry.module = module;
  entry.instructions = record;
  return true;
}

bool contains(const Entry& entry, uint64_t address) {
  return address >= entry.begin && address < entry.end;
}

// The table is sorted by the address of the code; the last row that is not above `address` is the only
// candidate.
bool search_table(Cursor table, uint64_t count, uint64_t address, const Module& module, Entry& entry) {
  struct TableRow {
    int32_t code;
    int32_t entry;
  };
  const int64_t wanted = static_cast<int64_t>(address - address_of(module.header));
  uint64_t low = 0;
  uint64_t high = count;
  TableRow row;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    __builtin_memcpy(&row, table.at + middle * sizeof row, sizeof row);
    if (row.code <= wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return false;
  __builtin_memcpy(&row, table.at + (low - 1) * sizeof row, sizeof row);
  Cursor cursor = cursor_at(module, address_of(module.header) + static_cast<uint64_t>(int64_t{row.entry}));
  return read_entry(cursor, module, entry) && contains(entry, address);
}

bool search_section(Cursor section, uint64_t address, const Module& module, Entry& entry) {
  while (!section.at_end()) {
    const unsigned char* before = section.at;
    if (read_entry(section, module, entry) && contains(entry, address)) return true;
    if (section.failed || section.at <= before + sizeof(uint32_t))
      return false;  // the terminator, or a length that cannot be
  }
  return false;
}

}  // namespace

uint64_t Cursor::uleb() {
  uint64_t value = 0;
  for (uint32_t shift = 0; !at_end(); shift += 7) {
    const uint64_t byte = *at++;
    if (shift < 64) value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  fail();
  return 0;
}

int64_t Cursor::sleb() {
  uint64_t value = 0;
  for (uint32_t shift = 0; !at_end();) {
    const uint64_t byte = *at++;
    if (shift < 64) value |= (byte & 0x7f) << shift;
    shift += 7;
    if ((byte & 0x80) == 0) {
      if ((byte & 0x40) != 0 && shift < 64) value |= ~uint64_t{0} << shift;
      return static_cast<int64_t>(value);
    }
  }
  fail();
  return 0;
}

bool read_pointer(Cursor& cursor, uint8_t encoding, const Module& module, uint64_t& value) {
  if (encoding == kOmitted) return false;
  if ((encoding & kApplication) == kAligned) align(cursor);
  const uint64_t position = address_of(cursor.at);
  value = read_format(cursor, encoding & kFormat);
  if (cursor.failed) return false;
  switch (encoding & kApplication) {
    case kAbsolute:
    case kAligned:
      break;
    case kProgramCounterRelative:
      value += position;
      break;
    case kDataRelative:
      value += address_of(module.header);
      break;
    default:
      return false;  // relative to text or to a function: not used on these machines
  }
  if ((encoding & kIndirect) == 0) return true;
  Cursor slot = cursor_at(module, value);
  value = slot.fixed<uint64_t>();
  return !slot.failed;
}

bool find_entry(uint64_t address, Entry& entry) {
  Module module;
  if (!find_module(address, module)) return false;
  Cursor header{module.header, module.end};
  if (header.fixed<uint8_t>() != 1) return false;
  const uint8_t section_encoding = header.fixed<uint8_t>();
  const uint8_t count_encoding = header.fixed<uint8_t>();
  const uint8_t table_encoding = header.fixed<uint8_t>();
  uint64_t section = 0;
  uint64_t count = 0;
  const bool has_section = read_pointer(header, section_encoding, module, section);
  const bool has_count = read_pointer(header, count_encoding, module, count);
  if (table_encoding == kSortedTable && has_count && count <= header.left() / 8) {
    return search_table(header, count, address, module, entry);
  }
  return has_section && search_section(cursor_at(module, section), address, module, entry);
}

}  // namespace gordian::hooks::cfi
