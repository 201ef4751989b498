// Which objects a function is given, where all its callers and starters that are known give it the same.
//
// Promises: an object is named only when it is one object, a global or a local of a function, and everybody
// passes it. Blind to calls that are not followed.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "analyzer/static-pass/link/concurrency.h"

namespace gordian::check {

class Bindings {
 public:
  Bindings(const Analysis& analysis, const Concurrency& concurrency);

  // The path with the function's parameters and `this` replaced by what they always are; settled.
  PathId bound(PathId path, FunctionId in) const;

  // Whether a local (settled) is in the hands of another thread than its function's: an argument of its
  // start, or captured by reference in what it runs.
  bool is_in_threads(PathId local) const;

  // Whether the function is known to be given two different objects there.
  bool is_given_several(PathId path, FunctionId in) const;

 private:
  struct Binding {
    PathId object;
    bool several = false;  // more than one that is known
    bool unknown = false;
  };
  using Place = std::tuple<FunctionId, Root, uint32_t>;

  void find_locals_in_threads();
  void add_captured(FunctionId lambda);
  void add_local(PathId path);
  bool bind(FunctionId callee, Root root, uint32_t number, PathId value, FunctionId caller);
  bool is_given_anything(PathId object, FunctionId in) const;
  const Binding* find(const Path& path, FunctionId in) const;

  const Analysis& analysis_;
  const Concurrency& concurrency_;
  std::map<Place, Binding> bindings_;
  std::set<std::pair<Symbol, uint32_t>> in_threads_;  // locals: function, number
};

}  // namespace gordian::check
