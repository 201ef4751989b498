#include "analyzer/report/watch_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "analyzer/report/escape.h"
#include "analyzer/report/watch_table.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

struct Line {
  std::string text;
  Colour colour = Colour::kPlain;
};

// A part of the screen: a heading, lines that go with it, and entries of which the first ones are shown.
struct Part {
  std::string heading;
  std::vector<Line> fixed;
  std::vector<std::vector<Line>> entries;
  size_t shown = 0;
  size_t left_out = 0;  // besides the entries that are not shown

  size_t hidden() const { return left_out + entries.size() - shown; }
};

std::string duration_of(const std::optional<uint64_t>& milliseconds) {
  return milliseconds ? describe_duration(*milliseconds) : "a moment";
}

std::string plural(uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string wait_phrase(const finding::WatchedWait& wait) {
  std::string text = fmt::format("{} for {}", duration_of(wait.since_ms), printable(wait.lock));
  if (wait.timed) text += " (ends by itself)";
  return text;
}

std::string others_phrase(uint32_t others) {
  return others == 0 ? "" : fmt::format(" and {} more", others);
}

std::string holder_phrase(const finding::WatchedWait& wait) {
  if (wait.is_join) return "";
  if (wait.held_by.empty()) return ", held by nobody in particular";
  return fmt::format(", held by {}{}", printable(wait.held_by), others_phrase(wait.other_holders));
}

std::vector<Line> chain_lines(const finding::WatchedChain& chain) {
  const Colour colour = chain.is_circle ? Colour::kBad : Colour::kPlain;
  std::vector<Line> lines;
  for (size_t i = 0; i < chain.waits.size(); ++i) {
    const finding::WatchedWait& wait = chain.waits[i];
    std::string text = i == 0 ? printable(wait.thread) + others_phrase(wait.others) : "which";
    text += i == 0 && wait.others != 0 ? " wait up to " : " waits ";
    text += wait_phrase(wait);
    if (i != 0 && wait.others != 0) text += fmt::format(" like {}", plural(wait.others, "other", "others"));
    text += holder_phrase(wait);
    const bool is_last = i + 1 == chain.waits.size();
    if (!is_last) text += ',';
    if (is_last && chain.is_circle) text += ": a circle";
    if (is_last && !chain.end.empty()) text += ", which " + printable(chain.end);
    lines.push_back({std::string(i == 0 ? 2 : 4, ' ') + text, colour});
  }
  return lines;
}

Part findings_part(const finding::WatchView& view) {
  Part part;
  part.heading = "Findings";
  for (const finding::WatchedFinding& each : view.findings) {
    const Colour colour = each.grade >= finding::Grade::kInferred ? Colour::kBad : Colour::kWarning;
    part.entries.push_back({{fmt::format("  {}, {}: {}", finding::name_of(each.rule),
                                         finding::name_of(each.grade), printable(each.summary)),
                             colour}});
  }
  return part;
}

Part chains_part(const finding::WatchView& view) {
  Part part;
  part.heading = "Who waits for whom now";
  for (const finding::WatchedChain& chain : view.chains) part.entries.push_back(chain_lines(chain));
  if (view.chains.empty()) part.fixed.push_back({"  no thread waits for what another has", Colour::kDim});
  return part;
}

void add_table(Part& part, const std::vector<Column>& columns, const std::vector<Row>& rows,
               const WatchTextOptions& options) {
  constexpr size_t kIndent = 2;
  const size_t width = options.width > kIndent ? options.width - kIndent : 0;
  // Columns fit the rows that are shown.
  const std::vector<Row> first(
      rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(rows.size(), options.rows)));
  std::vector<std::string> lines = table_lines(columns, first, width);
  part.fixed.push_back({"  " + lines.front(), Colour::kDim});
  for (size_t i = 1; i < lines.size(); ++i) part.entries.push_back({{"  " + lines[i]}});
  part.left_out = rows.size() - first.size();
}

std::string longest_cell(const std::optional<uint64_t>& milliseconds) {
  return milliseconds ? describe_duration(*milliseconds) : "";
}

Part longest_part(const finding::WatchView& view, const WatchTextOptions& options) {
  Part part;
  part.heading = "Longest waits";
  std::vector<Row> rows;
  for (const finding::WatchedWait& wait : view.longest) {
    rows.push_back({printable(wait.thread) + others_phrase(wait.others), longest_cell(wait.since_ms),
                    printable(wait.lock) + (wait.timed ? " (ends by itself)" : ""),
                    wait.is_join || wait.held_by.empty()
                        ? ""
                        : printable(wait.held_by) + others_phrase(wait.other_holders)});
  }
  if (rows.empty())
    part.fixed.push_back({"  no thread waits", Colour::kDim});
  else
    add_table(part, {{"thread"}, {"for", true}, {"waits for"}, {"held by"}}, rows, options);
  return part;
}

