// A snippet, lowered, and what its functions say.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "analyzer/static-pass/lower/lower.h"
#include "analyzer/static-pass/summary/dump.h"
#include "analyzer/static-pass/summary/unit.h"
#include "tests/unit/static-pass/directory.h"

namespace gordian::check {

inline Unit lower_file(const Directory& directory, const std::string& name, std::vector<std::string> words) {
  CompileCommand command{directory.path(), directory.path() + "/" + name, std::move(words)};
  command.arguments.push_back(name);
  return lower_unit(command);
}

class Lowered {
 public:
  Lowered(const std::string& name, const std::string& text, std::vector<std::string> words) {
    directory_.write(name, text);
    unit_ = lower_file(directory_, name, std::move(words));
    EXPECT_EQ(unit_.error, "");
  }

  const Unit& unit() const { return unit_; }
  const std::string& text(Symbol symbol) const { return unit_.strings[symbol.value]; }

  const Function& function(const std::string& plain) const {
    static const Function kNone;
    for (const Function& function : unit_.functions)
      if (text(function.plain) == plain || text(function.name) == plain) return function;
    ADD_FAILURE() << "no function " << plain << " in\n" << dump(unit_);
    return kNone;
  }

  // Checks that the function's dump has these pieces, in this order.
  void says(const std::string& plain, const std::vector<std::string>& pieces) const {
    const std::string whole = dump(unit_, function(plain));
    size_t from = 0;
    for (const std::string& piece : pieces) {
      const size_t at = whole.find(piece, from);
      ASSERT_NE(at, std::string::npos) << "\"" << piece << "\" is not, or not there, in\n" << whole;
      from = at + piece.size();
    }
  }

  void says_not(const std::string& plain, const std::string& piece) const {
    const std::string whole = dump(unit_, function(plain));
    EXPECT_EQ(whole.find(piece), std::string::npos) << piece << " is in\n" << whole;
  }

  // The same of all that is not in functions.
  void declares(const std::string& line) const {
    const std::string whole = dump(unit_);
    EXPECT_NE(whole.find("\n" + line), std::string::npos) << line << " is not in\n" << whole;
  }

 private:
  Directory directory_;
  Unit unit_;
};

inline Lowered lowered_c(const std::string& text) {
  return {"snippet.c", text, {"gcc", "-D_GNU_SOURCE", "-c"}};
}
inline Lowered lowered_cpp(const std::string& text, const std::string& standard = "-std=c++17") {
  return {"snippet.cpp", text, {"g++", standard, "-c"}};
}

}  // namespace gordian::check
