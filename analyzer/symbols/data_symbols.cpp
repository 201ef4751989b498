#include "analyzer/symbols/data_symbols.h"

#include <algorithm>

namespace gordian::symbols {
namespace {

size_t leading_underscores(const std::string& name) {
  return std::min(name.find_first_not_of('_'), name.size());
}

bool is_better_name(const DataSymbol& left, const DataSymbol& right) {
  if (left.is_global != right.is_global) return left.is_global;
  const size_t left_count = leading_underscores(left.name);
  const size_t right_count = leading_underscores(right.name);
  if (left_count != right_count) return left_count < right_count;
  return left.name < right.name;
}

}  // namespace

DataSymbols::DataSymbols(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 1; i < count; ++i) {
    GElf_Sym symbol;
    GElf_Addr address = 0;
    const char* name = dwfl_module_getsym_info(module, i, &symbol, &address, nullptr, nullptr, nullptr);
    if (name == nullptr || *name == '\0' || symbol.st_shndx == SHN_UNDEF || symbol.st_size == 0) continue;
    const int type = GELF_ST_TYPE(symbol.st_info);
    if (type != STT_OBJECT && type != STT_COMMON) continue;
    symbols_.push_back({address, symbol.st_size, name, GELF_ST_BIND(symbol.st_info) != STB_LOCAL});
    largest_ = std::max<uint64_t>(largest_, symbol.st_size);
  }
  std::sort(symbols_.begin(), symbols_.end(),
            [](const DataSymbol& left, const DataSymbol& right) { return left.address < right.address; });
}

std::optional<DataSymbol> DataSymbols::at(uint64_t address) const {
  auto after =
      std::upper_bound(symbols_.begin(), symbols_.end(), address,
                       [](uint64_t value, const DataSymbol& symbol) { return value < symbol.address; });
  const DataSymbol* best = nullptr;
  while (after != symbols_.begin()) {
    const DataSymbol& symbol = *--after;
    if (address - symbol.address >= largest_) break;
    if (best != nullptr && symbol.address != best->address) break;
    if (address - symbol.address >= symbol.size) continue;
    if (best == nullptr || is_better_name(symbol, *best)) best = &symbol;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

}  // namespace gordian::symbols
