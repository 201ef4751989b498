// A finding on stderr without a launcher: thread and lock names as far as they are known in here, addresses
// as MODULE+0xOFFSET (what `addr2line -e MODULE 0xOFFSET` takes), and the way to the record, from which
// `gordian report` tells the rest.
#pragma once

#include "analyzer/record/flight_record.h"

namespace gordian::hooks {

void print_finding(const record::FindingRecord& finding);

// on-deadlock=abort, kill or stop.
void act_on_finding(const record::FindingRecord& finding);

}  // namespace gordian::hooks
