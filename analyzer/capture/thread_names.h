// What threads are called, those that have ended included.
//
// Promises: names everything once, when it is made. A thread of which nothing is known is called by its
// serial.
#pragma once

#include <map>
#include <string>

#include "analyzer/capture/address_names.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

// What a thread record and a thread's origin both tell.
finding::ThreadName thread_name(const std::string& name, uint32_t serial, uint32_t tid, uint32_t flags,
                                uint64_t start_routine, uint32_t pid, AddressNames& names);

class ThreadNames {
 public:
  ThreadNames(const record::Record& record, AddressNames& names);

  // Serial 0 is a thread that is not listed.
  finding::ThreadName name(uint32_t serial) const;

  // For sentences: `"worker-1"`, with the tid where the name alone could be another's.
  std::string label(uint32_t serial) const;

 private:
  uint32_t pid_;
  std::map<uint32_t, finding::ThreadName> names_;
  std::map<std::string, uint32_t> used_;
};

}  // namespace gordian::capture
