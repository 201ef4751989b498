#include "analyzer/static-pass/summary/dump.h"

#include <string_view>
#include <utility>

namespace gordian::check {
namespace {

class Dumper {
 public:
  explicit Dumper(const Unit& unit) : unit_(unit) {}

  std::string take() { return std::move(out_); }

  void whole() {
    out_ += "unit " + text(unit_.file) + "\n";
    if (!unit_.error.empty()) out_ += "error " + unit_.error + "\n";
    for (const Class& one : unit_.classes) print(one);
    for (const Field& field : unit_.fields) print(field);
    for (const Variable& variable : unit_.globals) print("global", 0, variable);
    for (const Override& each : unit_.overrides)
      out_ += "override " + text(each.method) + " of " + text(each.overridden) + "\n";
    for (const Declaration& declaration : unit_.declarations) {
      out_ += "declare " + text(declaration.plain) + "\n";
      for (const Contract& contract : declaration.contracts) print(contract);
    }
    for (const Function& function : unit_.functions) print(function);
  }

  void print(const Function& function) {
    function_ = &function;
    out_ += "function " + text(function.name);
    if (function.owner) out_ += " of " + text(function.owner);
    print_flags(function.flags, kFunctionFlags);
    out_ += "\n";
    for (uint32_t i = 0; i < function.parameters.size(); ++i) print("  parameter", i, function.parameters[i]);
    for (uint32_t i = 0; i < function.locals.size(); ++i) print("  local", i, function.locals[i]);
    for (uint32_t i = 0; i < function.lambdas.size(); ++i) print(i, function.lambdas[i]);
    for (const Contract& contract : function.contracts) print(contract);
    for (uint32_t i = 0; i < function.blocks.size(); ++i) {
      const Block& block = function.blocks[i];
      if (block.ops.empty() && block.edges.empty() && !block.ends_program) continue;
      out_ += "  block " + std::to_string(i) + "\n";
      for (const Op& op : block.ops) print(op);
      for (const Edge& edge : block.edges) print(edge);
      if (block.ends_program) out_ += "    ends\n";
    }
    function_ = nullptr;
  }

  void print(const Path& path) {
    switch (path.root) {
      case Root::kUnknown:
        out_ += "?";
        break;
      case Root::kGlobal:
        out_ += "::" + name_of_global(path.name);
        break;
      case Root::kParameter:
        out_ += local_name("p", path.number, true);
        break;
      case Root::kThis:
        out_ += "this";
        break;
      case Root::kLocal:
        out_ += local_name("l", path.number, false);
        break;
      case Root::kCapture:
        out_ += "capture" + std::to_string(path.number);
        break;
      case Root::kResult:
        out_ += "%" + std::to_string(path.number);
        break;
      case Root::kFresh:
        out_ += "new%" + std::to_string(path.number);
        break;
      case Root::kFunction:
        out_ += "&" + name_of_function(path.name);
        break;
      case Root::kLambda:
        out_ += "lambda" + std::to_string(path.number);
        break;
      case Root::kConstant:
        out_ += "#" + std::to_string(static_cast<int32_t>(path.number));
        break;
    }
    for (const Element& element : path.elements) {
      if (element.kind == Element::Kind::kField) {
        const std::string& key = text(element.name);
        const size_t colon = key.rfind("::");
        out_ += "." + (colon == std::string::npos ? key : key.substr(colon + 2));
      } else {
        out_ += "[" + text(element.name) + "]";
      }
    }
  }

