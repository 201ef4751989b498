#include "analyzer/report/difference.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analyzer/report/json.h"
#include "analyzer/report/lock_order_graph.h"
#include "analyzer/report/text.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using finding::Difference;
using finding::Finding;

std::string count_of(size_t count, std::string_view noun) {
  return fmt::format("{} new {}{}", count, noun, count == 1 ? "" : "s");
}

void write_orders(Writer& writer, std::string_view sign, const std::vector<finding::OrderEdge>& orders) {
  for (const finding::OrderEdge& order : orders)
    writer.line(2, fmt::format("{} {}", sign, order_line(order)));
}

}  // namespace

std::string render_difference_text(const Difference& difference, const TextOptions& options) {
  Writer writer(options);
  const std::string head =
      fmt::format("{}, {} gone; {}, {} gone", count_of(difference.new_findings.size(), "finding"),
                  difference.gone_findings.size(), count_of(difference.new_orders.size(), "lock order"),
                  difference.gone_orders.size());
  writer.line(0, writer.paint(Colour::kStrong, head));
  std::string result = writer.take();
  for (const Finding& finding : difference.new_findings)
    result += "\nNew: " + render_finding_text(finding, options);
  Writer rest(options);
  if (!difference.gone_findings.empty()) rest.blank();
  for (const Finding& finding : difference.gone_findings) {
    rest.prose(0, fmt::format("Gone: {}, {}: ", name_of(finding.rule), name_of(finding.grade)),
               finding.summary, Colour::kDim);
  }
  if (!difference.new_orders.empty() || !difference.gone_orders.empty()) {
    rest.blank();
    rest.line(0, rest.paint(Colour::kStrong, "Lock orders"));
    write_orders(rest, "+", difference.new_orders);
    write_orders(rest, "-", difference.gone_orders);
  }
  return result + rest.take();
}

std::string render_difference_json(const Difference& difference) {
  const auto list = [](const auto& items) {
    nlohmann::ordered_json result = nlohmann::ordered_json::array();
    for (const auto& item : items) result.push_back(to_json(item));
    return result;
  };
  return dump({{"schema", "gordian-difference/1"},
               {"new_findings", list(difference.new_findings)},
               {"gone_findings", list(difference.gone_findings)},
               {"new_lock_orders", list(difference.new_orders)},
               {"gone_lock_orders", list(difference.gone_orders)}});
}

}  // namespace gordian::report
