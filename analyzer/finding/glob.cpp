#include "analyzer/finding/glob.h"

namespace gordian::finding {

// Only the last star has to be tried again: what an earlier one could still give, the last one can give too.
bool glob_matches(std::string_view pattern, std::string_view text) {
  size_t at = 0, in_pattern = 0;
  size_t star = std::string_view::npos, star_covers = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_covers = at;
    } else if (in_pattern < pattern.size() &&
               (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
      ++at;
      ++in_pattern;
    } else if (star != std::string_view::npos) {
      at = ++star_covers;
      in_pattern = star + 1;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
  return in_pattern == pattern.size();
}

}  // namespace gordian::finding
