#include "runtime-hooks/race-runtime/shadow.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-runtime/overflow.h"
#include "runtime-hooks/trace/accesses.h"

namespace gordian::hooks::races {

namespace {

constexpr uint64_t kManyPages =
    16;  // from here on the kernel is asked to take them back; blocks are lost then

// Of the two of its cell.
bool is_first(const Entry* place) {
  return reinterpret_cast<uint64_t>(place) % (2 * sizeof(Entry)) == 0;
}

void clear_cells(Entry* from, const Entry* end) {
  // Read first: what was never touched stays untouched.
  for (Entry* place = from; place < end; ++place) {
    const Entry entry = load(place);
    if (has_chain(entry) && is_first(place)) [[unlikely]]
      clear_chain(place);
    else if (entry != 0)
      store(place, 0);
  }
}

// A page that is read before it is written is given out twice, and every processor told of it.
void take_pages(Entry* from, const Entry* end) {
  while (from < end) {
    store(from, 0);
    from = reinterpret_cast<Entry*>((reinterpret_cast<uint64_t>(from) | (kPageSize - 1)) + 1);
  }
}

}  // namespace

bool map_shadow() {
  constexpr int kFixedIfFree = 0x100000;  // MAP_FIXED_NOREPLACE
  void* mapped = kernel::map(reinterpret_cast<void*>(kShadowBase), kShadowSize, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | kFixedIfFree, -1);
  if (mapped == nullptr) return false;
  if (reinterpret_cast<uint64_t>(mapped) != kShadowBase) {
    kernel::unmap(mapped, kShadowSize);
    return false;
  }
  const auto base = static_cast<long>(kShadowBase);
  const auto size = static_cast<long>(kShadowSize);
  // A child has one thread, and nothing that it could race with; and a core has no use for it.
  raw_syscall(SYS_madvise, base, size, MADV_WIPEONFORK);
  raw_syscall(SYS_madvise, base, size, MADV_DONTDUMP);
  raw_syscall(SYS_madvise, base, size, MADV_NOHUGEPAGE);
  return true;
}

void clear_shadow(uint64_t low, uint64_t high, bool soon_used) {
  if (high <= low) return;
  if constexpr (kTracing) to_file::renewed(low, high);
  Entry* from = cell_of(low);
  const Entry* end = cell_of((high - 1) & ~uint64_t{7}) + 2;
  if (end <= from) return;
  const uint64_t first_page = (reinterpret_cast<uint64_t>(from) + kPageSize - 1) & ~(kPageSize - 1);
  const uint64_t last_page = reinterpret_cast<uint64_t>(end) & ~(kPageSize - 1);
  if (first_page + kManyPages * kPageSize > last_page) {
    if (soon_used) take_pages(from, end);
    return clear_cells(from, end);
  }
  clear_cells(from, reinterpret_cast<Entry*>(first_page));
  raw_syscall(SYS_madvise, static_cast<long>(first_page), static_cast<long>(last_page - first_page),
              MADV_DONTNEED);
  clear_cells(reinterpret_cast<Entry*>(last_page), end);
}

}  // namespace gordian::hooks::races
