#include "analyzer/static-pass/models/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "analyzer/static-pass/models/builtin.h"

namespace gordian::check {
namespace {

constexpr std::array<std::pair<std::string_view, Effect>, 19> kEffects = {{
    {"acquires", Effect::kAcquire},
    {"tries", Effect::kTry},
    {"releases", Effect::kRelease},
    {"waits", Effect::kWait},
    {"signals", Effect::kSignal},
    {"blocks", Effect::kBlock},
    {"starts", Effect::kThread},
    {"joins", Effect::kJoin},
    {"detaches", Effect::kDetach},
    {"ends-thread", Effect::kEndThread},
    {"calls", Effect::kCall},
    {"keeps", Effect::kKeep},
    {"initialises", Effect::kInitialise},
    {"sets-type", Effect::kSetType},
    {"destroys", Effect::kDestroy},
    {"guard", Effect::kGuard},
    {"holder", Effect::kMove},
    {"lock-class", Effect::kLockClass},
    {"nothing", Effect::kNothing},
}};

constexpr std::array<std::pair<std::string_view, LockKind>, 4> kKinds = {{
    {"mutex", LockKind::kMutex},
    {"rwlock", LockKind::kRwlock},
    {"spinlock", LockKind::kSpinlock},
    {"semaphore", LockKind::kSemaphore},
}};

// One line: NAME EFFECT [OPERANDS...] [WORDS...]
class LineParser {
 public:
  LineParser(std::string_view line, const std::string& name, size_t number)
      : rest_(line), name_(name), number_(number) {}

  std::string_view word() {
    const size_t start = rest_.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) return rest_ = {};
    rest_.remove_prefix(start);
    const std::string_view result = rest_.substr(0, rest_.find_first_of(" \t\r"));
    rest_.remove_prefix(result.size());
    return result;
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw ModelError(fmt::format("{}:{}: {}", name_, number_, reason));
  }

  Model parse() {
    Model model;
    const std::string_view effect = word();
    const auto known = std::ranges::find(kEffects, effect, &std::pair<std::string_view, Effect>::first);
    if (known == kEffects.end())
      fail(effect.empty() ? "a name without an effect; write NAME EFFECT OPERANDS"
                          : fmt::format("\"{}\" is no effect; effects are {}", shown(effect), all_effects()));
    model.effect = known->second;
    for (std::string_view next = word(); !next.empty(); next = word()) take(model, next);
    check(model);
    return model;
  }

 private:
  static std::string shown(std::string_view word) {
    std::string result;
    for (const char c : word.substr(0, 40)) result += c >= ' ' && c < 127 ? c : '?';
    return result;
  }

  static std::string all_effects() {
    std::string result;
    for (const auto& [name, effect] : kEffects) result += (result.empty() ? "" : ", ") + std::string(name);
    return result;
  }

  void take(Model& model, std::string_view word) {
    if (word == "this") return model.operands.push_back(kThisOperand);
    if (word == "all") return model.operands.push_back(kAllOperands);
    if (word == "shared") return void(model.shared = true);
    if (word == "recursive") return void(model.recursive = true);
    if (word == "timed") return void(model.timed = true);
    if (word == "zero") return void(model.success_is_zero = true);
    if (word.starts_with("predicate=")) return void(model.predicate = number(word.substr(10)));
    if (word.starts_with("unless=")) return void(model.unless = exception(word.substr(7)));
    const auto kind = std::ranges::find(kKinds, word, &std::pair<std::string_view, LockKind>::first);
    if (kind != kKinds.end()) return void(model.kind = kind->second);
    model.operands.push_back(number(word));
  }

  // ARGUMENT:VALUE, or ARGUMENT&BIT
  Model::Unless exception(std::string_view word) const {
    const size_t separator = word.find_first_of(":&");
    if (separator == std::string_view::npos) fail("unless= needs ARGUMENT:VALUE or ARGUMENT&BIT");
    Model::Unless unless;
    unless.argument = number(word.substr(0, separator));
    unless.is_bit = word[separator] == '&';
    const std::string_view value = word.substr(separator + 1);
    const auto end = std::from_chars(value.data(), value.data() + value.size(), unless.value);
    if (end.ec != std::errc() || end.ptr != value.data() + value.size())
      fail(fmt::format("\"{}\" is no number", shown(value)));
    return unless;
  }

  int number(std::string_view word) const {
    int value = -1;
    const auto end = std::from_chars(word.data(), word.data() + word.size(), value);
    if (end.ec != std::errc() || end.ptr != word.data() + word.size() || value < 0 || value > 99)
      fail(fmt::format(
          "\"{}\" is neither an operand (this, all, 0 to 99) nor one of the words shared, recursive, "
          "timed, zero, predicate=N, unless=N:VALUE, mutex, rwlock, spinlock, semaphore",
          shown(word)));
    return value;
  }

  void check(const Model& model) const {
    const auto needs = [&](size_t count) {
      if (model.operands.size() < count)
        fail(fmt::format("needs {} operand{}", count, count == 1 ? "" : "s"));
    };
    switch (model.effect) {
      case Effect::kWait:
      case Effect::kSetType:
        return needs(2);
      case Effect::kAcquire:
      case Effect::kTry:
      case Effect::kRelease:
      case Effect::kThread:
      case Effect::kJoin:
      case Effect::kCall:
      case Effect::kKeep:
      case Effect::kInitialise:
        return needs(1);
      default:
        return;
    }
  }

  std::string_view rest_;
  const std::string& name_;
  size_t number_;
};

}  // namespace

std::string_view name_of(LockKind kind) {
  return std::ranges::find(kKinds, kind, &std::pair<std::string_view, LockKind>::second)->first;
}

Models::Models() {
  add(kBuiltinModels, "the built-in models");
}

void Models::add(std::string_view text, const std::string& name) {
  auto models = models_;
  const bool text_is_builtin = models_.empty();
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t length = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    line = line.substr(0, line.find('#'));
    LineParser parser(line, name, number);
    const std::string_view subject = parser.word();
    if (subject.empty()) continue;
    Model model = parser.parse();
    model.is_builtin = text_is_builtin;
    models.insert_or_assign(std::string(subject), std::move(model));
  }
  models_ = std::move(models);
}

const Model* Models::find(std::string_view qualified_name) const {
  const auto place = models_.find(qualified_name);
  return place == models_.end() ? nullptr : &place->second;
}

bool Models::is_lock_class(std::string_view type) const {
  const Model* model = find(type);
  return model != nullptr && model->effect == Effect::kLockClass;
}

bool Models::is_recursive(std::string_view type) const {
  const Model* model = find(type);
  return model != nullptr && model->effect == Effect::kLockClass && model->recursive;
}

const Model* Models::guard_class(std::string_view type) const {
  const Model* model = find(type);
  return model != nullptr && model->effect == Effect::kGuard ? model : nullptr;
}

}  // namespace gordian::check
