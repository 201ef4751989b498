#include "analyzer/finding/lock_orders.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "analyzer/finding/frames.h"

namespace gordian::finding {
namespace {

constexpr char kBetween = '\x1f';
constexpr size_t kMostThreads = 8;

std::string site_of(const Stack& stack) {
  if (const Frame* frame = telling_frame(stack)) return frame->file + ':' + std::to_string(frame->line);
  if (stack.empty()) return {};
  const Frame& first = stack.front();
  return first.module + '+' + std::to_string(first.module_offset);
}

std::string identity_and_site(const OrderEdge& edge) {
  std::string key = identity_of(edge);
  for (const Stack* stack : {&edge.acquired_at, &edge.attempted_at}) key += kBetween + site_of(*stack);
  return key;
}

// Only what was held in every sighting guards.
void keep_common(std::vector<std::string>& guards, const std::vector<std::string>& others) {
  std::erase_if(guards,
                [&](const std::string& guard) { return std::ranges::find(others, guard) == others.end(); });
}

void absorb(OrderEdge& known, const OrderEdge& other) {
  keep_common(known.guards, other.guards);
  for (const std::string& thread : other.threads) {
    const bool is_there = std::ranges::find(known.threads, thread) != known.threads.end();
    if (!is_there && known.threads.size() < kMostThreads) known.threads.push_back(thread);
  }
  known.contexts = std::max(known.contexts, other.contexts);
}

}  // namespace

bool is_nameless(const ResourceName& resource) {
  return resource.stable.empty() || resource.stable == resource.kind;
}

std::string identity_of(const OrderEdge& edge) {
  std::string key =
      edge.from.stable + kBetween + edge.to.stable + kBetween + edge.from_mode + kBetween + edge.to_mode;
  if (is_nameless(edge.from)) key += kBetween + own_function(edge.acquired_at);
  if (is_nameless(edge.to)) key += kBetween + own_function(edge.attempted_at);
  return key;
}

void sort_edges(std::vector<OrderEdge>& edges) {
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string>;
  std::vector<std::pair<Key, OrderEdge>> keyed;
  keyed.reserve(edges.size());
  for (OrderEdge& edge : edges) {
    Key key{edge.from.stable,
            edge.to.stable,
            edge.from_mode,
            edge.to_mode,
            own_function(edge.attempted_at),
            own_function(edge.acquired_at)};
    keyed.emplace_back(std::move(key), std::move(edge));
  }
  std::ranges::stable_sort(keyed, {}, [](const auto& each) -> const Key& { return each.first; });
  edges.clear();
  for (auto& each : keyed) edges.push_back(std::move(each.second));
}

void LockOrderMerger::add(LockOrder order) {
  for (OrderEdge& edge : order.edges) {
    const auto [place, is_new] = places_.try_emplace(identity_and_site(edge), result_.edges.size());
    if (is_new) {
      result_.edges.push_back(std::move(edge));
    } else {
      absorb(result_.edges[place->second], edge);
    }
  }
  result_.edges_not_shown += order.edges_not_shown;
}

LockOrder LockOrderMerger::take() {
  places_.clear();
  sort_edges(result_.edges);
  return std::exchange(result_, {});
}

}  // namespace gordian::finding
