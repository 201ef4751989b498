// What library functions and classes do to locks and threads, by their qualified names: the library's own
// table, and what users add to it. docs/formats/models.md describes the text.
//
// Promises: a name that is described twice has the later description, so that a user can correct the table.
// Errors: ModelError, one line with file, line and reason; nothing is taken from a file that has one.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gordian::check {

struct ModelError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Effect {
  kAcquire,  // operands: the locks; several are taken without an order among them
  kTry,      // takes it or not, and says which
  kRelease,
  kWait,  // operands: condition, and the mutex or guard, which it releases and takes again
  kSignal,
  kBlock,   // may sleep for long; operands: none
  kThread,  // operands: what the new thread runs; all later arguments are passed to it
  kJoin,    // waits for the end of a thread; operands: the thread
  kDetach,
  kEndThread,   // ends the calling thread
  kCall,        // runs its operand before it returns
  kKeep,        // keeps its operand to run it some time, in whatever thread
  kInitialise,  // operands: a lock, and its attributes
  kSetType,     // operands: attributes of a lock, and the type that it is given
  kDestroy,
  kGuard,      // a class: constructors and the destructor take and release what they are given
  kMove,       // a class that is moved about: a pointer or holder of something
  kLockClass,  // a class whose objects are locks
  kNothing,    // said to do nothing of this
};

// Which operand: an argument from 0, or one of these.
constexpr int kThisOperand = -1;
constexpr int kAllOperands = -2;

enum class LockKind { kMutex, kRwlock, kSpinlock, kSemaphore };
std::string_view name_of(LockKind kind);

struct Model {
  Effect effect = Effect::kNothing;
  std::vector<int> operands;
  LockKind kind = LockKind::kMutex;
  bool shared = false;
  bool recursive = false;
  bool timed = false;
  bool success_is_zero = false;  // of kTry
  bool is_builtin = false;       // gives way to a definition in the program
  // Not when an argument has this value, or one of these bits.
  struct Unless {
    int argument = 0;
    int value = 0;
    bool is_bit = false;
  };
  std::optional<Unless> unless;
  std::optional<int> predicate;  // of kWait: the argument that tests again, where there is so many
};

class Models {
 public:
  // The library's own table.
  Models();

  // More of them; `name` is that of the file, for errors.
  void add(std::string_view text, const std::string& name);

  // Null when nothing is known.
  const Model* find(std::string_view qualified_name) const;

  // Of a class such as "std::recursive_mutex".
  bool is_lock_class(std::string_view type) const;
  bool is_recursive(std::string_view type) const;
  const Model* guard_class(std::string_view type) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Model, Hash, std::equal_to<>> models_;
};

}  // namespace gordian::check
