#include "analyzer/capture/process/process_image.h"

#include <algorithm>

namespace gordian::capture {

const Region* ProcessImage::region_at(uint64_t address) const {
  const auto after = std::upper_bound(regions.begin(), regions.end(), address,
                                      [](uint64_t value, const Region& each) { return value < each.start; });
  if (after == regions.begin()) return nullptr;
  const Region& region = *std::prev(after);
  return address < region.end ? &region : nullptr;
}

const ThreadImage* ProcessImage::thread_with_own_tid(uint32_t own_tid) const {
  const auto found = std::find_if(threads.begin(), threads.end(),
                                  [&](const ThreadImage& thread) { return thread.own_tid == own_tid; });
  return found == threads.end() ? nullptr : &*found;
}

}  // namespace gordian::capture
