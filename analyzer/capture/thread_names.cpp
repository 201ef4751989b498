#include "analyzer/capture/thread_names.h"

#include <cstring>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/scene.h"

namespace gordian::capture {
namespace {

// The function that the program gave its thread. libstdc++ gives every std::thread one and the same of its
// own, which says nothing.
std::string entry_function(uint64_t start_routine, AddressNames& names) {
  if (start_routine == 0) return {};
  const finding::Frame frame = names.resolve(start_routine, false).back();
  const std::string plain = plain_function(frame.function);
  const bool library = plain == "execute_native_thread_routine" || is_wrapper(plain) ||
                       base_name(frame.module).starts_with("libstdc++") || is_hooks_library(frame.module);
  return frame.function.empty() || library ? std::string() : plain;
}

template <size_t size>
std::string text_of(const char (&text)[size]) {
  return {text, ::strnlen(text, size)};
}

}  // namespace

finding::ThreadName thread_name(const std::string& name, uint32_t serial, uint32_t tid, uint32_t flags,
                                uint64_t start_routine, uint32_t pid, AddressNames& names) {
  finding::ThreadName result;
  result.name = name;
  if (name.empty())
    result.name = (flags & record::kThreadIsMain) != 0 ? "main" : "thread " + std::to_string(serial);
  result.tid = tid;
  result.pid = pid;
  result.started_at = entry_function(start_routine, names);
  return result;
}

ThreadNames::ThreadNames(const record::Record& record, AddressNames& names) : pid_(record.header.pid) {
  for (const record::ThreadOrigin& origin : record.origins) {
    if (origin.serial == 0) continue;
    names_.emplace(origin.serial, thread_name(text_of(origin.name), origin.serial, origin.tid, origin.flags,
                                              origin.start_routine, pid_, names));
  }
  // Threads can be renamed after they were first noted.
  for (const record::ThreadEntry& entry : record.threads) {
    const record::ThreadRecord& thread = entry.thread;
    if (thread.serial == 0) continue;
    names_.insert_or_assign(thread.serial, thread_name(text_of(thread.name), thread.serial, thread.tid,
                                                       thread.flags, thread.start_routine, pid_, names));
  }
  for (const auto& [serial, name] : names_) ++used_[name.name];
}

finding::ThreadName ThreadNames::name(uint32_t serial) const {
  const auto found = names_.find(serial);
  if (found != names_.end()) return found->second;
  finding::ThreadName unknown;
  unknown.name = serial == 0 ? "another thread" : "thread " + std::to_string(serial);
  unknown.pid = pid_;
  return unknown;
}

std::string ThreadNames::label(uint32_t serial) const {
  if (serial == 0) return "another thread";
  const finding::ThreadName known = name(serial);
  const auto found = used_.find(known.name);
  return found != used_.end() && found->second > 1 ? name_and_tid(known) : '"' + known.name + '"';
}

}  // namespace gordian::capture
