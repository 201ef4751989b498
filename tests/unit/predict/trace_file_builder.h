// Traces in Gordian's own format, written by tests as the runtime would.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "analyzer/record/trace_format.h"

namespace gordian::predict {

struct TraceFileBuilder {
  record::TraceHeader header{};
  std::vector<record::ModuleRecord> modules;
  std::vector<record::ThreadOrigin> threads;
  std::vector<record::TraceEvent> events;

  TraceFileBuilder() {
    std::memcpy(header.magic, record::kTraceMagic, sizeof header.magic);
    header.version = record::kTraceVersion;
    header.byte_order = record::kByteOrder;
    header.header_size = sizeof(record::TraceHeader);
    header.module_size = sizeof(record::ModuleRecord);
    header.thread_size = sizeof(record::ThreadOrigin);
    header.event_size = sizeof(record::TraceEvent);
    header.flags = record::kTraceHoldsAccesses;
    header.pid = 77;
    header.event_capacity = 1000;
  }

  TraceFileBuilder& thread(std::string name, uint32_t tid) {
    record::ThreadOrigin origin{};
    origin.serial = static_cast<uint32_t>(threads.size()) + 1;
    origin.tid = tid;
    std::strncpy(origin.name, name.c_str(), sizeof origin.name - 1);
    threads.push_back(origin);
    return *this;
  }

  TraceFileBuilder& event(uint32_t thread, record::TraceOp op, uint64_t operand, uint8_t flags = 0,
                          record::ResourceKind kind = record::ResourceKind::kMutex) {
    events.push_back({.operand = operand,
                      .site = 0x1000 + events.size(),
                      .thread = thread,
                      .generation = 1,
                      .size = 8,
                      .op = static_cast<uint8_t>(op),
                      .kind = static_cast<uint8_t>(kind),
                      .flags = flags});
    return *this;
  }

  // Two threads, two mutexes, opposite orders.
  TraceFileBuilder& conflict() {
    using record::TraceOp;
    thread("main", 100).thread("other", 101);
    event(1, TraceOp::kAcquire, 0xa0).event(1, TraceOp::kAcquire, 0xb0);
    event(1, TraceOp::kRelease, 0xb0).event(1, TraceOp::kRelease, 0xa0);
    event(2, TraceOp::kAcquire, 0xb0).event(2, TraceOp::kAcquire, 0xa0);
    return event(2, TraceOp::kRelease, 0xa0).event(2, TraceOp::kRelease, 0xb0);
  }

  std::string bytes() const {
    record::TraceHeader whole = header;
    whole.module_count = static_cast<uint32_t>(modules.size());
    whole.last_serial = static_cast<uint32_t>(threads.size());
    if (whole.claimed == 0) whole.claimed = events.size();
    std::string result(record::kTraceEventOffset + events.size() * sizeof(record::TraceEvent), '\0');
    const auto put = [&](uint64_t offset, const void* from, size_t size) {
      if (size != 0) std::memcpy(result.data() + offset, from, size);
    };
    put(0, &whole, sizeof whole);
    put(record::kTraceModuleOffset, modules.data(), modules.size() * sizeof(record::ModuleRecord));
    put(record::kTraceThreadOffset, threads.data(), threads.size() * sizeof(record::ThreadOrigin));
    put(record::kTraceEventOffset, events.data(), events.size() * sizeof(record::TraceEvent));
    return result;
  }
};

}  // namespace gordian::predict
