#include "analyzer/capture/wording.h"

#include <algorithm>

namespace gordian::capture::wording {

std::string list(const std::vector<std::string>& items, size_t most) {
  std::vector<std::string> shown(items.begin(),
                                 items.begin() + static_cast<ptrdiff_t>(std::min(items.size(), most)));
  if (items.size() > most) shown.push_back(std::to_string(items.size() - most) + " more");
  std::string text;
  for (size_t i = 0; i < shown.size(); ++i) {
    if (i != 0) text += i + 1 == shown.size() ? " and " : ", ";
    text += shown[i];
  }
  return text;
}

std::string count(size_t number, const std::string& noun) {
  return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s");
}

std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text.empty() ? text : text + '.';
}

std::string who(const ClaimMember& member, const Scene& scene) {
  return scene.label(member.member.thread);
}

std::string waits(const ClaimMember& member, const Scene& scene) {
  const std::string what = scene.noun(member.waits_for);
  if (member.reacquiring) return "was woken and waits to take back " + what;
  std::string text;
  switch (member.waits_for.kind) {
    case model::ResourceKind::kCondition:
      text = "waits for a signal on " + what;
      break;
    case model::ResourceKind::kBarrier:
      text = "waits for the others at " + what;
      break;
    case model::ResourceKind::kOnce:
    case model::ResourceKind::kStaticGuard:
      text = "waits for " + what + " to be finished";
      break;
    default:
      text = "waits for " + what;
      break;
  }
  return member.timed ? text + ", with a timeout" : text;
}

std::vector<std::string> held_for_others(const Claim& claim, size_t index, const Scene& scene) {
  std::vector<std::string> held;
  const model::ThreadIndex thread = claim.members[index].member.thread;
  if (!thread.valid()) return held;
  for (const model::Hold& hold : scene.thread(thread).holds) {
    const bool wanted =
        std::any_of(claim.members.begin(), claim.members.end(),
                    [&](const ClaimMember& other) { return other.waits_for == hold.resource; });
    if (!wanted) continue;
    const std::string noun = scene.noun(hold.resource);
    if (std::find(held.begin(), held.end(), noun) == held.end()) held.push_back(noun);
  }
  return held;
}

std::string holds_and_waits(const Claim& claim, size_t index, const Scene& scene) {
  const std::vector<std::string> held = held_for_others(claim, index, scene);
  std::string text = who(claim.members[index], scene);
  if (!held.empty()) text += " holds " + list(held) + " and";
  return text + ' ' + waits(claim.members[index], scene);
}

std::vector<std::string> resources(const Claim& claim, const Scene& scene) {
  std::vector<std::string> nouns;
  for (const ClaimMember& member : claim.members) {
    const std::string noun = scene.noun(member.waits_for);
    if (std::find(nouns.begin(), nouns.end(), noun) == nouns.end()) nouns.push_back(noun);
  }
  return nouns;
}

}  // namespace gordian::capture::wording
