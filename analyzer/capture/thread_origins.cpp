#include "analyzer/capture/thread_origins.h"

#include <cstring>

#include "analyzer/capture/function_names.h"

namespace gordian::capture {

std::string entry_function(uint64_t start_routine, AddressNames& names) {
  if (start_routine == 0) return {};
  const finding::Frame frame = names.resolve(start_routine, false).back();
  const std::string plain = plain_function(frame.function);
  const bool library = plain == "execute_native_thread_routine" || is_wrapper(plain) ||
                       base_name(frame.module).starts_with("libstdc++") ||
                       base_name(frame.module).starts_with("libgordian-hooks");
  return frame.function.empty() || library ? std::string() : plain;
}

finding::ThreadName origin_name(const record::Record& record, uint32_t serial, AddressNames& names) {
  finding::ThreadName name;
  name.pid = record.header.pid;
  if (serial == 0 || serial > record.origins.size() || record.origins[serial - 1].serial != serial)
    return name;
  const record::ThreadOrigin& origin = record.origins[serial - 1];
  name.name = {origin.name, ::strnlen(origin.name, sizeof origin.name)};
  name.tid = origin.tid;
  name.started_at = entry_function(origin.start_routine, names);
  return name;
}

}  // namespace gordian::capture
