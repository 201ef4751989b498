// The pages under docs/rules, as the build found them.
//
// Promises: a page for every rule; markdown, with links reduced to their words, for a terminal.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::report {

std::string rule_page(finding::RuleId rule);

// The page as it is in the file; empty where there is none (rule_pages.cmake writes this).
std::string_view rule_page_source(std::string_view rule);

}  // namespace gordian::report
