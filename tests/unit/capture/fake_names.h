// Answers about addresses that a test makes up.
#pragma once

#include <map>
#include <set>

#include "analyzer/capture/address_names.h"

namespace gordian::test {

class FakeNames final : public capture::AddressNames {
 public:
  // A frame at `address`; several calls make inlined frames, innermost first.
  void code(uint64_t address, const std::string& function, const std::string& file = "", uint32_t line = 0,
            const std::string& module = "/usr/bin/bank") {
    finding::Frame frame;
    frame.address = address;
    frame.function = function;
    frame.file = file;
    frame.line = line;
    frame.module = module;
    frames_[address].push_back(frame);
  }
  void variable(uint64_t address, const std::string& name) { variables_[address] = name; }
  void not_after_call(uint64_t address) { not_after_call_.insert(address); }

  const std::vector<finding::Frame>& resolve(uint64_t address, bool) override {
    std::vector<finding::Frame>& frames = frames_[address];
    if (frames.empty()) frames.emplace_back().address = address;
    return frames;
  }
  std::optional<symbols::VariableName> variable_at(uint64_t address) override {
    const auto found = variables_.find(address);
    if (found == variables_.end()) return {};
    return symbols::VariableName{found->second, {}, 0, "/bin/program", address};
  }
  bool is_after_call(uint64_t address) override { return !not_after_call_.contains(address); }

 private:
  std::map<uint64_t, std::vector<finding::Frame>> frames_;
  std::map<uint64_t, std::string> variables_;
  std::set<uint64_t> not_after_call_;
};

// The functions of a stack, innermost first, as one text.
inline std::string functions(const finding::Stack& stack) {
  std::string text;
  for (const finding::Frame& frame : stack) text += (text.empty() ? "" : " < ") + frame.function;
  return text;
}

}  // namespace gordian::test
