// What differs from a revision of git: lines, and the functions that have such lines.
//
// Promises: asks git alone, with the user's own configuration kept from changing the answer; changes nothing.
// What git does not track yet and does not ignore is new as a whole.
// Errors: Refusal, one line with git's own words.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::cli {

class ChangedLines {
 public:
  // `directory` lies in the repository.
  ChangedLines(const std::string& directory, const std::string& revision);

  // Whether one of the finding's places, calls on the way included, is on such a line or in such a function.
  bool touch(const finding::Finding& finding) const;

 private:
  struct Range {
    uint32_t first = 0;
    uint32_t last = 0;
  };

  void read_difference(const std::string& difference);
  void add(const std::string& path, Range changed, bool is_removal);
  void widen_to_functions();

  std::string root_;
  std::map<std::string, std::vector<Range>> ranges_;         // by path, real
  std::map<std::string, std::vector<uint32_t>> removed_at_;  // lines after which something is gone
};

}  // namespace gordian::cli
