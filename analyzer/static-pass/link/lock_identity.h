// Which lock a path means, for the program as a whole, and what people call it.
//
// A lock is a global, an object of the function that declares it, or a field: one field of all objects of a
// class is one lock here (as in the Linux kernel's lockdep), and the object is kept beside it, so that two
// objects of one class can be told apart where the paths tell them apart.
//
// Promises: pure functions of the path; names hold neither addresses nor lines.
#pragma once

#include <string>

#include "analyzer/static-pass/link/program.h"

namespace gordian::check {

struct LockClass {
  enum class Kind : uint8_t { kNone, kGlobal, kField, kLocal, kParameter };
  Kind kind = Kind::kNone;
  Symbol name;          // of the global, the field, or the function that the local or parameter is of
  uint32_t number = 0;  // of the local or parameter
  auto operator<=>(const LockClass&) const = default;
};

class LockNames {
 public:
  explicit LockNames(Program& program) : program_(program) {}

  LockClass class_of(PathId path) const;

  // Captures replaced by what they capture.
  PathId settled(PathId path, FunctionId in) const;

  // Whether the object is known: the path begins at a global, or at a local of a certain function.
  bool is_instance(PathId path) const;

  // Whether two paths of one class can mean the same lock.
  bool may_be_same(PathId one, PathId other) const;

  // `accounts[1].lock`, `bank::Account::lock`, `main()::first`: what stays the same from run to run.
  std::string stable(PathId path) const;
  // The same for people, with the path by which the function `in` has it: `bank::Account::lock (from->lock)`.
  std::string display(PathId path, FunctionId in) const;
  // The path as the source would write it: `from->lock`, `this->queue.mutex`; empty when it cannot be.
  std::string spelled(PathId path, FunctionId in) const;

 private:
  Program& program_;
};

}  // namespace gordian::check
