// The names of a process's addresses, kept from one look at it to the next.
//
// Debug information is slow to read: it is kept for as long as the same files are mapped at the same places.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "analyzer/capture/symbolizer_names.h"

namespace gordian::capture {

class KeptNames {
 public:
  // Good until the next call.
  AddressNames& names_for(std::vector<symbols::Mapping> mappings) {
    if (names_ == nullptr || !same(mappings, mappings_)) {
      names_ = std::make_unique<SymbolizerNames>(mappings);
      mappings_ = std::move(mappings);
    }
    return *names_;
  }

 private:
  static bool same(const std::vector<symbols::Mapping>& one, const std::vector<symbols::Mapping>& other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](const symbols::Mapping& a, const symbols::Mapping& b) {
                        return a.start == b.start && a.end == b.end && a.file_offset == b.file_offset &&
                               a.path == b.path && a.build_id == b.build_id;
                      });
  }

  std::vector<symbols::Mapping> mappings_;
  std::unique_ptr<SymbolizerNames> names_;
};

}  // namespace gordian::capture
