#include "analyzer/report/sarif_locations.h"

#include "analyzer/report/escape.h"
#include "analyzer/report/uri.h"

namespace gordian::report {

using Json = nlohmann::ordered_json;

Json sarif_message(std::string_view text) {
  std::string result;
  for (char c : printable(text)) {
    if (c == '(' && result.ends_with(']')) result += ' ';  // `operator[](int)` is no link
    if (c == '{' || c == '}') result += c;
    result += c;
  }
  return {{"text", result}};
}

Json SarifLocations::artifact(const std::string& path) {
  const FileUri file = file_uri(path, source_root_);
  Json location = {{"uri", file.uri}};
  if (file.is_below_root) location["uriBaseId"] = "SRCROOT";
  const std::string key = (file.is_below_root ? "SRCROOT " : "") + file.uri;
  const auto [place, is_new] = artifact_places_.try_emplace(key, artifacts_.size());
  location["index"] = place->second;
  if (is_new) artifacts_.push_back({{"location", location}});
  return location;
}

// Module offsets are the part of an address that means something in another run (3.32).
Json SarifLocations::address(const finding::Frame& frame) {
  Json result = Json::object();
  if (frame.address != 0) result["absoluteAddress"] = frame.address;
  if (frame.module.empty()) return result;
  const auto [place, is_new] = module_places_.try_emplace(frame.module, addresses_.size());
  if (is_new) {
    const std::string name = frame.module.substr(frame.module.rfind('/') + 1);
    addresses_.push_back(
        {{"kind", "module"}, {"name", printable(name)}, {"fullyQualifiedName", printable(frame.module)}});
  }
  result["offsetFromParent"] = frame.module_offset;
  result["parentIndex"] = place->second;
  return result;
}

Json SarifLocations::location(const finding::Frame& frame) {
  Json physical = Json::object();
  if (!frame.file.empty()) {
    physical["artifactLocation"] = artifact(frame.file);
    if (frame.line != 0) {
      physical["region"] = {{"startLine", frame.line}};
      if (frame.column != 0) physical["region"]["startColumn"] = frame.column;
    }
  } else {
    if (!frame.module.empty()) physical["artifactLocation"] = artifact(frame.module);
    if (Json place = address(frame); !place.empty()) physical["address"] = std::move(place);
  }
  Json result = Json::object();
  if (!physical.empty()) result["physicalLocation"] = std::move(physical);
  if (!frame.function.empty()) {
    result["logicalLocations"] =
        Json::array({Json{{"fullyQualifiedName", printable(frame.function)}, {"kind", "function"}}});
  }
  return result.empty() ? Json(nullptr) : result;
}

}  // namespace gordian::report
