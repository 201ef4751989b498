#include "analyzer/static-pass/link/lock_wrappers.h"

namespace gordian::check {

LockWrappers::LockWrappers(const Analysis& analysis) : analysis_(analysis) {
  Program& program = analysis.program;
  for (uint32_t i = 0; i < program.functions().size(); ++i) {
    const Function& function = program.function({i});
    if (!function.owner || (function.flags & function_flags::kConstructor) != 0) continue;
    for (const Exit& exit : analysis.shared.effects[i].exits) {
      for (const Hold& taken : exit.taken) {
        const Path& path = program.path(taken.lock);
        const bool is_own = path.root == Root::kThis && path.elements.size() == 1 &&
                            path.elements[0].kind == Element::Kind::kField;
        const Field* field = is_own ? program.field(path.elements[0].name) : nullptr;
        if (field != nullptr && !field->is_pointer) inner_.insert(path.elements[0].name);
      }
    }
  }
}

PathId LockWrappers::whole(PathId lock) const {
  Path path = analysis_.program.path(lock);
  const auto is_inner = [&] {
    return !path.elements.empty() && path.elements.back().kind == Element::Kind::kField &&
           inner_.contains(path.elements.back().name);
  };
  while (is_inner()) {
    path.elements.pop_back();
    const PathId outer = analysis_.program.path(path);
    if (analysis_.names.class_of(outer).kind == LockClass::Kind::kNone) break;
    lock = outer;
  }
  return lock;
}

}  // namespace gordian::check
