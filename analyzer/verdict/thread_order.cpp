#include "analyzer/verdict/thread_order.h"

#include <algorithm>

namespace gordian::verdict {

using model::ThreadLink;

namespace {

constexpr size_t kMostRemembered = 1u << 21;

}  // namespace

ThreadOrder::ThreadOrder(const std::vector<ThreadLink>& links) : links_(links) {
  std::sort(links_.begin(), links_.end(), [](const ThreadLink& one, const ThreadLink& other) {
    return one.from_serial != other.from_serial ? one.from_serial < other.from_serial
                                                : one.from_segment > other.from_segment;
  });
}

// Links leave a thread at the end of a segment, so that from an earlier segment more of them can be taken.
// Whenever a thread is reached earlier than before, those between are taken besides: each link at most once.
const ThreadOrder::Reached& ThreadOrder::after(Moment moment) {
  const auto found = known_.find(moment);
  if (found != known_.end()) return found->second;
  if (known_size_ > kMostRemembered) {
    known_.clear();
    known_size_ = 0;
  }
  Reached& reached = known_[moment];
  std::map<uint32_t, size_t> next_link;  // of each thread that was reached
  std::vector<Moment> queue{moment};
  for (size_t i = 0; i < queue.size(); ++i) {
    const auto [serial, segment] = queue[i];
    const auto first =
        std::lower_bound(links_.begin(), links_.end(), serial,
                         [](const ThreadLink& link, uint32_t wanted) { return link.from_serial < wanted; });
    size_t& next = next_link.try_emplace(serial, static_cast<size_t>(first - links_.begin())).first->second;
    for (; next < links_.size() && links_[next].from_serial == serial && links_[next].from_segment >= segment;
         ++next) {
      ++steps_;
      const ThreadLink& link = links_[next];
      const auto [place, is_new] = reached.try_emplace(link.to_serial, link.to_segment);
      if (!is_new && place->second <= link.to_segment) continue;
      place->second = link.to_segment;
      queue.push_back({link.to_serial, link.to_segment});
    }
  }
  known_size_ += reached.size() + 1;
  ++steps_;
  return reached;
}

bool ThreadOrder::before(const Span& one, const Span& other) {
  const Reached& reached = after({one.thread_serial, one.last_segment});
  const auto place = reached.find(other.thread_serial);
  return place != reached.end() && place->second <= other.first_segment;
}

bool ThreadOrder::apart(const Span& one, const Span& other) {
  return before(one, other) || before(other, one);
}

}  // namespace gordian::verdict
