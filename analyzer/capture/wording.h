// Small pieces of sentences about the members of a claim, shared by the files that put claims into words.
#pragma once

#include <string>
#include <vector>

#include "analyzer/capture/claim.h"
#include "analyzer/capture/scene.h"

namespace gordian::capture::wording {

// `a`, `a and b`, `a, b and c`; past `most`, `a, b and 7 more`.
std::string list(const std::vector<std::string>& items, size_t most = 4);

// `1 thread`, `3 threads`
std::string count(size_t number, const std::string& noun);

// First letter in upper case, a full stop at the end.
std::string sentence(std::string text);

// `"worker-1"`
std::string who(const ClaimMember& member, const Scene& scene);

// `waits for accounts[1].lock`, `waits for a signal on ready`, `was woken on ready and waits for its mutex m`
std::string waits(const ClaimMember& member, const Scene& scene);

// What the member holds that another member waits for: the nouns.
std::vector<std::string> held_for_others(const Claim& claim, size_t index, const Scene& scene);

// `"worker-1" holds a and waits for b`
std::string holds_and_waits(const Claim& claim, size_t index, const Scene& scene);

// Each resource waited for, once, as nouns.
std::vector<std::string> resources(const Claim& claim, const Scene& scene);

}  // namespace gordian::capture::wording
