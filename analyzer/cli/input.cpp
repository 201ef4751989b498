#include "analyzer/cli/input.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/program_check.h"
#include "analyzer/record/control.h"
#include "analyzer/report/json.h"
#include "analyzer/report/sarif.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Refusal(path + " cannot be read; look at its permissions");
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// A flight record starts with "GORDIAN\n", a report with a brace.
bool looks_like_json(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char first = '\0';
  file >> std::ws >> first;
  return first == '{';
}

// Anything that is there and is not a file or directory would block or have no end.
void check_exists(const std::string& name) {
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (!fs::exists(status)) {
    throw Refusal(name +
                  ": no such file; give a flight record, which gordian run --report-dir DIR leaves as "
                  "DIR/<pid>.flight");
  }
  if (!fs::is_regular_file(status) && !fs::is_directory(status))
    throw Refusal(name + " is not a regular file; give a flight record (DIR/<pid>.flight)");
}

}  // namespace

std::vector<std::string> expand_inputs(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& name : names) {
    check_exists(name);
    if (!fs::is_directory(name)) {
      result.push_back(name);
      continue;
    }
    std::vector<std::string> found;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(name, error)) {
      if (entry.path().extension() == record::kFlightSuffix) found.push_back(entry.path().string());
    }
    if (error)
      throw Refusal(
          fmt::format("cannot read the directory {}: {}; look at its permissions", name, error.message()));
    if (const std::string report = name + "/report.json"; found.empty() && fs::is_regular_file(report, error))
      found.push_back(report);
    if (found.empty())
      throw Refusal(
          fmt::format("{} holds no flight record (*.flight) and no report.json; give a directory that "
                      "gordian run --report-dir has filled",
                      name));
    std::ranges::sort(found);
    result.insert(result.end(), found.begin(), found.end());
  }
  return result;
}

std::string read_text(const std::string& path) {
  constexpr size_t kMost = size_t{256} << 20;
  std::error_code error;
  if (fs::is_directory(path, error)) throw Refusal(path + " is a directory; give a file");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Refusal(fmt::format("cannot read {}: {}; check its name and permissions", path, error_text(errno)));
  std::string text;
  char part[1 << 16];
  while (file.read(part, sizeof part), file.gcount() > 0) {
    const std::string_view piece(part, static_cast<size_t>(file.gcount()));
    if (piece.find('\0') != piece.npos) throw Refusal(path + " is not a text file; is it the right one?");
    text += piece;
    if (text.size() > kMost) throw Refusal(path + " is larger than 256 MB; is it the right file?");
  }
  return text;
}

capture::ProcessView read_process(const std::string& name, const capture::CaptureOptions& options) {
  check_exists(name);
  if (fs::is_directory(name))
    throw Refusal(name + " is a directory; name one of the flight records in it, or use gordian report");
  if (const auto facts = read_elf(name); facts && facts->type == ET_CORE) {
    throw Refusal(name + " is a core; gordian inspect reads it");
  }
  return capture::FlightCapture(name, options).view();
}

finding::Report read_report(const std::string& path, const capture::CaptureOptions& options) {
  if (!looks_like_json(path)) return read_process(path, options).report;
  try {
    const std::string text = read_whole(path);
    return report::looks_like_sarif(text) ? report::parse_sarif(text) : report::parse_json(text);
  } catch (const report::ReportError& error) {
    throw Refusal(fmt::format("{}: {}; give a flight record, or a report of gordian as JSON or SARIF", path,
                              error.what()));
  }
}

}  // namespace gordian::cli
