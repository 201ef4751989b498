#include "analyzer/capture/order_scene.h"

namespace gordian::capture {

finding::ResourceName name_of_end(uint32_t serial, const ThreadNames& threads) {
  finding::ResourceName name;
  name.kind = kind_name(model::ResourceKind::kThread);
  name.name = name.kind + ' ' + threads.label(serial);
  name.stable = name.kind;
  if (const std::string started_at = threads.name(serial).started_at; !started_at.empty())
    name.stable += ' ' + started_at;
  return name;
}

finding::ResourceName OrderScene::lock_name(uint32_t index) const {
  if (is_thread(index)) return name_of_end(static_cast<uint32_t>(lock(index).key.address), threads_);
  return scene_.lock_name(recorded_.life_of(index));
}

finding::ResourceName OrderScene::class_name(uint32_t index, const std::vector<Sighting>& sightings,
                                             AddressNames& names) const {
  if (is_thread(index)) return lock_name(index);
  return name_of_lock(lock(index).key, recorded_.resources[index], sightings, names);
}

std::string OrderScene::noun(uint32_t index) const {
  if (is_thread(index)) return "the end of " + threads_.label(static_cast<uint32_t>(lock(index).key.address));
  return lock_noun(lock_name(index));
}

}  // namespace gordian::capture
