// One process of gordian-read-unit, which reads one unit after another.
//
// Promises: it is started at its first unit, and again after it died; it ends with this object. It has no
// more memory than `ReaderBounds` says.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "analyzer/static-pass/driver/database.h"
#include "analyzer/static-pass/driver/units.h"

namespace gordian::check {

// Beside this program in a build tree, under ../lib in an installed one; empty when it is nowhere.
std::string find_reader();

class Reader {
 public:
  Reader(std::string program, const ReaderBounds& bounds) : program_(std::move(program)), bounds_(bounds) {}
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The archived unit; or nothing, and then `error` says why in words for people.
  std::optional<std::string> read(const CompileCommand& command, std::string& error);

 private:
  bool start();
  bool wait_for_answer() const;
  std::string end(bool kill_it);

  std::string program_;
  ReaderBounds bounds_;
  pid_t process_ = -1;
  int channel_ = -1;
};

}  // namespace gordian::check
