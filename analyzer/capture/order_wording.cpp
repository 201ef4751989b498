#include "analyzer/capture/order_wording.h"

#include <algorithm>

#include "analyzer/capture/wording.h"

namespace gordian::capture {
namespace {

using model::ResourceKind;
using verdict::Inversion;
using verdict::InversionEdge;
using verdict::Obstacle;
using verdict::RuledOut;
using wording::list;
using wording::sentence;

constexpr size_t kMostMembers = 6;

bool holds_itself(const InversionEdge& edge) {
  return edge.ancestor == model::kNoStep;
}

std::string for_reading(bool shared) {
  return shared ? " for reading" : "";
}

// `b for reading`, `the end of "worker"`, `its mutex m back`
std::string asked(const InversionEdge& edge, const OrderScene& scene) {
  const model::OrderStep& step = scene.step(edge.step);
  return scene.noun(edge.asked) + for_reading(step.shared) + (step.reacquired ? " back after a wait" : "");
}

std::string held(const InversionEdge& edge, const OrderScene& scene) {
  return scene.noun(edge.held) + for_reading(scene.step(edge.ancestor).shared);
}

std::string who(const InversionEdge& edge, const OrderScene& scene) {
  return scene.threads().label(edge.thread_serial);
}

std::string takes(const InversionEdge& edge, const OrderScene& scene) {
  const bool is_join = scene.is_thread(edge.asked);
  const std::string verb = is_join ? "waits for " : "takes ";
  if (holds_itself(edge)) return who(edge, scene) + ' ' + verb + asked(edge, scene);
  return who(edge, scene) + " takes " + held(edge, scene) + " and then " + (is_join ? verb : "") +
         asked(edge, scene);
}

std::string holds_and_asks(const InversionEdge& edge, const OrderScene& scene) {
  const std::string asks = (scene.is_thread(edge.asked) ? "waits for " : "asks for ") + asked(edge, scene);
  const std::string what = holds_itself(edge) ? "has not ended" : "holds " + held(edge, scene);
  return who(edge, scene) + ' ' + what + " and " + asks;
}

template <typename Say>
std::string each(const Inversion& inversion, const char* separator, Say say) {
  const std::vector<InversionEdge>& edges = inversion.edges;
  std::string text;
  for (size_t i = 0; i < std::min(edges.size(), kMostMembers); ++i)
    text += (i == 0 ? "" : separator) + say(edges[i]);
  if (edges.size() > kMostMembers)
    text += separator + ("and " + wording::count(edges.size() - kMostMembers, "more thread"));
  return text;
}

std::vector<std::string> locks(const Inversion& inversion, const OrderScene& scene) {
  std::vector<std::string> nouns;
  for (const InversionEdge& edge : inversion.edges)
    if (!scene.is_thread(edge.asked)) nouns.push_back(scene.noun(edge.asked));
  return nouns;
}

// Readers that ask where readers are, and are kept out by a writer between them.
std::vector<std::string> read_by_both(const Inversion& inversion, const OrderScene& scene) {
  std::vector<std::string> nouns;
  for (size_t i = 0; i < inversion.edges.size(); ++i) {
    const InversionEdge& next = inversion.edges[(i + 1) % inversion.edges.size()];
    if (scene.step(inversion.edges[i].step).shared && !holds_itself(next) && scene.step(next.ancestor).shared)
      nouns.push_back(scene.noun(inversion.edges[i].asked));
  }
  return nouns;
}

// None begins with a lock: names keep their case.
std::string sentence_for(const Obstacle& obstacle, const OrderScene& scene) {
  const ThreadNames& threads = scene.threads();
  const std::string lock = obstacle.lock == verdict::kNoLock ? std::string() : scene.noun(obstacle.lock);
  switch (obstacle.by) {
    case RuledOut::kSingleThread:
      return threads.label(obstacle.thread) + " goes two of these ways itself, and cannot be on both at once";
    case RuledOut::kGuard:
      return "both ways are gone with " + lock + " held, so that no two threads are there together";
    case RuledOut::kThreadOrder:
      return threads.label(obstacle.thread) + " has passed there before " +
             threads.label(obstacle.other_thread) +
             " comes, as the creation and the joining of threads order it";
    case RuledOut::kSharedRead:
      return "readers hold " + lock + " and ask for it, and do not keep each other out" +
             (scene.lock(obstacle.lock).prefers_writers ? "; no other thread was seen to write meanwhile"
                                                        : "");
    case RuledOut::kTimedAttempt:
      return "the attempt at " + lock + " has a timeout and ends by itself";
    case RuledOut::kRecycledAddress:
      return "the address of " + lock +
             " was another lock's at another time; no single lock is held on one way and asked for on the "
             "other";
    case RuledOut::kSeveralUnits:
      return "a unit that is taken of " + lock + " leaves others: it is a semaphore of " +
             std::to_string(scene.lock(obstacle.lock).units) + " units";
    case RuledOut::kTooFewUnits:
      return "each of these threads holds a unit of " + lock + ", which has only " +
             std::to_string(scene.lock(obstacle.lock).units) + ", so that they are never all there together";
    case RuledOut::kToldItsEnd:
      return threads.label(obstacle.thread) + " is joined with " + lock +
             " held, and the last that it did was to signal a condition under that lock: it seems to be "
             "joined when it needs no lock any more";
  }
  return {};
}

constexpr const char* kUndecided = "there are more combinations of threads than were tried";

// The sentences for the obstacles that break one of the conditions; empty when none does.
template <typename Breaks>
std::string broken_by(const Inversion& inversion, const OrderScene& scene, Breaks breaks) {
  std::string text;
  for (const Obstacle& obstacle : inversion.obstacles)
    if (breaks(obstacle.by)) text += (text.empty() ? "" : "; ") + sentence_for(obstacle, scene);
  return text;
}

bool breaks_exclusion(RuledOut by) {
  return by == RuledOut::kSharedRead || by == RuledOut::kSeveralUnits;
}

bool breaks_no_preemption(RuledOut by) {
  return by == RuledOut::kTimedAttempt;
}

bool breaks_circle(RuledOut by) {
  return !breaks_exclusion(by) && !breaks_no_preemption(by);
}

finding::Condition mutual_exclusion(const Inversion& inversion, const OrderScene& scene) {
  const std::string broken = broken_by(inversion, scene, breaks_exclusion);
  if (!broken.empty()) return {false, sentence(broken)};
  const std::vector<std::string> all = locks(inversion, scene);
  if (all.empty()) return {true, "Nobody but a thread itself brings about its end."};
  std::string text = all.size() == 1 ? "while it is held, nobody else can have " + list(all)
                                     : "while held, each of " + list(all, 8) + " admits no other thread";
  if (const std::vector<std::string> read = read_by_both(inversion, scene); !read.empty())
    text += "; readers of " + list(read) + " are kept out by a writer that queues between them";
  return {true, sentence(text)};
}

finding::Condition hold_and_wait(const Inversion& inversion, const OrderScene& scene) {
  return {true, sentence(each(inversion, "; ",
                              [&](const InversionEdge& edge) { return holds_and_asks(edge, scene); }))};
}

finding::Condition no_preemption(const Inversion& inversion, const OrderScene& scene) {
  const std::string broken = broken_by(inversion, scene, breaks_no_preemption);
  if (!broken.empty()) return {false, sentence(broken)};
  std::vector<std::string> parts;
  const auto any = [&](auto is) {
    return std::any_of(inversion.edges.begin(), inversion.edges.end(),
                       [&](const InversionEdge& edge) { return is(scene.lock(edge.asked).key.kind); });
  };
  if (any([](ResourceKind kind) {
        return kind != ResourceKind::kThread && kind != ResourceKind::kSemaphore;
      }))
    parts.push_back("nobody but its holder can release a lock");
  if (any([](ResourceKind kind) { return kind == ResourceKind::kThread; }))
    parts.push_back("a join ends only with the thread");
  if (any([](ResourceKind kind) { return kind == ResourceKind::kSemaphore; }))
    parts.push_back("nobody else was seen to give the semaphore back");
  return {true, sentence("none of these attempts has a timeout; " + list(parts))};
}

finding::Condition circular_wait(const Inversion& inversion, const OrderScene& scene) {
  std::string broken = broken_by(inversion, scene, breaks_circle);
  if (inversion.undecided) broken += (broken.empty() ? "" : "; ") + std::string("not decided: ") + kUndecided;
  if (!broken.empty()) return {false, sentence(broken)};
  // Something else keeps an unlikely one from happening; its threads could get that far all the same.
  std::vector<std::string> parts;
  for (const InversionEdge& edge : inversion.edges)
    parts.push_back(who(edge, scene) + (holds_itself(edge) ? " still runs" : " has " + held(edge, scene)));
  return {true, sentence("would be closed when " + list(parts, kMostMembers) +
                         ", and each then asks for what the next one has")};
}

}  // namespace

std::string summary(const Inversion& inversion, const OrderScene& scene) {
  return sentence(each(inversion, ", ", [&](const InversionEdge& edge) { return takes(edge, scene); }));
}

finding::FourConditions conditions(const Inversion& inversion, const OrderScene& scene) {
  return {mutual_exclusion(inversion, scene), hold_and_wait(inversion, scene),
          no_preemption(inversion, scene), circular_wait(inversion, scene)};
}

std::string grade_reason(const Inversion& inversion, const OrderScene& scene) {
  std::string text;
  if (inversion.grade == record::Grade::kPossible) {
    text =
        "it did not happen in this run, and nothing that was seen rules it out: no lock guards these ways, "
        "they are gone by different threads, and neither creation nor join keeps those apart";
    const auto is_unlisted = [](const InversionEdge& edge) { return edge.thread_serial == 0; };
    if (std::any_of(inversion.edges.begin(), inversion.edges.end(), is_unlisted))
      text += "; more threads went there than are listed";
    if (scene.order().links_dropped) text += "; some creations and joins were not recorded";
    for (const InversionEdge& edge : inversion.edges) {
      if (scene.lock(edge.asked).key.kind == ResourceKind::kSemaphore)
        text += "; that " + scene.noun(edge.asked) + " is given back by who took it is seen from use";
    }
    return sentence(text);
  }
  for (const Obstacle& obstacle : inversion.obstacles)
    text += (text.empty() ? "" : "; ") + sentence_for(obstacle, scene);
  if (inversion.undecided)
    text += text.empty() ? "not decided: " + std::string(kUndecided)
                         : "; that holds for what was tried, and " + std::string(kUndecided);
  return sentence(text);
}

}  // namespace gordian::capture
