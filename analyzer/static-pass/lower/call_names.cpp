#include "analyzer/static-pass/lower/call_names.h"

#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {
namespace {

bool is_std_synchronisation(llvm::StringRef name) {
  return is_one_of(
      name, {"mutex", "timed_mutex", "recursive_mutex", "recursive_timed_mutex", "shared_mutex",
             "shared_timed_mutex", "lock_guard", "unique_lock", "shared_lock", "scoped_lock", "once_flag",
             "condition_variable", "condition_variable_any", "thread", "jthread", "future", "shared_future",
             "__basic_future", "promise", "packaged_task", "counting_semaphore", "latch", "barrier",
             "stop_token", "stop_source", "stop_callback",
             // They order two objects, and with them their locks.
             "less", "less_equal", "greater", "greater_equal"});
}

bool has_any(const std::string& name, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// Of C's library: what neither blocks, nor calls back, nor makes or ends anything.
bool is_plain_c(llvm::StringRef name) {
  if (name.starts_with("__builtin_")) return !name.contains("unreachable") && !name.contains("trap");
  if (name.consume_front("__")) name.consume_back("_chk");
  for (const llvm::StringRef prefix :
       {"mem", "str", "wmem", "wcs", "is", "to", "snprintf", "vsnprintf", "sprintf", "vsprintf", "sscanf",
        "ato", "hton", "ntoh", "bswap", "inet_"})
    if (name.starts_with(prefix)) return name != "strdup" && name != "strndup";
  return is_one_of(name, {"abs",       "labs",        "llabs",          "div",          "ffs",
                          "bcmp",      "bcopy",       "bzero",          "index",        "rindex",
                          "swab",      "assert_fail", "errno_location", "gettimeofday", "clock_gettime",
                          "time",      "clock",       "difftime",       "localtime_r",  "gmtime_r",
                          "gmtime",    "localtime",   "mktime",         "timegm",       "asctime_r",
                          "strftime",  "rand",        "random",         "srand",        "rand_r",
                          "getpid",    "gettid",      "getppid",        "getuid",       "geteuid",
                          "getgid",    "getegid",     "getenv",         "htonl",        "htons",
                          "sysconf",   "getpagesize", "sigemptyset",    "sigfillset",   "sigaddset",
                          "sigdelset", "sigismember", "va_start",       "va_end"});
}

// The functions of <math.h> take and give floating numbers only.
bool is_arithmetic(const clang::FunctionDecl* callee) {
  const auto floats = [](clang::QualType type) { return type->isRealFloatingType(); };
  if (callee->getNumParams() == 0 || !floats(callee->getParamDecl(0)->getType())) return false;
  return callee->getReturnType()->isArithmeticType();
}

}  // namespace

bool is_one_of(llvm::StringRef name, std::initializer_list<llvm::StringRef> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const clang::Expr* object_of(const clang::CallExpr* call) {
  if (const auto* member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call)) {
    const clang::Expr* object = member->getImplicitObjectArgument();
    return object == nullptr ? nullptr : object->IgnoreParenImpCasts();
  }
  const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(call->getDirectCallee());
  const bool is_operator =
      llvm::isa<clang::CXXOperatorCallExpr>(call) && method != nullptr && !method->isStatic();
  return is_operator ? call->getArg(0)->IgnoreParenImpCasts() : nullptr;
}

bool passes_on(const clang::FunctionDecl* callee) {
  const llvm::StringRef name = simple_name(callee);
  if (name.starts_with("__builtin_"))
    return is_one_of(name, {"__builtin_expect", "__builtin_expect_with_probability", "__builtin_addressof",
                            "__builtin_launder", "__builtin_assume_aligned"});
  return is_in_std(callee) && !llvm::isa<clang::CXXMethodDecl>(callee) &&
         is_one_of(name, {"move",
                          "forward",
                          "addressof",
                          "__addressof",
                          "ref",
                          "cref",
                          "as_const",
                          "launder",
                          "to_address",
                          "move_if_noexcept",
                          "static_pointer_cast",
                          "dynamic_pointer_cast",
                          "const_pointer_cast",
                          "reinterpret_pointer_cast",
                          "begin",
                          "end",
                          "cbegin",
                          "cend",
                          "next",
                          "prev",
                          "data",
                          "to_underlying",
                          "forward_like"}) &&
         !(name == "move" && callee->getNumParams() != 1);
}

bool allocates(const clang::FunctionDecl* callee) {
  const llvm::StringRef name = simple_name(callee);
  if (is_in_std(callee) && is_one_of(name, {"make_unique", "make_shared", "allocate_shared",
                                            "make_unique_for_overwrite", "make_shared_for_overwrite"}))
    return true;
  return is_one_of(name, {"malloc", "calloc", "realloc", "reallocarray", "aligned_alloc", "memalign",
                          "valloc", "strdup", "strndup"}) &&
         callee->getDeclContext()->getRedeclContext()->isTranslationUnit();
}

bool is_synchronisation(const clang::CXXRecordDecl* record) {
  const llvm::StringRef name = simple_name(record);
  if (is_in_std(record)) return is_std_synchronisation(name);
  return has_any(name.lower(), {"mutex", "lock", "guard", "cond", "event", "semaphore", "latch", "thread",
                                "barrier", "future", "promise", "once"});
}

bool does_file_io(const clang::CXXRecordDecl* record, llvm::StringRef method) {
  const llvm::StringRef name = simple_name(record);
  if (!is_in_std(record)) return false;
  if (is_one_of(name, {"basic_ifstream", "basic_ofstream", "basic_fstream", "basic_filebuf"}))
    return method.empty() || is_one_of(method, {"open", "close", "flush"});
  return name == "basic_ostream" && method == "flush";
}

bool keeps_function(const clang::FunctionDecl* callee) {
  const llvm::StringRef name = simple_name(callee);
  if (is_in_std(callee)) {
    const auto* space =
        llvm::dyn_cast<clang::NamespaceDecl>(callee->getDeclContext()->getEnclosingNamespaceContext());
    if (space != nullptr && (simple_name(space) == "this_thread" || simple_name(space) == "filesystem"))
      return true;
    for (const clang::DeclContext* outer = callee->getDeclContext(); outer != nullptr;
         outer = outer->getParent()) {
      const auto* named = llvm::dyn_cast<clang::NamespaceDecl>(outer);
      if (named != nullptr && simple_name(named) == "filesystem") return !name.empty();
    }
    return allocates(callee) || is_one_of(name, {"lock", "try_lock", "call_once", "async", "terminate",
                                                 "exit", "quick_exit", "abort", "notify_all_at_thread_exit",
                                                 "atomic_wait", "atomic_notify_one", "atomic_notify_all"});
  }
  if (allocates(callee)) return true;
  if (callee->isExternC() || callee->getDeclContext()->getRedeclContext()->isTranslationUnit())
    return !name.empty() && !is_plain_c(name) && !is_arithmetic(callee);
  return has_any(name.lower(), {"lock", "sleep", "wait", "thread", "once"});
}

bool only_looks(const clang::CXXMethodDecl* method) {
  if (method->isConst()) return true;
  const clang::OverloadedOperatorKind kind = method->getOverloadedOperator();
  if (kind == clang::OO_Subscript) {
    // A map's makes what is not there.
    const llvm::StringRef name = simple_name(method->getParent());
    return !name.contains("map");
  }
  if (kind == clang::OO_Star || kind == clang::OO_Arrow) return true;
  return is_one_of(simple_name(method),
                   {"begin", "end", "cbegin", "cend", "rbegin", "rend", "find", "at", "front", "back", "top",
                    "data", "lower_bound", "upper_bound", "equal_range", "get", "value", "c_str"});
}

}  // namespace gordian::check
