// The short words for what a thread does to a lock, the same in every format.
//
// Promises: pure; the result holds names of the watched program as they are, so that a renderer for people
// still has to make it printable.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::report {

// The lock's name, or its address where there is none, or its kind.
std::string name_of(const finding::ResourceName& resource);

// `waits for`, `asks for`, `unlocks`, `writes`
std::string_view attempt_verb(finding::RuleId rule, const finding::Step& step);

// `waits for X`; `asks for X` where it did not wait in the observed run; `unlocks X` for a misuse.
std::string attempt_phrase(finding::RuleId rule, const finding::Step& step);

// How the waiting thread depends on the other, by the name of the link: `held by "bob" (tid 103)`. Empty when
// nothing is known.
std::string holder_phrase(const finding::Step& step);

// `acquired X`
std::string acquisition_phrase(const finding::Acquisition& acquisition);

// `bank.cpp:41`, with the file relative to the base directory where it is below; `libbank.so+0x1f0` or an
// address without debug information.
std::string place_of(const finding::Frame& frame, const std::string& base_directory);

std::string_view base_name(std::string_view path);

}  // namespace gordian::report
