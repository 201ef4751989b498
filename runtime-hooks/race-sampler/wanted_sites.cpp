#include "runtime-hooks/race-sampler/wanted_sites.h"

#include <dlfcn.h>
#include <link.h>

#include <cstring>

#include "analyzer/record/race_sites.h"
#include "analyzer/record/steering.h"
#include "runtime-hooks/kernel.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

namespace {

const record::RaceSites* map_file(const char* directory) {
  Line path;
  path.add(directory).add("/").add(record::kRaceSitesFileName);
  const int fd = kernel::open(path.text(), O_RDONLY | O_NOFOLLOW);
  if (fd < 0) return nullptr;
  void* mapped = kernel::map(nullptr, sizeof(record::RaceSites), PROT_READ, MAP_PRIVATE, fd);
  kernel::close(fd);
  if (mapped == nullptr) return nullptr;
  const auto* sites = static_cast<const record::RaceSites*>(mapped);
  if (std::memcmp(sites->magic, record::kRaceSitesMagic, sizeof(sites->magic)) == 0 &&
      sites->version == record::kRaceSitesVersion && sites->count <= record::kMaxRaceRanges)
    return sites;
  kernel::unmap(mapped, sizeof(record::RaceSites));
  return nullptr;
}

// What is added to a file's addresses where that module is loaded; false where it is not.
bool bias_of(uint64_t name, uint64_t& bias) {
  for (uint32_t i = 0; i < runtime.header().module_count; ++i) {
    const record::ModuleRecord& module = runtime.modules()[i];
    const char* slash = std::strrchr(module.path, '/');
    if (slash == nullptr || record::steering_hash(slash + 1, std::strlen(slash + 1)) != name) continue;
    dl_find_object object;
    if (_dl_find_object(reinterpret_cast<void*>(module.start), &object) != 0) continue;
    bias = object.dlfo_link_map->l_addr;
    return true;
  }
  return false;
}

}  // namespace

void for_each_wanted(const char* directory, void (*each)(void* context, uint64_t low, uint64_t high),
                     void* context) {
  const record::RaceSites* sites = map_file(directory);
  if (sites == nullptr) return;
  for (uint32_t i = 0; i < sites->count; ++i) {
    const record::RaceRange& range = sites->ranges[i];
    uint64_t bias = 0;
    if (bias_of(range.module, bias)) each(context, range.low + bias, range.high + bias);
  }
  kernel::unmap(const_cast<record::RaceSites*>(sites), sizeof(record::RaceSites));
}

}  // namespace gordian::hooks::races
