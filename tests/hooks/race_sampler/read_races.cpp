// read_races RECORD...: the races in flight records, one a line, for the tests of the sampler:
//
//   GRADE BY BITS ACCESS FUNCTION:LINE ACCESS FUNCTION:LINE [variable]
//
// The grade is the one that capture/atomic_access makes of it by the debug information.
#include <cstdio>
#include <exception>
#include <string>

#include "analyzer/capture/atomic_access.h"
#include "analyzer/record/reader.h"
#include "analyzer/symbols/symbolizer.h"

namespace {

using namespace gordian;

constexpr const char* kGrades[] = {"none",      "unlikely", "possible", "predicted",
                                   "confirmed", "inferred", "proven"};
constexpr const char* kWays[] = {"none", "caught", "order", "lockset"};
constexpr const char* kAccesses[] = {"none", "read", "write", "update", "free"};

std::vector<symbols::Mapping> mappings_of(const record::Record& record) {
  std::vector<symbols::Mapping> mappings;
  for (const record::ModuleRecord& module : record.modules)
    mappings.push_back({module.start,
                        module.end,
                        module.file_offset,
                        module.path,
                        {module.build_id, module.build_id + module.build_id_size},
                        ""});
  return mappings;
}

// The first place that is not the C library's.
std::string place_of(const record::RaceSide& side, symbols::Symbolizer& symbolizer) {
  for (uint32_t i = 0; i < side.frame_count; ++i) {
    for (const finding::Frame& frame : symbolizer.resolve(side.frames[i].address, i != 0)) {
      if (frame.module.find("/libc.so") != std::string::npos) continue;
      const std::string name = frame.function.empty() ? "?" : frame.function;
      if (frame.line == 0 && i + 1 < side.frame_count && frame.function.empty()) continue;
      return name + ":" + std::to_string(frame.line);
    }
  }
  return "?:0";
}

void print(const record::Record& record) {
  symbols::Symbolizer symbolizer(mappings_of(record));
  const capture::LineReader lines = capture::lines_of_files();
  for (const record::RaceRecord& race : record.races) {
    capture::AtomicUse uses[2];
    for (int i = 0; i < 2; ++i)
      uses[i] = race.sides[i].frame_count == 0
                    ? capture::AtomicUse::kUnknown
                    : capture::atomic_use(symbolizer.resolve(race.sides[i].frames[0].address, false), lines);
    const auto variable = symbolizer.variable_at(race.sides[0].address);
    std::printf("%s %s %#x", kGrades[static_cast<int>(capture::settled_grade(race, uses[0], uses[1]))],
                kWays[static_cast<int>(race.by)], race.bits);
    for (const record::RaceSide& side : race.sides)
      std::printf(" %s %s", kAccesses[static_cast<int>(side.access)], place_of(side, symbolizer).c_str());
    std::printf(" %s\n", variable ? variable->name.c_str() : "-");
  }
}

}  // namespace

int main(int count, char** names) {
  try {
    for (int i = 1; i < count; ++i) print(record::read_record(names[i]));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "read_races: %s\n", error.what());
    return 2;
  }
}
