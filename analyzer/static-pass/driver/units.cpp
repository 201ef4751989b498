#include "analyzer/static-pass/driver/units.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "analyzer/static-pass/driver/cache.h"
#include "analyzer/static-pass/driver/database.h"
#include "analyzer/static-pass/driver/reader.h"
#include "analyzer/static-pass/summary/archive.h"

namespace gordian::check {
namespace {

struct Outcome {
  std::optional<Unit> unit;
  std::string error;
  bool from_cache = false;
};

// The functions of headers are in every unit that includes them: of each, the copy of the first unit is kept,
// and the others are not even read where that unit is known already.
class HeaderFunctions {
 public:
  bool is_wanted(size_t unit, uint16_t flags, const std::string& key) {
    if ((flags & function_flags::kInHeader) == 0) return true;
    const std::lock_guard lock(mutex_);
    const auto [place, added] = first_unit_.try_emplace(key, unit);
    if (unit < place->second) place->second = unit;
    return place->second == unit;
  }

  // After all units: those that were read before an earlier unit had them too.
  void remove_repeated(size_t index, Unit& unit) const {
    std::erase_if(unit.functions, [&](const Function& function) {
      return (function.flags & function_flags::kInHeader) != 0 &&
             first_unit_.at(unit.strings[function.key.value]) != index;
    });
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, size_t> first_unit_;
};

class UnitReading {
 public:
  UnitReading(const CheckOptions& options, const std::vector<CompileCommand>& commands, std::string program)
      : options_(options),
        commands_(commands),
        program_(std::move(program)),
        cache_(options.cache_directory, program_, files_),
        outcomes_(commands.size()) {}

  void run() {
    unsigned jobs = options_.jobs != 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
    if (jobs > commands_.size()) jobs = static_cast<unsigned>(commands_.size());
    tell(0);
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < jobs; ++i) workers.emplace_back([this] { work(); });
    workers.clear();
    for (size_t i = 0; i < outcomes_.size(); ++i)
      if (outcomes_[i].unit) headers_.remove_repeated(i, *outcomes_[i].unit);
    cache_.remove_old();
  }

  std::vector<Outcome>& outcomes() { return outcomes_; }

 private:
  void work() {
    Reader reader(program_, ReaderBounds{});
    for (size_t i = next_++; i < commands_.size(); i = next_++) {
      outcomes_[i] = read(i, reader);
      const std::lock_guard lock(progress_);
      tell(++done_);
    }
  }

  Outcome read(size_t index, Reader& reader) {
    const CompileCommand& command = commands_[index];
    const WantedFunction wanted = [&](uint16_t flags, const std::string& key) {
      return headers_.is_wanted(index, flags, key);
    };
    Outcome outcome;
    if (std::optional<Unit> kept = cache_.find(command, wanted)) {
      outcome.unit = std::move(kept);
      outcome.from_cache = true;
      return outcome;
    }
    const std::optional<std::string> archived = reader.read(command, outcome.error);
    if (!archived) return outcome;
    outcome.unit = read_unit(*archived, wanted);
    if (!outcome.unit) {
      outcome.error = "its reader is of another version; install gordian again";
    } else if (!outcome.unit->error.empty()) {
      outcome.error = outcome.unit->error;
      outcome.unit.reset();
    } else {
      cache_.keep(command, *outcome.unit, *archived);
    }
    return outcome;
  }

  void tell(size_t done) const {
    if (options_.progress) options_.progress(done, commands_.size());
  }

  const CheckOptions& options_;
  const std::vector<CompileCommand>& commands_;
  std::string program_;
  FileStates files_;
  Cache cache_;
  HeaderFunctions headers_;
  std::vector<Outcome> outcomes_;
  std::atomic<size_t> next_{0};
  std::mutex progress_;
  size_t done_ = 0;
};

}  // namespace

std::vector<Unit> parse_units(const CheckOptions& options, std::vector<FailedUnit>& failed,
                              size_t& from_cache) {
  const std::string program = find_reader();
  if (program.empty())
    throw CheckError(
        "gordian-read-unit is neither beside gordian nor in ../lib/gordian; build it "
        "(-DGORDIAN_STATIC_PASS=ON), or "
        "install gordian again");
  const Database database = read_database(options.database);
  const std::vector<CompileCommand> commands = choose(database, options.files);
  UnitReading reading(options, commands, program);
  reading.run();

  std::vector<Unit> units;
  from_cache = 0;
  for (size_t i = 0; i < commands.size(); ++i) {
    Outcome& outcome = reading.outcomes()[i];
    if (outcome.unit) {
      units.push_back(*std::move(outcome.unit));
      from_cache += outcome.from_cache ? 1 : 0;
    } else {
      failed.push_back({commands[i].file, outcome.error});
    }
  }
  return units;
}

}  // namespace gordian::check
