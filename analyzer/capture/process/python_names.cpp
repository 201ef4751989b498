#include "analyzer/capture/process/python_names.h"

#include "analyzer/capture/function_names.h"

namespace gordian::capture {
namespace {

// Null when the resource is no lock that this thread has by the interpreter's word.
const PythonHold* python_hold(const GroupSnapshot& group, const Studies& studies, size_t index,
                              const model::ResourceKey& resource) {
  const Origin& origin = group.origins[index];
  const auto place = group.places.find(resource);
  if (origin.thread == SIZE_MAX || place == group.places.end() ||
      resource.kind != model::ResourceKind::kSemaphore)
    return nullptr;
  const ProcessStudy& study = *studies[origin.process];
  if (study.python == nullptr || place->second.first != origin.process) return nullptr;
  for (const PythonHold& hold : study.python->holds())
    if (hold.own_tid == study.image.threads[origin.thread].own_tid &&
        hold.lock.semaphore == place->second.second)
      return &hold;
  return nullptr;
}

// Where it waits is all that is known of a lock that was taken without a `with`.
finding::Stack waiting_at(const GroupSnapshot& group, const Studies& studies,
                          const model::ResourceKey& resource) {
  for (size_t i = 0; i < group.origins.size(); ++i) {
    const model::Thread& thread = group.snapshot.threads[i];
    const Origin& origin = group.origins[i];
    if (!thread.waiting || thread.wait.resource != resource || origin.thread == SIZE_MAX) continue;
    const ProcessStudy& study = *studies[origin.process];
    if (study.python == nullptr) continue;
    const finding::Stack* frames = study.python->frames_of(study.image.threads[origin.thread].own_tid);
    if (frames != nullptr) return *frames;
  }
  return {};
}

}  // namespace

finding::Stack python_acquisition(const GroupSnapshot& group, const Studies& studies, size_t index,
                                  const model::ResourceKey& resource) {
  const PythonHold* hold = python_hold(group, studies, index, resource);
  return hold == nullptr ? finding::Stack() : hold->acquired_at;
}

std::map<LockLife, finding::ResourceName> python_lock_names(const GroupSnapshot& group,
                                                            const Studies& studies) {
  std::map<LockLife, finding::ResourceName> names;
  for (size_t i = 0; i < group.origins.size(); ++i) {
    for (const model::Hold& hold : group.snapshot.threads[i].holds) {
      const PythonHold* known = python_hold(group, studies, i, hold.resource);
      if (known == nullptr) continue;
      const bool has_place = !known->acquired_at.empty();
      const finding::Stack at = has_place ? known->acquired_at : waiting_at(group, studies, hold.resource);
      if (at.empty()) continue;
      finding::ResourceName name;
      name.kind = kind_name(hold.resource.kind);
      name.stable = name.kind;
      name.address = known->lock.semaphore;
      name.name = (known->lock.recursive ? "threading.RLock " : "threading.Lock ") +
                  std::string(has_place ? "taken at " : "waited for at ") + place(at.front());
      names.emplace(hold.resource, name);
    }
  }
  return names;
}

}  // namespace gordian::capture
