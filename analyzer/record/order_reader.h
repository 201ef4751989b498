// The part of the reader that reads the lock orders: nodes, witnesses, threads, links and evidence.
//
// Promises: what is left of each area can be followed without looking: parents come before their children,
// every index exists, every chain ends. What cannot be believed is taken out, alone, and the node that has
// lost something says so. Counts above the capacity mean a full area, for the writer counts up.
#pragma once

#include "analyzer/record/record_file.h"

namespace gordian::record {

std::vector<OrderNode> read_orders(const RecordFile& file, const Header& header);

// Everything that nodes refer to but the resources, which must have been read: with a header that was read
// after the nodes were. Then takes out what does not hold together.
void read_order_details(const RecordFile& file, const Header& header, Record& record);

}  // namespace gordian::record
