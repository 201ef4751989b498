// Follows the flight records of a run: tells each finding once, keeps report.json up to date, carries out
// --on-deadlock.
//
// Promises: a record that cannot be read never stops the run; it is tried again, and what stays unreadable is
// told as unseen. A suppressed finding is in the report and is neither told nor acted upon. Lock orders are
// judged when a process has ended; what is unlikely is in the report and is not told. A finding is the same
// as another one of the same process when rule and fingerprint are equal. A finding that a process told stays
// in the report even when the process executes another image. Only inferred and proven findings lead to an
// action. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analyzer/capture/flight_capture.h"
#include "analyzer/finding/finding.h"
#include "analyzer/report/text_options.h"

namespace gordian::cli {

class Filters;
class RunDirectory;

enum class OnDeadlock { kReport, kAbort, kKill, kStop };

struct FollowOptions {
  OnDeadlock on_deadlock = OnDeadlock::kReport;
  std::string report_file;  // rewritten with every new finding
  report::TextOptions text;
  finding::Program main_program;  // what was asked for: the report's program, whether or not it has a record
  Filters* filters = nullptr;     // marks what is suppressed or known; lives longer than the follower
  bool keep_clean_records =
      true;  // false: the record of a process that ended without a finding is removed once it was read
};

class Follower {
 public:
  Follower(const RunDirectory& directory, FollowOptions options);
  ~Follower();

  // Tells what is new. With `has_news` every record is asked, otherwise only those whose process lives.
  void look(bool has_news);

  // The last look, at everything, after the program has ended. No action is carried out any more.
  void look_for_the_last_time();

  // Merged over all processes seen so far.
  finding::Report report() const;

  // Paths of the records whose processes still run; after the last look.
  std::vector<std::string> still_running() const;

 private:
  struct Process {
    std::unique_ptr<capture::FlightCapture> capture;
    uint32_t told = 0;
    uint32_t viewed_told = 0;  // how much it had told when it was last read, alive
    bool is_gone = false;      // its process had ended when it was last asked
    bool is_running = false;
    bool is_viewed = false;
    std::string problem;  // why its record could not be read the last time
    finding::Report report;
    std::set<std::string> known;  // findings told to the user; unlikely ones are not
  };

  bool ask(const std::string& path, Process& process);
  void tell_and_act(const std::vector<finding::Finding>& fresh);
  bool can_remove(const std::string& path, const Process& process) const;
  void remove_clean(const std::vector<std::string>& paths);
  std::vector<finding::Finding> view(const std::string& path, Process& process);
  void tell_findings(const std::vector<finding::Finding>& findings);
  void write_report();
  void act_on(const finding::Finding& finding) const;

  const RunDirectory& directory_;
  FollowOptions options_;
  std::map<std::string, Process> processes_;  // by the record's path
  std::vector<finding::Report> finished_;     // of processes whose records were removed
  std::string write_problem_;
};

}  // namespace gordian::cli
