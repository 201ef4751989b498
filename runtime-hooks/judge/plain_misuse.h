// A wrong call on stderr, without a launcher: plain_text.h for the rules that are about one call.
//
// Any thread; they take turns. A signal handler of the program waits until the text is out.
#pragma once

#include "analyzer/record/flight_record.h"

namespace gordian::hooks {

void print_misuse(const record::FindingRecord& finding);

}  // namespace gordian::hooks
