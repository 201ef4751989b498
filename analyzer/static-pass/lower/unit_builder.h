// A unit in the making: its texts each once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

class UnitBuilder {
 public:
  Symbol symbol(std::string_view text) {
    if (text.empty()) return {};
    const auto [place, added] = symbols_.try_emplace(std::string(text), unit_.strings.size());
    if (added) unit_.strings.push_back(place->first);
    return {place->second};
  }

  const std::string& text(Symbol symbol) const { return unit_.strings[symbol.value]; }
  Unit& unit() { return unit_; }
  Unit take() { return std::move(unit_); }

 private:
  Unit unit_;
  std::unordered_map<std::string, uint32_t> symbols_;
};

}  // namespace gordian::check
