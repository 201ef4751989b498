// The names of rules, threads, locks and places for text on stderr: as far as they are known in here,
// addresses as MODULE+0xOFFSET (what `addr2line -e MODULE 0xOFFSET` takes).
#pragma once

#include "analyzer/record/flight_record.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

const char* name_of(record::Rule rule);
const char* name_of(record::Grade grade);
const char* name_of(ResourceKind kind);

void add_place(Line& line, uint64_t address);
void add_resource(Line& line, ResourceKind kind, uint64_t address);
void add_thread(Line& line, const char (&name)[16], uint32_t tid);
void add_thread(Line& line, const ThreadRecord& thread);

// Where an entry was made: its site, and the callers that are known.
void add_acquisition(Line& line, const Hold& entry);

// One frame a line, without those of this library.
void print_frames(Line& line, const record::Frame* frames, uint32_t count);

// The way to the record, from which `gordian report` tells the rest.
void print_way_to_record(Line& line);

}  // namespace gordian::hooks
