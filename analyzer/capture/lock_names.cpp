#include "analyzer/capture/lock_names.h"

#include "analyzer/capture/function_names.h"

namespace gordian::capture {
namespace {

using model::ResourceKey;
using model::ResourceKind;

// The place to show for a site: the program's own frame, looked for on the stacks seen at that site when the
// site itself lies in a wrapper.
finding::Stack stack_at(uint64_t site, const std::vector<Sighting>& sightings, AddressNames& names) {
  finding::Stack stack = names.resolve(site, true);
  if (own_frame(stack) != nullptr) return stack;
  for (const Sighting& sighting : sightings) {
    if (sighting.site == site && own_frame(sighting.stack) != nullptr) return sighting.stack;
  }
  return stack;
}

std::string place_of(const finding::Stack& stack) {
  const finding::Frame* own = own_frame(stack);
  return place(own != nullptr ? *own : stack.front());
}

// `accounts+0x28` names the variable; the offset changes with the next edit.
std::string without_offset(const std::string& name) {
  return name.substr(0, name.find("+0x"));
}

// Others are waited at or signalled, and nobody takes them.
bool is_taken(ResourceKind kind) {
  return kind != ResourceKind::kBarrier && kind != ResourceKind::kCondition && kind != ResourceKind::kOnce &&
         kind != ResourceKind::kFutex && kind != ResourceKind::kStaticGuard;
}

}  // namespace

std::string kind_name(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::kNone:
      break;
    case ResourceKind::kMutex:
      return "mutex";
    case ResourceKind::kRwlock:
      return "rwlock";
    case ResourceKind::kSpin:
      return "spinlock";
    case ResourceKind::kBarrier:
      return "barrier";
    case ResourceKind::kCondition:
      return "condition";
    case ResourceKind::kSemaphore:
      return "semaphore";
    case ResourceKind::kOnce:
      return "once";
    case ResourceKind::kThread:
      return "thread";
    case ResourceKind::kStdioFile:
      return "stdio lock";
    case ResourceKind::kStaticGuard:
      return "static guard";
    case ResourceKind::kFutex:
      return "futex";
    case ResourceKind::kPipe:
      return "pipe";
    case ResourceKind::kFileLock:
      return "file lock";
    case ResourceKind::kProcess:
      return "process";
    case ResourceKind::kSysvSemaphore:
      return "System V semaphore";
    case ResourceKind::kMessageQueue:
      return "message queue";
    case ResourceKind::kGil:
      return "interpreter lock";
  }
  return "resource";
}

finding::ResourceName name_of_lock(const ResourceKey& key, const record::ResourceRecord* resource,
                                   const std::vector<Sighting>& sightings, AddressNames& names) {
  finding::ResourceName result;
  result.kind = kind_name(key.kind);
  result.address = key.address;
  result.stable = result.kind;
  if (const auto variable = names.variable_at(key.address); variable && !variable->name.empty()) {
    result.name = variable->name;
    result.stable = without_offset(variable->name);
    result.module = variable->module;
    result.module_offset = variable->module_offset;
  } else if (resource != nullptr && resource->init_site != 0) {
    const finding::Stack stack = names.resolve(resource->init_site, true);
    result.name = result.kind + " initialised at " + place_of(stack);
    const std::string function = own_function(stack);
    if (!function.empty()) result.stable += " initialised at " + function;
  } else if (resource != nullptr && resource->first_site != 0) {
    // Who came first may differ in the next run: not part of the stable name.
    result.name = result.kind + (is_taken(key.kind) ? " first taken at " : " first used at ") +
                  place_of(stack_at(resource->first_site, sightings, names));
  } else if (!sightings.empty() && !sightings.front().stack.empty()) {
    result.name = result.kind + " seen at " + place_of(sightings.front().stack);
  } else {
    result.name = result.kind + " at " + hexadecimal(key.address);
  }
  return result;
}

std::string lock_noun(const finding::ResourceName& name) {
  return name.name.starts_with(name.kind + ' ') ? "the " + name.name : name.name;
}

LockNames::LockNames(const record::Record& record, const LockSightings& sightings, AddressNames& names) {
  std::map<LockLife, const record::ResourceRecord*> table;
  for (const record::ResourceRecord& resource : record.resources) {
    const ResourceKey key{static_cast<ResourceKind>(resource.kind), resource.address};
    if (const LockLife life{key, resource.generation}; resource.generation != 0 && sightings.contains(life))
      table[life] = &resource;
    if ((resource.flags & record::kResourceEnded) != 0 || !sightings.contains(key)) continue;
    const record::ResourceRecord*& known = table[key];
    if (known == nullptr || known->generation <= resource.generation) known = &resource;
  }

  for (const auto& [life, seen] : sightings) {
    const auto found = table.find(life);
    finding::ResourceName name =
        name_of_lock(life.key, found == table.end() ? nullptr : found->second, seen, names);
    names_.emplace(life, std::move(name));
  }
  number();
}

LockNames::LockNames(std::map<LockLife, finding::ResourceName> names) : names_(std::move(names)) {
  number();
}

void LockNames::number() {
  std::map<std::string, uint32_t> used;
  for (const auto& [life, name] : names_) ++used[name.name];
  std::map<std::string, uint32_t> numbered;
  for (auto& [life, name] : names_) {
    if (used[name.name] > 1) name.name += " #" + std::to_string(++numbered[name.name]);
  }
}

finding::ResourceName LockNames::name(const LockLife& life) const {
  const auto found = names_.find(life);
  if (found != names_.end()) return found->second;
  finding::ResourceName name;
  name.kind = kind_name(life.key.kind);
  name.address = life.key.address;
  name.stable = name.kind;
  name.name = name.kind + " at " + hexadecimal(life.key.address);
  return name;
}

}  // namespace gordian::capture
