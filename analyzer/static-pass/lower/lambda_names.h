// The names of lambdas as gcc's programs have them: `f()::{lambda(int)#2}`, numbered by their order in the
// function. Clang numbers those of one signature, and those of functions that are not inline by their order
// in the unit, as `f()::$_4`.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace gordian::check {

class LambdaNames {
 public:
  // `call`: clang's name of the lambda's operator(). `function`: clang's name of the function that the lambda
  // is written in, empty when it is in none. `number`: from 1. Outer lambdas before those within them.
  void add(const std::string& call, const std::string& function, unsigned number);

  // The name with every lambda in it called as said above.
  std::string renamed(const std::string& name) const;

 private:
  std::map<std::string, std::string, std::less<>> renamed_;  // of the closures' classes
};

}  // namespace gordian::check
