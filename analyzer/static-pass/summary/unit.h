// What one translation unit says about locks, threads and shared data: its functions, reduced to calls,
// assignments, accesses and branches, with every operand as an access path. The front end (lower/) writes it
// from clang's syntax tree, the link step (link/) reads the units of the whole program.
//
// Promises: plain data; no clang, no I/O. Nothing in here knows what a lock is: that `pthread_mutex_lock` or
// `std::unique_lock` takes one is said by the models that the link step applies, so that a change of the
// models makes no summary stale.
//
// An access path conflates a pointer with what it points to, and a reference or smart pointer likewise: `&x`,
// `x`, `*x` and `x.get()` are one path, `x->f` and `x.f` are one path. Only a scalar behind a pointer gets an
// element of its own (`*p = 1` writes `p[*]`), so that writing the pointer and writing behind it differ.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace gordian::check {

// Index into `Unit::strings` (or, after linking, into those of the program). 0 is the empty string.
struct Symbol {
  uint32_t value = 0;
  auto operator<=>(const Symbol&) const = default;
  explicit operator bool() const { return value != 0; }
};

// Where an editor should open. Of a macro's expansion it is the place of the use.
struct Place {
  Symbol file;  // absolute path, without `.` and `..`
  uint32_t line = 0;
  uint32_t column = 0;
  auto operator<=>(const Place&) const = default;
};

enum class Root : uint8_t {
  kUnknown,    // an expression that is not followed
  kGlobal,     // `name`: key of a Variable in Unit::globals; function-local statics too
  kParameter,  // `number`: from 0, without `this`
  kThis,       // of a member function; inside a lambda it is a capture
  kLocal,      // `number`: index into Function::locals; temporaries of class type too
  kCapture,    // `number`: index into the captures of the lambda whose body this is
  kResult,     // `number`: Op::result of the call that made the value
  kFresh,     // `number`: Op::result of the allocation (`new`, malloc and its like, make_unique, make_shared)
  kFunction,  // `name`: key of the function that this is the address of
  kLambda,    // `number`: index into Function::lambdas
  kConstant,  // `number`: the value's low 32 bits; null, false, enumerators and literals
};

struct Element {
  enum class Kind : uint8_t {
    kField,  // `name`: key of a Field, "bank::Account::lock"
    kIndex,  // `name`: the index where it is a constant ("3") or a variable never written again after its
             // initialisation ("i"), empty otherwise; also `*p` of a scalar, and elements of containers
  };
  Kind kind = Kind::kField;
  Symbol name;
  auto operator<=>(const Element&) const = default;
};

struct Path {
  Root root = Root::kUnknown;
  uint32_t number = 0;
  Symbol name;
  std::vector<Element> elements;
  auto operator<=>(const Path&) const = default;
};

// Whether it is a function or lambda, known by its key.
inline bool is_function(const Path& path) {
  return (path.root == Root::kFunction || path.root == Root::kLambda) && path.elements.empty();
}

// An operand, with its type: qualified name without template arguments, pointers, references and qualifiers,
// inline namespaces left out ("std::mutex", "std::defer_lock_t", "bank::Account", "int").
struct Value {
  Path path;
  Symbol type;
};

enum class OpKind : uint8_t {
  kCall,    // of a function, constructor, destructor or overloaded operator, implicit ones included
  kAssign,  // `target` becomes arguments[0]: of pointers, references, scalars, functions, lambdas,
            // std::function, smart pointers and reference wrappers; never of other classes. Initialisations
            // too. The kind of a mutex that is part of something initialised statically, as a number
  kAccess,  // of memory that another thread could see: a global, a field, what is behind a pointer, a capture
  kReturn,  // arguments[0]: the value, if any; a throw too. Destructors of locals follow as calls of their
            // own
  kSuspend,  // co_await or co_yield; arguments[0]: what is awaited
};

namespace op_flags {
constexpr uint16_t kVirtual = 1;             // kCall: dispatched at run time
constexpr uint16_t kDiscardedTemporary = 2;  // kCall of a constructor: a temporary that dies with its
                                             // statement and is used for nothing else: `std::lock_guard(m);`
constexpr uint16_t kDeclaredInParentheses = 4;  // kCall of a constructor: `std::unique_lock<std::mutex> (m);`
                                                // that declares a variable m
constexpr uint16_t kWrite = 8;                  // kAccess; a read otherwise
constexpr uint16_t kAtomic = 16;  // kAccess: of std::atomic, _Atomic, or by an __atomic or __sync builtin
constexpr uint16_t kOfSystemClass =
    32;                             // kAccess: a member function called on an object of a system header's
                                    // class; `name` says which. Const ones read, the others write
constexpr uint16_t kImplicit = 64;  // kCall not written in the source: destructor, conversion
constexpr uint16_t kDefault = 128;  // kCall: copies and moves that the compiler generates
constexpr uint16_t kAddress = 256;  // kAccess: the address is passed to a call that is not followed
constexpr uint16_t kConstructsField = 512;  // kCall of a constructor of a base or member of `this`
constexpr uint16_t kThrow = 1024;           // kReturn: an exception leaves the function
}  // namespace op_flags

// When an edge of the control flow is taken. `left OPERATOR right`; of a bare truth test, right is the
// constant 0.
struct Test {
  enum class Kind : uint8_t {
    kAlways,
    kEqual,
    kNotEqual,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kOther
  };
  Kind kind = Kind::kAlways;  // kOther: a condition that is not followed; both edges carry it
  Path left;
  Path right;
};

