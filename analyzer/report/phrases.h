// The short words for what a thread does to a lock, the same in every format.
//
// Promises: pure; the result holds names of the watched program as they are, so that a renderer for people
// still has to make it printable.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::report {

// The lock's name, or its address where there is none.
std::string name_of(const finding::ResourceName& resource);

// `waits for`, `asks for`, `unlocks`
std::string_view attempt_verb(finding::RuleId rule, const finding::Step& step);

// `waits for X`; `asks for X` where it did not wait in the observed run; `unlocks X` for a misuse.
std::string attempt_phrase(finding::RuleId rule, const finding::Step& step);

// `acquired X`
std::string acquisition_phrase(const finding::Acquisition& acquisition);

}  // namespace gordian::report
