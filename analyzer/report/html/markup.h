// Foreign text in HTML: names of threads, locks, functions and files come from the watched program, which may
// be hostile.
//
// Promises: what these functions return is safe between tags and in a quoted attribute: no tag, entity or
// quote of the text's own survives, and no control character, nor one that changes the direction of text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::report {

std::string html_text(std::string_view text);

// A name as `<span class="name">`; a long one is shortened, with all of it as its title.
std::string html_name(std::string_view name);

// As html_name, and a link to the place in the page.
std::string html_link(std::string_view target, std::string_view name);

std::string html_grade(finding::Grade grade);

// What the grade says, as in docs/concepts/grades.md.
std::string_view meaning_of(finding::Grade grade);

// `1 thread`, `3 threads`
std::string counted(uint64_t count, std::string_view thing);

}  // namespace gordian::report
