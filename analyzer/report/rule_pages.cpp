#include "analyzer/report/rule_pages.h"

namespace gordian::report {
namespace {

// `[grades](../concepts/grades.md)` becomes `grades`; brackets of code, such as a lambda's, are none.
std::string without_links(std::string_view page) {
  std::string result;
  while (!page.empty()) {
    const size_t open = page.find('[');
    const size_t middle = page.find("](", open == page.npos ? page.size() : open);
    const size_t end = page.find(')', middle == page.npos ? page.size() : middle);
    if (end == page.npos) break;
    const std::string_view words = page.substr(open + 1, middle - open - 1);
    const std::string_view target = page.substr(middle + 2, end - middle - 2);
    const bool is_link = words.find_first_of("[\n") == words.npos && target.find(".md") != target.npos &&
                         target.find_first_of(" \n") == target.npos;
    result += page.substr(0, open);
    result += is_link ? words : page.substr(open, 1);
    page.remove_prefix(is_link ? end + 1 : open + 1);
  }
  return result += page;
}

}  // namespace

std::string rule_page(finding::RuleId rule) {
  return without_links(rule_page_source(name_of(rule)));
}

}  // namespace gordian::report