struct Op {
  OpKind kind = OpKind::kCall;
  uint16_t flags = 0;
  Place place;
  uint32_t result = 0;  // kCall: numbers its value; from 1, unique in the function
  Symbol callee;        // kCall: key of the function; empty when it is called through `target`
  Symbol name;   // kCall: its qualified name, as in Value::type ("std::mutex::lock", "pthread_mutex_lock");
                 // constructors and destructors by their class ("std::lock_guard::lock_guard",
                 // "...::~lock_guard")
  Path target;   // kCall: the function, when it is a value; kAssign, kAccess: the location
  Value object;  // kCall of a member function, constructors and destructors included
  std::vector<Value> arguments;
  // kAssign, kReturn of a truth value: it is whether arguments[1] TEST arguments[2].
  Test::Kind test = Test::Kind::kAlways;
};

struct Edge {
  uint32_t to = 0;
  Test test;
};

struct Block {
  std::vector<Op> ops;
  std::vector<Edge> edges;
  bool ends_program = false;  // its last call never returns; no edges
};

struct Variable {
  Symbol key;   // globals: unique in the program; of internal linkage with the file in front. Locals: empty
  Symbol name;  // for people: "bank::registry_lock", "counter() const::cache"; a temporary of class type has
                // none
  Symbol type;  // as in Value
  Place place;
  bool is_pointer = false;  // pointers, references, smart pointers
  bool is_thread_local = false;
  bool is_const = false;
  bool is_atomic = false;
  bool is_by_value = false;  // parameters: a copy, not a reference or pointer
  uint32_t mutex_kind =
      0;            // of a pthread_mutex_t with a static initialiser: 0 normal, 1 recursive, 2 errorcheck
  Path guarded_by;  // GUARDED_BY, PT_GUARDED_BY; root kUnknown when there is none
  std::vector<Path> acquired_before;  // ACQUIRED_BEFORE; ACQUIRED_AFTER is in `acquired_after`
  std::vector<Path> acquired_after;
};

struct Field {
  Symbol key;    // "bank::Account::lock", as in Element
  Symbol owner;  // "bank::Account"
  Symbol type;
  Place place;
  bool is_pointer = false;
  bool is_const = false;
  bool is_atomic = false;
  Path guarded_by;  // over kThis, or a global
  std::vector<Path> acquired_before;
  std::vector<Path> acquired_after;
};

struct Class {
  Symbol name;
  std::vector<Symbol> bases;
  bool is_in_system_header = false;
  bool is_scoped_capability = false;  // clang's attribute
};

// A lambda expression where it is made: its body is a Function with `key`.
struct Lambda {
  Symbol key;
  struct Capture {
    Path path;  // in the enclosing function; kThis for a captured `this`
    bool by_copy = false;
  };
  std::vector<Capture> captures;
};

// What clang's thread-safety attributes say of a function. Paths are over its parameters, kThis and globals.
struct Contract {
  enum class Kind : uint8_t {
    kAcquire,
    kRelease,
    kTryAcquire,
    kRequires,
    kExcludes,
    kAssertHeld,
    kReturnsLock
  };
  Kind kind = Kind::kAcquire;
  bool shared = false;
  bool success = true;  // kTryAcquire: the result that means success
  Path lock;
};

namespace function_flags {
constexpr uint16_t kConstructor = 1;
constexpr uint16_t kDestructor = 2;
constexpr uint16_t kVirtual = 4;
constexpr uint16_t kLambda = 8;
constexpr uint16_t kCoroutine = 16;
constexpr uint16_t kInternal = 32;  // not visible outside of its unit
constexpr uint16_t kMain = 64;
constexpr uint16_t kInitialisers = 128;  // stands for the initialisers of the unit's globals
constexpr uint16_t kInHeader = 256;      // defined in a header of the project
constexpr uint16_t kNotAnalysed = 512;   // NO_THREAD_SAFETY_ANALYSIS
constexpr uint16_t kReturnsReference = 1024;
constexpr uint16_t kReturnsTruth = 2048;  // bool or a pointer: success is not 0
}  // namespace function_flags

struct Function {
  Symbol key;    // unique in the program: the USR; of internal linkage with the file in front
  Symbol name;   // for people, as a debugger shows it: "bank::transfer(Account&, Account&)"; C: "transfer"
  Symbol plain;  // as Op::name: "bank::transfer"
  Symbol owner;  // class of a member function
  Place place;
  Place end;  // its closing brace
  uint16_t flags = 0;
  std::vector<Variable> parameters;
  std::vector<Variable> locals;
  std::vector<Lambda> lambdas;
  std::vector<Contract> contracts;
  std::vector<Block> blocks;  // entered at blocks[0]; blocks.back() is the exit and has no ops
};

struct Override {
  Symbol method;  // keys
  Symbol overridden;
};

// A function that is not defined here, and that is declared with attributes or whose address is taken.
struct Declaration {
  Symbol key;
  Symbol plain;
  std::vector<Contract> contracts;
};

struct Unit {
  std::vector<std::string> strings{""};
  Symbol file;  // the main file
  std::vector<Function> functions;
  std::vector<Declaration> declarations;
  std::vector<Variable> globals;
  std::vector<Field> fields;
  std::vector<Class> classes;
  std::vector<Override> overrides;
  std::vector<std::string> includes;  // every file that was read, the main one too: the cache's dependencies
  std::string error;                  // the first error that kept it from being parsed; empty: it was
};

}  // namespace gordian::check
