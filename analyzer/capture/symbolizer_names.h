// AddressNames from the debug information of the mapped files. Each address is looked up once: threads that
// hang tend to hang in the same places.
#pragma once

#include <map>
#include <unordered_map>
#include <utility>

#include "analyzer/capture/address_names.h"

namespace gordian::capture {

class SymbolizerNames final : public AddressNames {
 public:
  explicit SymbolizerNames(std::vector<symbols::Mapping> mappings) : symbolizer_(std::move(mappings)) {}

  const std::vector<finding::Frame>& resolve(uint64_t address, bool is_return_address) override {
    const auto [place, added] = frames_.try_emplace({address, is_return_address});
    if (added) place->second = symbolizer_.resolve(address, is_return_address);
    if (place->second.empty()) place->second.emplace_back().address = address;
    return place->second;
  }

  std::optional<symbols::VariableName> variable_at(uint64_t address) override {
    return symbolizer_.variable_at(address);
  }

  bool is_after_call(uint64_t address) override {
    const auto [place, added] = after_call_.try_emplace(address, false);
    if (added) place->second = symbolizer_.is_after_call(address);
    return place->second;
  }

 private:
  symbols::Symbolizer symbolizer_;
  std::map<std::pair<uint64_t, bool>, std::vector<finding::Frame>> frames_;
  std::unordered_map<uint64_t, bool> after_call_;
};

}  // namespace gordian::capture