 private:
  using Flags = std::pair<uint16_t, std::string_view>;
  static constexpr Flags kFunctionFlags[] = {{function_flags::kConstructor, "constructor"},
                                             {function_flags::kDestructor, "destructor"},
                                             {function_flags::kVirtual, "virtual"},
                                             {function_flags::kLambda, "lambda"},
                                             {function_flags::kCoroutine, "coroutine"},
                                             {function_flags::kInternal, "internal"},
                                             {function_flags::kMain, "main"},
                                             {function_flags::kInitialisers, "initialisers"},
                                             {function_flags::kInHeader, "header"},
                                             {function_flags::kNotAnalysed, "not-analysed"},
                                             {function_flags::kReturnsReference, "returns-reference"}};
  static constexpr Flags kOpFlags[] = {{op_flags::kVirtual, "virtual"},
                                       {op_flags::kDiscardedTemporary, "discarded"},
                                       {op_flags::kDeclaredInParentheses, "parentheses"},
                                       {op_flags::kWrite, "write"},
                                       {op_flags::kAtomic, "atomic"},
                                       {op_flags::kOfSystemClass, "system"},
                                       {op_flags::kImplicit, "implicit"},
                                       {op_flags::kDefault, "default"},
                                       {op_flags::kAddress, "address"},
                                       {op_flags::kConstructsField, "field"},
                                       {op_flags::kThrow, "throw"}};

  const std::string& text(Symbol symbol) const { return unit_.strings[symbol.value]; }

  std::string local_name(std::string_view kind, uint32_t number, bool parameter) const {
    std::string name = std::string(kind) + std::to_string(number);
    if (function_ == nullptr) return name;
    const std::vector<Variable>& variables = parameter ? function_->parameters : function_->locals;
    if (number < variables.size() && variables[number].name) return text(variables[number].name);
    return name;
  }

  std::string name_of_global(Symbol key) const {
    for (const Variable& variable : unit_.globals)
      if (variable.key == key) return text(variable.name);
    return text(key);
  }

  std::string name_of_function(Symbol key) const {
    for (const Function& function : unit_.functions)
      if (function.key == key) return text(function.plain);
    for (const Declaration& declaration : unit_.declarations)
      if (declaration.key == key) return text(declaration.plain);
    return text(key);
  }

  template <size_t N>
  void print_flags(uint16_t flags, const Flags (&names)[N]) {
    for (const auto& [flag, name] : names)
      if ((flags & flag) != 0) out_ += " " + std::string(name);
  }

  void print(const Class& one) {
    out_ += "class " + text(one.name);
    for (const Symbol base : one.bases) out_ += " : " + text(base);
    if (one.is_in_system_header) out_ += " system";
    if (one.is_scoped_capability) out_ += " scoped";
    out_ += "\n";
  }

  void print(const Field& field) {
    out_ += "field " + text(field.key) + " " + text(field.type);
    if (field.is_pointer) out_ += " pointer";
    if (field.is_const) out_ += " const";
    if (field.is_atomic) out_ += " atomic";
    print_attributes(field.guarded_by, field.acquired_before, field.acquired_after);
    out_ += "\n";
  }

  void print(std::string_view what, uint32_t number, const Variable& variable) {
    out_ += what;
    if (what != "global") out_ += " " + std::to_string(number);
    out_ += " " + (variable.name ? text(variable.name) : "-") + " " + text(variable.type);
    if (variable.is_pointer) out_ += " pointer";
    if (variable.is_thread_local) out_ += " thread";
    if (variable.is_const) out_ += " const";
    if (variable.is_atomic) out_ += " atomic";
    if (variable.is_by_value) out_ += " value";
    if (variable.mutex_kind != 0) out_ += " kind " + std::to_string(variable.mutex_kind);
    print_attributes(variable.guarded_by, variable.acquired_before, variable.acquired_after);
    out_ += "\n";
  }

  void print_attributes(const Path& guarded_by, const std::vector<Path>& before,
                        const std::vector<Path>& after) {
    if (guarded_by.root != Root::kUnknown) {
      out_ += " guarded-by ";
      print(guarded_by);
    }
    for (const Path& path : before) {
      out_ += " before ";
      print(path);
    }
    for (const Path& path : after) {
      out_ += " after ";
      print(path);
    }
  }

