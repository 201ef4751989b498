// Who is who in a report: each thread and each lock once, numbered, with what ties them together.
//
// Promises: values that point into the report, which has to outlive them. Threads are those that `gordian
// inspect` saw, then those of the findings; the same one (process, tid, name) is there once, whichever and
// however many findings it is in. A holder of which only a text is known is a thread with that text for a
// name. What findings say is merged into what was seen: a wait or a hold is there once, and knows its
// findings. Suppressed and unlikely findings light nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::report {

class Inventory {
 public:
  struct Wait {
    const finding::Step* step = nullptr;
    finding::RuleId rule = finding::RuleId::kDeadlock;
    size_t lock = 0;
    std::optional<size_t> holder;  // a thread
    std::vector<size_t> findings;
    bool is_lit = false;  // part of a cycle
  };
  struct Hold {
    const finding::Acquisition* acquisition = nullptr;
    size_t lock = 0;
    bool is_lit = false;
  };
  struct Thread {
    finding::ThreadName name;
    std::string state;              // empty where nobody looked
    finding::Stack at;              // where it is, when it waits for nothing that is known
    bool is_known_by_text = false;  // the name is all there is
    std::vector<Wait> waits;
    std::vector<Hold> holds;
    std::vector<size_t> findings;
    bool is_lit = false;
  };
  struct Lock {
    finding::ResourceName name;
    std::optional<size_t> thread;  // of a join: the thread whose end is waited for
    std::vector<size_t> waiters;
    std::vector<size_t> holders;
    std::vector<size_t> findings;
    bool is_lit = false;
  };

  explicit Inventory(const finding::Report& report);

  const std::vector<Thread>& threads() const { return threads_; }
  const std::vector<Lock>& locks() const { return locks_; }

  // By the steps and holds of a finding.
  size_t thread_of(const finding::Step& step) const;
  size_t lock_of(const finding::Step& step) const;
  size_t lock_of(const finding::Step& step, const finding::ResourceName& resource) const;

 private:
  using ThreadKey = std::tuple<uint32_t, uint32_t, std::string>;
  using LockKey = std::tuple<uint32_t, uint64_t, std::string, std::string>;

  static ThreadKey key_of(const finding::ThreadName& name);
  static LockKey key_of(uint32_t process, const finding::ResourceName& resource, const std::string& held_by);

  uint32_t process_of(const finding::ThreadName& thread) const;
  size_t add_thread(const finding::ThreadName& name);
  size_t add_lock(const LockKey& key, const finding::ResourceName& resource);
  Wait& add_wait(size_t thread, uint32_t process, const finding::Step& step);
  void add_holds(size_t thread, uint32_t process, const std::vector<finding::Acquisition>& holds,
                 std::optional<size_t> finding);
  // A thread for the text, a new one where none is called so.
  std::optional<size_t> holder_by_text(const finding::Step& step, uint32_t process);
  void add_view(const finding::ThreadView& view);
  void add_finding(size_t number);
  void light(size_t thread, Wait& wait);
  void tie_locks_to_holders();

  const finding::Report& report_;
  std::vector<Thread> threads_;
  std::vector<Lock> locks_;
  std::map<ThreadKey, size_t> thread_numbers_;
  std::map<LockKey, size_t> lock_numbers_;
  std::map<std::pair<uint32_t, std::string>, size_t> thread_texts_;
};

// `thread-3`, `lock-2`: the places in the page.
std::string thread_id(size_t thread);
std::string lock_id(size_t lock);

// Whether a finding is drawn and lit in the picture.
bool is_lit(const finding::Finding& finding);

// `"alice" (tid 102)`, not yet escaped.
std::string title_of(const Inventory::Thread& thread);

}  // namespace gordian::report
