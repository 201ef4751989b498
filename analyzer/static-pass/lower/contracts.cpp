#include "analyzer/static-pass/lower/contracts.h"

namespace gordian::check {
namespace {

class Contracts {
 public:
  Contracts(const clang::FunctionDecl* function, const Lowering& unit) : paths_(unit, nullptr, nowhere_) {
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
    has_object_ = method != nullptr && method->isInstance();
  }

  // Without an argument, an attribute is about the object itself.
  template <class Arguments>
  void add(Contract::Kind kind, const Arguments& arguments, bool shared, bool success = true) {
    if (arguments.empty() && has_object_) {
      contracts_.push_back({kind, shared, success, Path{.root = Root::kThis}});
    }
    for (const clang::Expr* argument : arguments) add_one(kind, argument, shared, success);
  }

  void add_one(Contract::Kind kind, const clang::Expr* argument, bool shared, bool success = true) {
    const clang::Expr* bare = strip(argument);
    const auto* negated = llvm::dyn_cast<clang::UnaryOperator>(bare);
    const bool excluded = negated != nullptr && negated->getOpcode() == clang::UO_LNot;
    if (excluded) {
      if (kind != Contract::Kind::kRequires) return;
      kind = Contract::Kind::kExcludes;
      bare = negated->getSubExpr();
    }
    const Path lock = paths_.path_of(bare);
    if (lock.root != Root::kUnknown) contracts_.push_back({kind, shared, success, lock});
  }

  std::vector<Contract> take() { return std::move(contracts_); }

 private:
  Function nowhere_;
  FunctionLowering paths_;
  bool has_object_ = false;
  std::vector<Contract> contracts_;
};

bool value_of(const clang::Expr* success) {
  const clang::Expr* bare = strip(success);
  if (const auto* boolean = llvm::dyn_cast<clang::CXXBoolLiteralExpr>(bare)) return boolean->getValue();
  if (const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(bare)) return number->getValue() != 0;
  return true;
}

void add_attribute(Contracts& contracts, const clang::Attr* attribute) {
  using Kind = Contract::Kind;
  if (const auto* acquire = llvm::dyn_cast<clang::AcquireCapabilityAttr>(attribute)) {
    contracts.add(Kind::kAcquire, llvm::ArrayRef(acquire->args_begin(), acquire->args_size()),
                  acquire->isShared());
  } else if (const auto* release = llvm::dyn_cast<clang::ReleaseCapabilityAttr>(attribute)) {
    contracts.add(Kind::kRelease, llvm::ArrayRef(release->args_begin(), release->args_size()),
                  release->isShared());
  } else if (const auto* attempt = llvm::dyn_cast<clang::TryAcquireCapabilityAttr>(attribute)) {
    contracts.add(Kind::kTryAcquire, llvm::ArrayRef(attempt->args_begin(), attempt->args_size()),
                  attempt->isShared(), value_of(attempt->getSuccessValue()));
  } else if (const auto* exclusive = llvm::dyn_cast<clang::ExclusiveTrylockFunctionAttr>(attribute)) {
    contracts.add(Kind::kTryAcquire, llvm::ArrayRef(exclusive->args_begin(), exclusive->args_size()), false,
                  value_of(exclusive->getSuccessValue()));
  } else if (const auto* shared = llvm::dyn_cast<clang::SharedTrylockFunctionAttr>(attribute)) {
    contracts.add(Kind::kTryAcquire, llvm::ArrayRef(shared->args_begin(), shared->args_size()), true,
                  value_of(shared->getSuccessValue()));
  } else if (const auto* required = llvm::dyn_cast<clang::RequiresCapabilityAttr>(attribute)) {
    contracts.add(Kind::kRequires, llvm::ArrayRef(required->args_begin(), required->args_size()),
                  required->isShared());
  } else if (const auto* excluded = llvm::dyn_cast<clang::LocksExcludedAttr>(attribute)) {
    contracts.add(Kind::kExcludes, llvm::ArrayRef(excluded->args_begin(), excluded->args_size()), false);
  } else if (const auto* held = llvm::dyn_cast<clang::AssertCapabilityAttr>(attribute)) {
    contracts.add(Kind::kAssertHeld, llvm::ArrayRef(held->args_begin(), held->args_size()), held->isShared());
  } else if (const auto* held_alone = llvm::dyn_cast<clang::AssertExclusiveLockAttr>(attribute)) {
    contracts.add(Kind::kAssertHeld, llvm::ArrayRef(held_alone->args_begin(), held_alone->args_size()),
                  false);
  } else if (const auto* held_shared = llvm::dyn_cast<clang::AssertSharedLockAttr>(attribute)) {
    contracts.add(Kind::kAssertHeld, llvm::ArrayRef(held_shared->args_begin(), held_shared->args_size()),
                  true);
  } else if (const auto* returned = llvm::dyn_cast<clang::LockReturnedAttr>(attribute)) {
    contracts.add_one(Kind::kReturnsLock, returned->getArg(), false);
  }
}

template <class Arguments>
std::vector<Path> paths_of(FunctionLowering& lowering, const Arguments& arguments) {
  std::vector<Path> paths;
  for (const clang::Expr* argument : arguments) {
    Path path = lowering.path_of(argument);
    if (path.root != Root::kUnknown) paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace

Guards guards_of(const clang::ValueDecl* data, const Lowering& unit) {
  Guards guards;
  if (!data->hasAttrs()) return guards;
  Function nowhere;
  FunctionLowering paths(unit, nullptr, nowhere);
  if (const auto* guarded = data->getAttr<clang::GuardedByAttr>()) {
    guards.guarded_by = paths.path_of(guarded->getArg());
  } else if (const auto* behind = data->getAttr<clang::PtGuardedByAttr>()) {
    guards.guarded_by = paths.path_of(behind->getArg());
  }
  if (const auto* before = data->getAttr<clang::AcquiredBeforeAttr>())
    guards.before = paths_of(paths, before->args());
  if (const auto* after = data->getAttr<clang::AcquiredAfterAttr>())
    guards.after = paths_of(paths, after->args());
  return guards;
}

std::vector<Contract> contracts_of(const clang::FunctionDecl* function, const Lowering& unit) {
  // Attributes are inherited from earlier declarations, so that the last one has them all.
  const clang::FunctionDecl* last = function->getMostRecentDecl();
  if (!last->hasAttrs()) return {};
  Contracts contracts(last, unit);
  for (const clang::Attr* attribute : last->attrs()) add_attribute(contracts, attribute);
  return contracts.take();
}

}  // namespace gordian::check
