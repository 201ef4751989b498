#include "analyzer/record/order_reader.h"

#include <algorithm>
#include <cstring>

namespace gordian::record {
namespace {

constexpr uint32_t kPlaceUnit = 16;

// No thread holds more than its record can show, so that no path is longer.
constexpr uint32_t kMostHeld = kInlineHolds + kOverflowBlocksPerThread * kOverflowBlockHolds;

template <typename T>
std::vector<T> read_array(const RecordFile& file, uint64_t offset, uint32_t count, uint32_t most,
                          const char* what) {
  std::vector<T> items(std::min(count, most));
  if (!items.empty()) file.read(offset, items.data(), sizeof(T) * items.size(), what);
  return items;
}

bool has_resource(const Record& record, const OrderNode& node) {
  if (node.kind == static_cast<uint8_t>(ResourceKind::kThread)) return node.resource != 0;
  return node.resource < record.resources.size() && record.resources[node.resource].kind != 0;
}

bool holds_together(const Record& record, size_t index) {
  const OrderNode& node = record.orders[index];
  if (node.kind == 0 || node.kind > static_cast<uint8_t>(ResourceKind::kFutex)) return false;
  if (node.depth > kMostHeld || !has_resource(record, node)) return false;
  if (node.parent == 0) return node.depth == 0;
  if (node.parent > index) return false;  // index + 1 of a node before it
  const OrderNode& parent = record.orders[node.parent - 1];
  return parent.kind != 0 && parent.depth + 1 == node.depth;
}

bool holds_together(const OrderWitness& witness) {
  return witness.serial != 0 && witness.first_segment <= witness.last_segment;
}

// A chain ends where it leaves the array, meets another, or gets longer than one can be: whoever is missing
// from it then went unlisted.
void end_chain(Record& record, OrderNode& node, std::vector<bool>& taken) {
  uint32_t* next = &node.witnesses;
  for (uint32_t length = 0; *next != 0; ++length) {
    const uint32_t index = *next - 1;
    if (length == kMaxWitnessesPerNode || index >= record.witnesses.size() || taken[index] ||
        !holds_together(record.witnesses[index])) {
      *next = 0;
      node.bits |= kOrderWitnessesDropped;
      return;
    }
    taken[index] = true;
    next = &record.witnesses[index].next;
  }
}

void take_out_what_is_broken(Record& record) {
  std::vector<bool> taken(record.witnesses.size());
  for (size_t i = 0; i < record.orders.size(); ++i) {
    OrderNode& node = record.orders[i];
    if (holds_together(record, i)) {
      end_chain(record, node, taken);
    } else {
      node = {};
    }
  }
}

}  // namespace

std::vector<OrderNode> read_orders(const RecordFile& file, const Header& header) {
  return read_array<OrderNode>(file, kOrderOffset, header.order_count, kMaxOrderNodes, "lock orders");
}

void read_order_details(const RecordFile& file, const Header& header, Record& record) {
  record.witnesses = read_array<OrderWitness>(file, kWitnessOffset, header.witness_count, kMaxOrderWitnesses,
                                              "witnesses of lock orders");
  record.origins = read_array<ThreadOrigin>(file, kOriginOffset, header.last_serial, kMaxThreadOrigins,
                                            "origins of threads");
  record.links =
      read_array<ThreadLink>(file, kLinkOffset, header.link_count, kMaxThreadLinks, "links of threads");
  static_assert(kMaxEvidenceBytes <= UINT32_MAX);
  record.evidence =
      read_array<unsigned char>(file, kEvidenceOffset, header.evidence_bytes, kMaxEvidenceBytes, "evidence");
  // Written in no order with what refers to them: one that is not there yet reads as zeros.
  for (size_t i = 0; i < record.origins.size(); ++i) {
    if (record.origins[i].serial != i + 1) record.origins[i] = {};
  }
  std::erase_if(record.links,
                [](const ThreadLink& link) { return link.from_serial == 0 || link.to_serial == 0; });
  take_out_what_is_broken(record);
}

EvidenceEntry evidence_at(const Record& record, uint32_t place) {
  if (place == 0) return {};
  const uint64_t start = (uint64_t{place} - 1) * kPlaceUnit;
  const auto fits = [&](uint64_t end) { return end <= record.evidence.size(); };
  Evidence head;
  if (!fits(start + sizeof head)) return {};
  std::memcpy(&head, record.evidence.data() + start, sizeof head);
  if (head.frame_count > kMaxFrames || head.hold_count > kMaxEvidenceHolds) return {};
  const uint64_t frames = start + sizeof head;
  const uint64_t holds = frames + sizeof(Frame) * head.frame_count;
  if (!fits(holds + sizeof(Hold) * head.hold_count)) return {};

  EvidenceEntry entry;
  entry.frames.resize(head.frame_count);
  entry.holds.resize(head.hold_count);
  if (head.frame_count != 0)
    std::memcpy(entry.frames.data(), record.evidence.data() + frames, sizeof(Frame) * head.frame_count);
  if (head.hold_count != 0)
    std::memcpy(entry.holds.data(), record.evidence.data() + holds, sizeof(Hold) * head.hold_count);
  return entry;
}

}  // namespace gordian::record
