#include "analyzer/capture/process/live_memory.h"

#include <sys/types.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace gordian::capture {

const LiveMemory::Page* LiveMemory::page_at(uint64_t address) {
  const auto [entry, is_new] = pages_.try_emplace(address);
  if (!is_new) return entry->second.get();
  auto page = std::make_unique<Page>();
  iovec local{page->data(), kPage};
  iovec remote{reinterpret_cast<void*>(address), kPage};
  const ssize_t got = process_vm_readv(static_cast<pid_t>(pid_), &local, 1, &remote, 1, 0);
  if (got != static_cast<ssize_t>(kPage)) {
    failure_ = got < 0 ? errno : EFAULT;
    return nullptr;
  }
  entry->second = std::move(page);
  return entry->second.get();
}

bool LiveMemory::read(uint64_t address, void* buffer, size_t size) {
  if (address == 0 || address > std::numeric_limits<uint64_t>::max() - size - kPage) {
    failure_ = EFAULT;
    return false;
  }
  auto* to = static_cast<unsigned char*>(buffer);
  while (size > 0) {
    const uint64_t start = address & ~uint64_t{kPage - 1};
    const Page* page = page_at(start);
    if (page == nullptr) return false;
    const size_t skipped = static_cast<size_t>(address - start);
    const size_t part = std::min(size, kPage - skipped);
    std::memcpy(to, page->data() + skipped, part);
    to += part;
    address += part;
    size -= part;
  }
  return true;
}

bool FreshMemory::read(uint64_t address, void* buffer, size_t size) {
  iovec local{buffer, size};
  iovec remote{reinterpret_cast<void*>(address), size};
  return process_vm_readv(static_cast<pid_t>(pid_), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

}  // namespace gordian::capture
