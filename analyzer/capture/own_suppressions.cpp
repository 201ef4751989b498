#include "analyzer/capture/own_suppressions.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "analyzer/finding/suppressions.h"

namespace gordian::capture {

void apply_own_suppressions(const std::string& record_path, finding::Report& report) {
  const std::filesystem::path path = std::filesystem::path(record_path).replace_extension(".suppressions");
  std::ifstream file(path, std::ios::binary);
  if (!file) return;
  std::ostringstream text;
  text << file.rdbuf();
  finding::Suppressions suppressions;
  try {
    suppressions.add(finding::parse_tsan_suppressions(text.str(), path.filename().string()));
  } catch (const finding::SuppressionError&) {
    return;
  }
  suppressions.apply(report);
}

}  // namespace gordian::capture
