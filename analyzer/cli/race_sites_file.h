// The places of a report's data races, as a file for the processes of a run.
//
// Errors: Refusal where the report cannot be read, has no data race, or none of its places is in the program.
#pragma once

#include <string>

namespace gordian::cli {

// Reads `report`, finds its places in `program`, and writes the file into `directory`.
void write_race_sites(const std::string& report, const std::string& program, const std::string& directory);

}  // namespace gordian::cli