  void print(uint32_t number, const Lambda& lambda) {
    out_ += "  lambda " + std::to_string(number) + " " + name_of_function(lambda.key) + " [";
    for (size_t i = 0; i < lambda.captures.size(); ++i) {
      out_ += i == 0 ? "" : ", ";
      out_ += lambda.captures[i].by_copy ? "=" : "&";
      print(lambda.captures[i].path);
    }
    out_ += "]\n";
  }

  void print(const Contract& contract) {
    static constexpr std::string_view kNames[] = {"acquire",  "release",     "try-acquire", "requires",
                                                  "excludes", "assert-held", "returns-lock"};
    out_ += "  contract " + std::string(kNames[static_cast<size_t>(contract.kind)]) + " ";
    print(contract.lock);
    if (contract.shared) out_ += " shared";
    if (contract.kind == Contract::Kind::kTryAcquire) out_ += contract.success ? " when true" : " when false";
    out_ += "\n";
  }

  void print(const Value& value) {
    print(value.path);
    if (value.type) out_ += ":" + text(value.type);
  }

  void print_arguments(const Op& op) {
    out_ += "(";
    for (size_t i = 0; i < op.arguments.size(); ++i) {
      out_ += i == 0 ? "" : ", ";
      print(op.arguments[i]);
    }
    out_ += ")";
  }

  void print(const Op& op) {
    out_ += "    " + std::to_string(op.place.line) + ": ";
    switch (op.kind) {
      case OpKind::kCall:
        out_ += "%" + std::to_string(op.result) + " = call ";
        if (op.name) {
          out_ += text(op.name);
        } else {
          print(op.target);
        }
        if (op.object.type || op.object.path.root != Root::kUnknown) {
          out_ += " on ";
          print(op.object);
        }
        out_ += " ";
        print_arguments(op);
        break;
      case OpKind::kAssign:
        print(op.target);
        out_ += " := ";
        if (op.arguments.empty()) {
          out_ += "nothing";
        } else {
          print_value(op);
        }
        break;
      case OpKind::kAccess:
        out_ += (op.flags & op_flags::kWrite) != 0 ? "store " : "load ";
        print(op.target);
        if (op.name) out_ += " by " + text(op.name);
        break;
      case OpKind::kReturn:
      case OpKind::kSuspend:
        out_ += op.kind == OpKind::kReturn ? "return " : "suspend ";
        if (op.test == Test::Kind::kAlways) {
          print_arguments(op);
        } else {
          print_value(op);
        }
        break;
    }
    print_flags(op.kind == OpKind::kAccess ? op.flags & ~op_flags::kWrite : op.flags, kOpFlags);
    out_ += "\n";
  }

  static constexpr std::string_view kOperators[] = {"", " == ", " != ", " < ", " <= ", " > ", " >= ", " ?"};

  void print_value(const Op& op) {
    if (op.test == Test::Kind::kAlways || op.arguments.size() < 3) return print(op.arguments[0]);
    print(op.arguments[1].path);
    out_ += kOperators[static_cast<size_t>(op.test)];
    print(op.arguments[2].path);
  }

  void print(const Edge& edge) {
    out_ += "    -> " + std::to_string(edge.to);
    if (edge.test.kind == Test::Kind::kOther) {
      out_ += " if ?";
    } else if (edge.test.kind != Test::Kind::kAlways) {
      out_ += " if ";
      print(edge.test.left);
      out_ += kOperators[static_cast<size_t>(edge.test.kind)];
      print(edge.test.right);
    }
    out_ += "\n";
  }

  const Unit& unit_;
  const Function* function_ = nullptr;
  std::string out_;
};

}  // namespace

std::string dump(const Unit& unit) {
  Dumper dumper(unit);
  dumper.whole();
  return dumper.take();
}

std::string dump(const Unit& unit, const Function& function) {
  Dumper dumper(unit);
  dumper.print(function);
  return dumper.take();
}

std::string dump(const Unit& unit, const Path& path) {
  Dumper dumper(unit);
  dumper.print(path);
  return dumper.take();
}

}  // namespace gordian::check
