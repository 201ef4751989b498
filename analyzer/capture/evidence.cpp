#include "analyzer/capture/evidence.h"

#include <algorithm>

#include "analyzer/capture/wording.h"

namespace gordian::capture {
namespace {

using model::Link;
using verdict::Reason;
using namespace wording;

const ClaimMember* member_of(const Claim& claim, model::ThreadIndex thread) {
  for (const ClaimMember& member : claim.members) {
    if (thread.valid() && member.member.thread == thread) return &member;
  }
  return nullptr;
}

std::string each_member(const Claim& claim, const Scene& scene, const char* separator = "; ") {
  constexpr size_t kMost = 6;
  std::string text;
  for (size_t i = 0; i < std::min(claim.members.size(), kMost); ++i) {
    if (i != 0) text += separator;
    text += holds_and_waits(claim, i, scene);
  }
  const size_t more = claim.members.size() - std::min(claim.members.size(), kMost) + claim.members_not_shown;
  return more == 0 ? text : text + separator + "and " + count(more, "more thread");
}

bool is_other_end(model::ResourceKind kind) {
  return kind == model::ResourceKind::kPipe || kind == model::ResourceKind::kProcess ||
         kind == model::ResourceKind::kMessageQueue;
}

// `the mutex is released by its holder alone`, for the kinds of the claim.
std::string released_by(const Claim& claim) {
  bool owned = false, joined = false, other_end = false, other = false;
  for (const ClaimMember& member : claim.members) {
    const bool ownership = member.member.link == Link::kOwner || member.member.link == Link::kEnded ||
                           member.member.link == Link::kLeftBehind;
    if (member.waits_for.kind == model::ResourceKind::kThread) {
      joined = true;
    } else if (is_other_end(member.waits_for.kind)) {
      other_end = true;
    } else {
      (ownership ? owned : other) = true;
    }
  }
  std::vector<std::string> parts;
  if (owned) parts.push_back("nobody but its holder can release a lock");
  if (joined) parts.push_back("a join ends only with the thread");
  if (other_end) parts.push_back("what a process waits for at one end must be done at the other");
  if (other) parts.push_back("nothing outside of these threads was seen to end the other waits");
  return list(parts);
}

std::string who_waits_for_whom(const Claim& claim, const Scene& scene) {
  std::vector<std::string> links;
  for (const ClaimMember& member : claim.members) {
    const std::string holder =
        member.member.holder.valid() ? scene.label(member.member.holder) : holder_and_state(member, scene);
    links.push_back(who(member, scene) + " waits for " + holder);
  }
  return list(links, 8);
}

std::string sentence_for(const verdict::Condition& condition, const Claim& claim, const Scene& scene) {
  const ClaimMember* shown = member_of(claim, condition.thread);
  const std::string thread = shown != nullptr ? who(*shown, scene) : "a member";
  const std::string resource = shown != nullptr ? scene.noun(shown->waits_for) : "what it waits for";
  switch (condition.reason) {
    case Reason::kAllExclusive: {
      const std::vector<std::string> all = resources(claim, scene);
      return all.size() == 1 ? "while it is held, nobody else can have " + list(all)
                             : "while held, each of " + list(all, 8) + " admits no other thread";
    }
    case Reason::kWriterAmongReaders:
      return "readers and writers exclude each other, and every wait for " + resource +
             " conflicts with a hold of it";
    case Reason::kExclusiveAndEvents:
      return "a lock among the waits admits one thread only, and so keeps away who would end the wait of " +
             thread + " for " + resource;
    case Reason::kOtherEnd:
      return "nobody but those who take part has what could end the wait of " + thread + " for " + resource;
    case Reason::kNotExclusive:
      return thread + " waits for " + resource + ", from which nobody excludes it";
    case Reason::kEachHoldsAndWaits:
      return each_member(claim, scene);
    case Reason::kHoldsOnlyItself:
      return thread + " holds nothing but its own end, and a member waits for that";
    case Reason::kHoldsNothing:
      return condition.holds
                 ? thread +
                       " holds no lock that a member waits for; it is the one that would signal, and waits"
                 : thread + " holds nothing that a member waits for";
    case Reason::kNoTimeout:
      return "no wait among them has a timeout; " + released_by(claim);
    case Reason::kTimedWait:
      return "the wait of " + thread + " for " + resource + " has a timeout and ends by itself";
    case Reason::kCycle:
    case Reason::kKnot: {
      const std::string links = who_waits_for_whom(claim, scene);
      if (condition.reason == Reason::kCycle) return links;
      return links + "; none of them can be released but by another of them";
    }
    case Reason::kOwnerGone:
      return shown != nullptr
                 ? thread + " waits for " + resource + ", held by " + holder_and_state(*shown, scene)
                 : std::string("the owner no longer runs");
    case Reason::kNoCycle:
      return "the waits close no cycle";
  }
  return {};
}

std::string doubt_of(const ClaimMember& member, const Scene& scene) {
  const std::string what = scene.noun(member.waits_for);
  if (member.member.holder == member.member.thread && member.waits_for.kind == model::ResourceKind::kMutex)
    return "nothing keeps another thread from unlocking " + what + "; that none does is not seen";
  if (member.waits_for.kind <= model::ResourceKind::kFutex)
    return "that " + who(member, scene) + " waits for " + what + " is read off its registers";
  return who(member, scene) + " waits in a system call for " + what +
         "; a signal that the process handles, or a process that may not be looked into, could end that";
}

finding::Condition condition(const verdict::Condition& from, const Claim& claim, const Scene& scene) {
  return {from.holds, sentence(sentence_for(from, claim, scene))};
}

}  // namespace

std::string summary(const Claim& claim, const Scene& scene) {
  if (claim.members.empty()) return "Threads wait for each other.";
  const ClaimMember& first = claim.members.front();
  const size_t size = claim.members.size() + claim.members_not_shown;
  switch (claim.rule) {
    case record::Rule::kSelfDeadlock:
      return sentence(who(first, scene) + ' ' + waits(first, scene) + ", which it holds itself");
    case record::Rule::kAbandonedLock: {
      const std::string more = size > 1 ? ", and " + count(size - 1, "more thread") + " with it" : "";
      return sentence(who(first, scene) + ' ' + waits(first, scene) + ", held by " +
                      holder_and_state(first, scene) + more);
    }
    case record::Rule::kGlobalStall:
      return sentence((size == 1 ? "the only thread left is" : "all " + count(size, "thread") + " are") +
                      " blocked and none is left to wake another: " + each_member(claim, scene));
    case record::Rule::kLostWakeup:
      return sentence(who(first, scene) + ' ' + waits(first, scene) +
                      ", and none of those that ever signalled it can do so any more");
    default:
      break;
  }
  return sentence(count(size, "thread") + (size == 1 ? " waits for itself: " : " wait for each other: ") +
                  each_member(claim, scene));
}

finding::FourConditions evidence(const verdict::Conditions& conditions, const Claim& claim,
                                 const Scene& scene) {
  return {
      condition(conditions.mutual_exclusion, claim, scene), condition(conditions.hold_and_wait, claim, scene),
      condition(conditions.no_preemption, claim, scene), condition(conditions.circular_wait, claim, scene)};
}

std::string held_by(const ClaimMember& member, const Scene& scene) {
  const model::ThreadIndex holder = member.member.holder;
  if (holder.valid()) return name_and_tid(scene.thread_name(holder));
  return member.held_by_tid != 0 ? "a thread (tid " + std::to_string(member.held_by_tid) + ')'
                                 : std::string();
}

std::string holder_and_state(const ClaimMember& member, const Scene& scene) {
  const std::string name = held_by(member, scene);
  switch (member.member.link) {
    case Link::kEnded:
      return name.empty() ? "a thread that has ended" : name + ", which has ended";
    case Link::kLeftBehind:
      return name.empty() ? "a thread that fork left behind"
                          : name + ", which fork left behind in the parent process";
    case Link::kSignaller:
      return name.empty() ? "nobody in particular; those who signalled it cannot"
                          : name + ", who has signalled it before";
    case Link::kCouldSignal:
      return name.empty() ? "nobody in particular; no thread is left to signal it"
                          : name + ", who could signal it";
    case Link::kNone:
    case Link::kOwner:
    case Link::kObservedHolder:
      break;
  }
  return name.empty() ? "nobody in particular" : name;
}

std::string link_name(Link link) {
  switch (link) {
    case Link::kNone:
      break;
    case Link::kOwner:
      return "owner";
    case Link::kObservedHolder:
      return "observed holder";
    case Link::kSignaller:
      return "signaller";
    case Link::kCouldSignal:
      return "could signal";
    case Link::kEnded:
      return "ended";
    case Link::kLeftBehind:
      return "left behind by fork";
  }
  return {};
}

std::string grade_reason(const Claim& claim, const Scene& scene) {
  std::string reason;
  for (const ClaimMember& member : claim.members) {
    const std::string what = scene.noun(member.waits_for);
    const std::string holder =
        member.member.holder.valid() ? scene.label(member.member.holder) : "the holder";
    if (member.member.link == Link::kObservedHolder) {
      reason = holder + " took " + what +
               " and has not given it back; that it is the one to do so is seen from use, for the primitive "
               "has no owner";
    } else if (member.by_number) {
      reason = what +
               " names an owner that is no thread of this process any more; that it has not been "
               "given back by another is not seen";
    } else if (member.doubtful) {
      reason = doubt_of(member, scene);
    } else if (member.member.link == Link::kSignaller) {
      reason = claim.rule == record::Rule::kLostWakeup
                   ? "those who signalled " + what +
                         " before cannot any more; that nobody else would is seen from use"
                   : "only threads of this finding were seen to signal " + what +
                         "; that no other would is seen from use";
    } else if (member.member.link == Link::kCouldSignal) {
      reason = "no thread is left that could signal " + what +
               "; this rests on having seen every thread of the process";
    } else {
      continue;
    }
    break;
  }
  if (!claim.stands()) {
    reason += std::string(reason.empty() ? "" : "; ") + "a thread of it has moved on since this was told";
  }
  return sentence(reason);
}

}  // namespace gordian::capture
