// A claim in English: the summary, the evidence for each of the four conditions, the holder of each link, the
// doubtful link, and what to do about it.
//
// Promises: every sentence names threads and locks; none claims more than the verdict says. Decides nothing.
#pragma once

#include "analyzer/capture/claim.h"
#include "analyzer/capture/scene.h"
#include "analyzer/finding/finding.h"

namespace gordian::capture {

// One sentence: `2 threads wait for each other: "worker-1" holds a and waits for b; "worker-2" holds b and
// waits for a.`
std::string summary(const Claim& claim, const Scene& scene);

finding::FourConditions evidence(const verdict::Conditions& conditions, const Claim& claim,
                                 const Scene& scene);

// Who has what a member waits for: a name and a tid, or nothing.
std::string held_by(const ClaimMember& member, const Scene& scene);

// The same for a sentence, with what became of it; says so where it is nobody in particular.
std::string holder_and_state(const ClaimMember& member, const Scene& scene);

// "owner", "observed holder", ...
std::string link_name(model::Link link);

// The link that rests on observed use; empty when none does.
std::string grade_reason(const Claim& claim, const Scene& scene);

// What to do about it: short and practical.
std::string fix(const Claim& claim, const Scene& scene);

// For threads that wait in a circle for resources of these kinds, or may come to it.
std::string fix_of_cycle(const std::vector<model::ResourceKind>& kinds,
                         const std::vector<std::string>& nouns);

}  // namespace gordian::capture
