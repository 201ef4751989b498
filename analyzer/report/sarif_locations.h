// The places in a SARIF run: locations of frames, and the lists of artifacts and addresses that they refer
// to.
//
// Promises: each file and each module is in its list once, in the order in which it was first asked for.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "analyzer/finding/finding.h"

namespace gordian::report {

// A message object: printable, and nothing in it can be taken for a placeholder or a link (3.11.5, 3.11.6).
nlohmann::ordered_json sarif_message(std::string_view text);

class SarifLocations {
 public:
  explicit SarifLocations(std::string source_root) : source_root_(std::move(source_root)) {}

  // A location object; a frame without a file is placed in its module. Null when nothing is known of it.
  nlohmann::ordered_json location(const finding::Frame& frame);

  const nlohmann::ordered_json& artifacts() const { return artifacts_; }
  const nlohmann::ordered_json& addresses() const { return addresses_; }

 private:
  nlohmann::ordered_json artifact(const std::string& path);
  nlohmann::ordered_json address(const finding::Frame& frame);

  std::string source_root_;
  std::map<std::string, size_t> artifact_places_;  // by URI
  std::map<std::string, size_t> module_places_;    // by path
  nlohmann::ordered_json artifacts_ = nlohmann::ordered_json::array();
  nlohmann::ordered_json addresses_ = nlohmann::ordered_json::array();
};

}  // namespace gordian::report
