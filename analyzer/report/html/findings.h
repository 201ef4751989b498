// The findings in the page, each an article: what it is and how sure, the four conditions with their
// evidence, each member with its stacks, and what to do.
//
// Promises: foreign text is escaped. Suppressed findings come last and folded. Each article names its rule
// and grade in its data attributes, for the filter.
#pragma once

#include <string>

#include "analyzer/report/html/stacks.h"
#include "analyzer/report/inventory.h"

namespace gordian::report {

std::string html_findings(const finding::Report& report, const Inventory& inventory, HtmlStacks& stacks);

}  // namespace gordian::report
