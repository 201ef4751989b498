// Threads by what the record keeps of them after their end.
#pragma once

#include "analyzer/capture/address_names.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

// The function that the program gave its thread; empty where it is not known. libstdc++ gives every
// std::thread one and the same of its own, which says nothing.
std::string entry_function(uint64_t start_routine, AddressNames& names);

// By serial; without a name and a number where nothing is known.
finding::ThreadName origin_name(const record::Record& record, uint32_t serial, AddressNames& names);

}  // namespace gordian::capture
