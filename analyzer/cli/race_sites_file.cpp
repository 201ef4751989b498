#include "analyzer/cli/race_sites_file.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <memory>

#include "analyzer/cli/error.h"
#include "analyzer/cli/input.h"
#include "analyzer/cli/output.h"
#include "analyzer/record/race_sites.h"
#include "analyzer/record/steering.h"
#include "analyzer/symbols/line_addresses.h"

namespace gordian::cli {
namespace {

// Where each side of each race makes its access.
std::vector<symbols::SourcePlace> places_in(const finding::Report& report) {
  std::vector<symbols::SourcePlace> places;
  for (const finding::Finding& finding : report.findings) {
    if (finding.rule != finding::RuleId::kDataRace) continue;
    for (const finding::Step& step : finding.cycle) {
      if (step.waiting_at.empty() || step.waiting_at.front().line == 0) continue;
      places.push_back({step.waiting_at.front().file, step.waiting_at.front().line});
    }
  }
  return places;
}

}  // namespace

void write_race_sites(const std::string& report, const std::string& program, const std::string& directory) {
  const auto places = places_in(read_report(report, {}));
  if (places.empty())
    throw Refusal(fmt::format("{} has no data race with a place; run without --sites", report));
  const auto ranges = symbols::code_of(program, places);
  if (ranges.empty()) {
    throw Refusal(
        fmt::format("no place of {} is in the debug information of {}; build it with -g, or run "
                    "without --sites",
                    report, program));
  }
  const std::string name = std::filesystem::path(program).filename().string();
  const auto sites = std::make_unique<record::RaceSites>();
  std::memcpy(sites->magic, record::kRaceSitesMagic, sizeof sites->magic);
  sites->version = record::kRaceSitesVersion;
  for (const symbols::CodeRange& range : ranges) {
    if (sites->count == record::kMaxRaceRanges) break;
    sites->ranges[sites->count++] = {record::steering_hash(name.data(), name.size()), range.low, range.high};
  }
  write_file_atomically(directory + '/' + record::kRaceSitesFileName,
                        std::string(reinterpret_cast<const char*>(sites.get()), sizeof *sites));
}

}  // namespace gordian::cli
