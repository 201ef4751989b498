// A unit as text, for tests and for whoever wonders what was read. Not a format: nothing reads it back.
#pragma once

#include <string>

#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

std::string dump(const Unit& unit);
std::string dump(const Unit& unit, const Function& function);
std::string dump(const Unit& unit, const Path& path);

}  // namespace gordian::check
