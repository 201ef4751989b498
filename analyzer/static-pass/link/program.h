// The units of a program, joined: one table of strings, one of access paths, each function once.
//
// Promises: what several units define alike (functions of headers, classes, fields) is kept once, the first
// one counts; the result does not depend on anything but the units and their order. Not thread-safe while
// units are added; afterwards paths and strings may still be added by one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/static-pass/link/ids.h"
#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

class Program {
 public:
  Program();

  void add(Unit unit);
  // After the last unit: puts what depends on all of them together.
  void finish();

  Symbol symbol(std::string_view text);
  const std::string& text(Symbol symbol) const { return *texts_[symbol.value]; }

  PathId path(Path path);
  const Path& path(PathId id) const { return *paths_[id.value]; }
  // The same path with further elements; one that grows too long loses its beginning: it is then known by its
  // last elements only.
  PathId extended(PathId id, const std::vector<Element>& elements, size_t from = 0);

  // The lock that people mean: of a field of a class that is nothing but a lock (`queue.mutex_.native_`), the
  // object of that class (`queue.mutex_`). Such a class is known by its name.
  PathId lock_of(PathId id);
  bool is_wrapped(PathId id) const;
  bool is_wrapped(const Field& field) const;

  // Whether the path ends at a field that is a pointer, wherever that leads.
  bool ends_in_pointer(const Path& path) const;

  // Whether the path names an object that is there itself: of a struct or lock, and no pointer to one.
  bool is_object(const Path& path) const;

  const std::vector<Function>& functions() const { return functions_; }
  const Function& function(FunctionId id) const { return functions_[id.value]; }
  FunctionId function_of(Symbol key) const;

  // All of them, in the order of their keys' first mention.
  std::vector<const Field*> fields() const;
  std::vector<const Variable*> globals() const;

  const Variable* global(Symbol key) const;
  const Field* field(Symbol key) const;
  const Class* class_of(Symbol name) const;
  const std::vector<Contract>* contracts_of(Symbol key) const;

  // The methods that override this one, directly or not; none are left out.
  const std::vector<FunctionId>& overriders(Symbol method) const;

  // Where a lambda is made.
  struct Home {
    FunctionId function;
    uint32_t lambda = 0;
  };
  const Home* home_of(Symbol lambda_key) const;

 private:
  Symbol remap(Symbol symbol, const std::vector<Symbol>& map) const { return map[symbol.value]; }

  std::map<std::string, uint32_t, std::less<>> symbols_;
  std::vector<const std::string*> texts_;
  struct PathHash {
    size_t operator()(const Path& path) const;
  };
  std::unordered_map<Path, uint32_t, PathHash> path_ids_;
  std::vector<const Path*> paths_;
  std::vector<Function> functions_;
  std::unordered_map<uint32_t, uint32_t> function_ids_;
  std::unordered_map<uint32_t, Variable> globals_;
  std::unordered_map<uint32_t, Field> fields_;
  std::unordered_map<uint32_t, Class> classes_;
  std::unordered_map<uint32_t, std::vector<Contract>> contracts_;
  std::set<std::pair<Symbol, Symbol>> overrides_;  // overridden, method
  std::unordered_map<uint32_t, std::vector<FunctionId>> overriders_;
  std::unordered_map<uint32_t, Home> homes_;
  std::set<Symbol> owners_;                         // of fields: structs and classes
  std::unordered_map<uint32_t, uint32_t> lock_of_;  // what has been asked before
};

}  // namespace gordian::check
