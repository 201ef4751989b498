#include "analyzer/capture/lasting_names.h"

namespace gordian::capture {
namespace {

// `mutex first taken at f() #2`: what comes before the number.
std::string without_number(const std::string& name) {
  const size_t mark = name.rfind(" #");
  const bool is_number = mark != name.npos && mark + 2 < name.size() &&
                         name.find_first_not_of("0123456789", mark + 2) == name.npos;
  return is_number ? name.substr(0, mark) : name;
}

}  // namespace

const std::string& LastingNames::name(const LockLife& lock, const std::string& proposed) {
  const auto [place, is_new] = names_.try_emplace(lock, proposed);
  if (!is_new || used_.insert(proposed).second) return place->second;
  const std::string base = without_number(proposed);
  for (uint32_t number = 2; !used_.insert(place->second).second; ++number)
    place->second = base + " #" + std::to_string(number);
  return place->second;
}

}  // namespace gordian::capture
