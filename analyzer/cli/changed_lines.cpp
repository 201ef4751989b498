#include "analyzer/cli/changed_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>

#include "analyzer/cli/command_output.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/source_file.h"
#include "analyzer/finding/source_text.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// What a hook of git sets is about another directory than ours.
const std::vector<std::string> kNotInherited = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"};

std::string git(const std::string& directory, const std::vector<std::string>& arguments,
                const std::string& purpose) {
  std::vector<std::string> command = {"git", "-C", directory, "-c", "core.quotePath=false"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const CommandOutput output = output_of(command, kNotInherited);
  if (output.exit_code != 0) {
    const std::string why = first_line(output.error);
    throw Refusal(fmt::format("{}: {}", purpose, why.empty() ? "git could not be asked" : why));
  }
  return output.text;
}

// The numbers of `+12,3`; one line where there is no second.
void read_numbers(std::string_view text, uint32_t& start, uint32_t& count) {
  count = 1;
  const char* end = text.data() + text.size();
  const char* next = std::from_chars(text.data(), end, start).ptr;
  if (next != end && *next == ',') std::from_chars(next + 1, end, count);
}

// `"b/odd \"name\".cpp"` where the name has quotes, backslashes or control characters.
std::string unquoted(std::string_view name) {
  if (!name.starts_with('"') || !name.ends_with('"') || name.size() < 2) return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\' || i + 1 == name.size()) {
      result += name[i];
      continue;
    }
    const char c = name[++i];
    unsigned byte = 0;
    if (c >= '0' && c <= '7') {
      i = static_cast<size_t>(
              std::from_chars(name.data() + i, name.data() + std::min(i + 3, name.size()), byte, 8).ptr -
              name.data()) -
          1;
      result += static_cast<char>(byte);
    } else {
      result += c == 't' ? '\t' : c == 'n' ? '\n' : c;
    }
  }
  return result;
}

std::string real_path(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

template <typename Take>
void for_each_frame(const finding::Finding& finding, Take take) {
  for (const finding::Step& step : finding.cycle) {
    for (const finding::Frame& frame : step.waiting_at) take(frame);
    for (const finding::Acquisition& hold : step.holds) {
      for (const finding::Frame& frame : hold.acquired_at) take(frame);
    }
  }
}

}  // namespace

ChangedLines::ChangedLines(const std::string& directory, const std::string& revision) {
  const std::string purpose = "--changed-since " + revision;
  root_ = first_line(git(directory, {"rev-parse", "--show-toplevel"}, purpose));
  const std::string commit =
      first_line(git(root_, {"rev-parse", "--verify", "--end-of-options", revision + "^{commit}"}, purpose));
  read_difference(git(root_,
                      {"diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames",
                       "--src-prefix=a/", "--dst-prefix=b/", commit, "--"},
                      purpose));
  const std::string others = git(root_, {"ls-files", "--others", "--exclude-standard", "-z"}, purpose);
  for (size_t start = 0; start < others.size(); start = others.find('\0', start) + 1)
    add(others.c_str() + start, {1, std::numeric_limits<uint32_t>::max()}, false);
  widen_to_functions();
}

void ChangedLines::add(const std::string& path, Range changed, bool is_removal) {
  const std::string whole = real_path(root_ + '/' + path);
  std::vector<Range>& ranges = ranges_[whole];
  if (is_removal) {
    removed_at_[whole].push_back(changed.first);
  } else {
    ranges.push_back(changed);
  }
}

void ChangedLines::read_difference(const std::string& difference) {
  std::string path;
  bool is_header = false;
  for (size_t start = 0; start < difference.size();) {
    const size_t end = std::min(difference.find('\n', start), difference.size());
    const std::string_view line = std::string_view(difference).substr(start, end - start);
    start = end + 1;
    if (line.starts_with("diff --git ")) is_header = true;
    if (is_header && line.starts_with("+++ ")) {
      const std::string name = unquoted(line.substr(4, line.find('\t') - 4));
      path = name.starts_with("b/") ? name.substr(2) : "";
    }
    if (!line.starts_with("@@ ")) continue;
    is_header = false;
    const size_t plus = line.find(" +");
    if (path.empty() || plus == line.npos) continue;
    Range range;
    uint32_t count = 0;
    read_numbers(line.substr(plus + 2), range.first, count);
    range.last = range.first + count - 1;
    add(path, range, count == 0);
  }
}

void ChangedLines::widen_to_functions() {
  for (auto& [path, ranges] : ranges_) {
    const std::vector<Range> changed = ranges;
    for (const finding::FunctionLines& function : finding::scan_source(read_source_file(path)).functions) {
      const bool has_changed = std::ranges::any_of(changed, [&](const Range& each) {
        return each.first <= function.last && each.last >= function.first;
      });
      const bool has_lost = std::ranges::any_of(
          removed_at_[path], [&](uint32_t line) { return line >= function.first && line < function.last; });
      if (has_changed || has_lost) ranges.push_back({function.first, function.last});
    }
  }
}

bool ChangedLines::touch(const finding::Finding& finding) const {
  bool is_touched = false;
  for_each_frame(finding, [&](const finding::Frame& frame) {
    if (is_touched || frame.file.empty()) return;
    const auto place = ranges_.find(real_path(frame.file));
    is_touched = place != ranges_.end() && std::ranges::any_of(place->second, [&](const Range& each) {
                   return frame.line >= each.first && frame.line <= each.last;
                 });
  });
  return is_touched;
}

}  // namespace gordian::cli