Part locks_part(const finding::WatchView& view, const WatchTextOptions& options) {
  Part part;
  part.heading = "Most contended locks, sampled";
  std::vector<Row> rows;
  for (const finding::WatchedLock& lock : view.locks) {
    rows.push_back({printable(lock.name), printable(lock.kind), std::to_string(lock.waits),
                    std::to_string(lock.waiting), describe_duration(lock.waited_ms),
                    longest_cell(lock.longest_ms), fmt::format("{:.0f}%", 100 * lock.held),
                    printable(lock.holder)});
  }
  if (rows.empty())
    part.fixed.push_back({"  no wait for a lock was seen", Colour::kDim});
  else
    add_table(part,
              {{"lock"},
               {"kind"},
               {"waits", true},
               {"waiting now", true},
               {"time waited", true},
               {"longest now", true},
               {"held", true},
               {"holder now"}},
              rows, options);
  return part;
}

Part events_part(const finding::WatchView& view, const WatchTextOptions& options) {
  Part part;
  part.heading = "Conditions, semaphores, barriers";
  std::vector<Row> rows;
  for (const finding::WatchedEvent& event : view.events)
    rows.push_back({printable(event.name), printable(event.kind), std::to_string(event.waiting),
                    longest_cell(event.longest_ms), std::to_string(event.signals)});
  if (!rows.empty())
    add_table(part, {{"name"}, {"kind"}, {"waiting now", true}, {"longest now", true}, {"signals", true}},
              rows, options);
  return part;
}

std::vector<Line> header_lines(const finding::WatchView& view) {
  const std::string& path = view.program.path;
  const uint32_t threads = view.running + view.waiting;
  std::string first =
      fmt::format("{} (pid {}): {}, {} running, {} waiting", printable(path.substr(path.rfind('/') + 1)),
                  view.program.pid, plural(threads, "thread", "threads"), view.running, view.waiting);
  if (view.ended != 0) first += fmt::format("; {} ended", view.ended);
  std::string second = fmt::format("In the last {}: {}", describe_duration(view.period_ms),
                                   plural(view.requests, "request for a lock", "requests for locks"));
  if (view.samples > 1 && view.period_ms != 0) {
    second += fmt::format(", {} samples, so that what lasts less than {} ms can be missed", view.samples,
                          std::max<uint64_t>(1, view.period_ms / view.samples));
    if (view.waits_missed != 0)
      second += fmt::format("; missed: at least {}", plural(view.waits_missed, "wait", "waits"));
  }
  return {{first, Colour::kStrong}, {second}};
}

size_t lines_of(const Part& part) {
  size_t lines = 2 + part.fixed.size() + (part.hidden() != 0 ? 1 : 0);  // a blank line and the heading
  for (size_t i = 0; i < part.shown; ++i) lines += part.entries[i].size();
  return lines;
}

// Takes an entry at a time from the part that shows most lines, until all fit.
void fit(std::vector<Part>& parts, size_t height) {
  const auto total = [&] {
    size_t lines = 0;
    for (const Part& part : parts) lines += lines_of(part);
    return lines;
  };
  while (total() > height) {
    const auto largest = std::ranges::max_element(
        parts, {}, [](const Part& part) { return part.shown == 0 ? 0 : lines_of(part); });
    if (largest == parts.end() || largest->shown == 0) return;
    --largest->shown;
  }
}

class Sheet {
 public:
  explicit Sheet(const WatchTextOptions& options) : options_(options) {
    text_options_.colour = options.colour;
  }

  void add(const Line& line) {
    if (options_.height != 0 && lines_ == options_.height) return;
    ++lines_;
    text_ += writer_.paint(line.colour, cut(line.text, options_.width)) + '\n';
  }

  std::string take() { return std::move(text_); }

 private:
  const WatchTextOptions& options_;
  TextOptions text_options_;
  Writer writer_{text_options_};
  size_t lines_ = 0;
  std::string text_;
};

}  // namespace

std::string render_watch_text(const finding::WatchView& view, const WatchTextOptions& options) {
  std::vector<Part> parts;
  for (Part& part : std::vector<Part>{findings_part(view), chains_part(view), longest_part(view, options),
                                      locks_part(view, options), events_part(view, options)}) {
    if (part.entries.empty() && part.fixed.empty()) continue;
    part.shown = std::min<size_t>(part.entries.size(), options.rows);
    parts.push_back(std::move(part));
  }
  const std::vector<Line> header = header_lines(view);
  if (options.height != 0) fit(parts, options.height - std::min<size_t>(options.height, header.size()));

  Sheet sheet(options);
  for (const Line& line : header) sheet.add(line);
  for (const Part& part : parts) {
    sheet.add({""});
    sheet.add({part.heading, Colour::kStrong});
    for (const Line& line : part.fixed) sheet.add(line);
    for (size_t i = 0; i < part.shown; ++i) {
      for (const Line& line : part.entries[i]) sheet.add(line);
    }
    if (part.hidden() != 0) sheet.add({fmt::format("  ... {} more", part.hidden()), Colour::kDim});
  }
  return sheet.take();
}

}  // namespace gordian::report
