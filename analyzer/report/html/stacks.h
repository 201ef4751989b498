// Stacks in HTML: a list of frames, source lines with their neighbours under the frame that says most, frames
// of the C and C++ libraries folded.
//
// Promises: foreign text is escaped; the source files that frames name are read, once each, and nothing else
// is.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"
#include "analyzer/report/html_options.h"
#include "analyzer/report/source_lines.h"

namespace gordian::report {

class HtmlStacks {
 public:
  explicit HtmlStacks(const HtmlOptions& options) : options_(options) {}

  std::string render(const finding::Stack& stack);

  // `bank.cpp:41` of the frame that says most; empty without one.
  std::string place_of(const finding::Stack& stack) const;

 private:
  std::string frame(size_t number, const finding::Frame& frame, uint32_t neighbours);
  std::string folded(size_t first, size_t end, const finding::Stack& stack);
  std::string source(const finding::Frame& frame, uint32_t neighbours);

  const HtmlOptions& options_;
  SourceLines sources_;
};

}  // namespace gordian::report
