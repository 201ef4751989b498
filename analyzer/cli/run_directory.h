// The private directory of one run: the control file, and the flight records that the watched processes put
// there.
//
// Promises: mode 0700, in memory (/dev/shm) where that can be had, otherwise in $TMPDIR or /tmp. The control
// file's page is reserved, so that stores to it cannot fail. Removed by the destructor unless `keep` was
// called. Throws Refusal.
#pragma once

#include <string>
#include <vector>

#include "analyzer/record/control.h"

namespace gordian::cli {

// /dev/shm, then $TMPDIR, then /tmp.
std::vector<std::string> run_directory_parents();

class RunDirectory {
 public:
  // In the first of `parents` in which a directory can be made. A parent that is full is an error and is not
  // passed over: the records would be slow or short elsewhere, and somebody should know.
  explicit RunDirectory(const std::vector<std::string>& parents);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const std::string& path() const { return path_; }
  record::Control& control() { return *control_; }

  // Paths of the flight records that are there by now, sorted.
  std::vector<std::string> records() const;

  void keep() { is_kept_ = true; }

 private:
  void create_control();

  std::string path_;
  record::Control* control_ = nullptr;
  bool is_kept_ = false;
};

// The pid in a record's file name; 0 when there is none.
uint32_t pid_of_record(const std::string& path);

// Makes the directory if it is missing and checks that files can be written there. Throws Refusal.
void prepare_report_directory(const std::string& path);

// Copies a file with its holes. Throws Refusal; the target is then not there.
void copy_sparsely(const std::string& source, const std::string& target);

}  // namespace gordian::cli
