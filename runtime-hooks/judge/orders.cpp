#include "runtime-hooks/judge/orders.h"

#include <algorithm>
#include <span>

#include "analyzer/model/recorded_order.h"
#include "analyzer/verdict/inversion.h"
#include "runtime-hooks/judge/plain_names.h"

namespace gordian::hooks {
namespace {

using verdict::Inversion;
using verdict::InversionEdge;

constexpr uint32_t kMostTold = 5;
constexpr size_t kMostEdges = 16;

constinit Line line;

template <typename Entry>
std::span<const Entry> table(const Entry& first, const uint32_t& count, uint64_t most) {
  const uint64_t size = __atomic_load_n(&count, __ATOMIC_ACQUIRE);
  return {&first, std::min(size, most)};
}

model::OrderTables tables() {
  const record::Header& header = runtime.header();
  // What had no room was never written, and where the disk is full it must not be read.
  const bool dropped = header.unseen[static_cast<size_t>(Unseen::kThreadOrder)] != 0;
  return {
      .orders = table(runtime.order_node(0), header.order_count, record::kMaxOrderNodes),
      .witnesses = table(runtime.order_witness(0), header.witness_count, record::kMaxOrderWitnesses),
      .origins = table(runtime.thread_origin(0), header.last_serial, dropped ? 0 : record::kMaxThreadOrigins),
      .links = table(runtime.thread_link(0), header.link_count, record::kMaxThreadLinks),
      .resources = table(runtime.resource(0), header.resource_count, record::kMaxResources),
      .links_dropped = dropped};
}

void add_lock(const model::RecordedOrder& recorded, uint32_t lock) {
  const model::OrderedLock& of = recorded.order.locks[lock];
  add_resource(line, of.key.kind, of.key.address);
}

void print_edge(const InversionEdge& edge, const model::RecordedOrder& recorded,
                const model::OrderTables& known) {
  line.add("  ");
  const uint32_t serial = edge.thread_serial;
  if (serial != 0 && serial <= known.origins.size() && known.origins[serial - 1].serial == serial) {
    const record::ThreadOrigin& origin = known.origins[serial - 1];
    add_thread(line, origin.name, origin.tid);
  } else {
    line.add("another thread");
  }
  line.add(" asks for ");
  add_lock(recorded, edge.asked);
  line.add("\n      at ");
  add_place(line, recorded.order.steps[edge.step].site);
  line.add("\n").write_to_stderr();
  if (edge.ancestor == model::kNoStep) return;
  line.add("    while it holds ");
  add_lock(recorded, edge.held);
  line.add("\n      taken at ");
  add_place(line, recorded.order.steps[edge.ancestor].site);
  line.add("\n").write_to_stderr();
}

void print_inversion(const Inversion& inversion, const model::RecordedOrder& recorded,
                     const model::OrderTables& known) {
  line.clear();
  line.add("gordian: lock-order-inversion, possible, in process ").add(kernel::process_id());
  line.add(": ").add(inversion.edges.size());
  line.add(" threads could wait for each other in another schedule\n").write_to_stderr();
  for (size_t i = 0; i < std::min(inversion.edges.size(), kMostEdges); ++i)
    print_edge(inversion.edges[i], recorded, known);
  if (inversion.edges.size() > kMostEdges)
    line.add("  and ").add(inversion.edges.size() - kMostEdges).add(" more\n").write_to_stderr();
}

}  // namespace

bool tell_orders() {
  const model::OrderTables known = tables();
  const model::RecordedOrder recorded = model::order_in(known);
  uint32_t count = 0;
  for (const Inversion& inversion : verdict::find_inversions(recorded.order, {}).all) {
    if (inversion.grade != record::Grade::kPossible) continue;
    if (++count <= kMostTold && !runtime.options().quiet) print_inversion(inversion, recorded, known);
  }
  if (count == 0 || runtime.options().quiet) return count != 0;
  if (count > kMostTold)
    line.add("gordian: and ").add(count - kMostTold).add(" more of these\n").write_to_stderr();
  print_way_to_record(line);
  return true;
}

}  // namespace gordian::hooks
