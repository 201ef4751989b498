#include "analyzer/capture/unseen.h"

namespace gordian::capture {
namespace {

struct Words {
  const char* what;
  const char* why;
  const char* consequence;
};

Words words_for(record::Unseen what) {
  using record::Unseen;
  switch (what) {
    case Unseen::kThreads:
      return {"threads without a record", "more threads ran at once than the record has room for",
              "what they hold and wait for is not known; a deadlock through one of them is not found"};
    case Unseen::kHolds:
      return {"holds beyond a thread's room", "a thread held more locks at once than its record has room for",
              "a deadlock through one of those locks is not found"};
    case Unseen::kResources:
      return {"locks without a record", "more locks were seen than the record has room for",
              "they are named by address, and who signals them is not known"};
    case Unseen::kModules:
      return {"mapped files", "more libraries were loaded than the record has room for",
              "addresses in them have no function names once the process is gone"};
    case Unseen::kFindings:
      return {"findings", "more were told than the record has room for",
              "the first ones are kept; fix those and run again"};
    case Unseen::kRecordGrowth:
      return {"refusals to let the record grow", "the file system that holds the flight record is full",
              "threads and locks that came later are missing; make room in /dev/shm or give --report-dir on "
              "another file system"};
    case Unseen::kRawFutex:
      return {"waits on raw futex words", "locks built on the futex system call do not tell who holds them",
              "a deadlock through one of them can be seen as a stall, but its holder cannot be named"};
    case Unseen::kForeignThreads:
      return {"threads of unknown origin",
              "they were started before Gordian was loaded, or not through the thread library",
              "what they took before they were first seen is not known, and they may wake others: no stall "
              "is proven"};
    case Unseen::kJudgePasses:
      return {"passes of the judge that were given up",
              "the threads moved, or there were too many, while it looked",
              "a deadlock may have been told later than it could have been"};
    case Unseen::kUnmatchedRelease:
      return {"releases of something not seen taken",
              "it was taken before Gordian was loaded, or by a way that is not hooked",
              "while such a lock was held, its holder was not known"};
    case Unseen::kOrders:
      return {"lock orders without room", "more ways to take locks were seen than the record has room for",
              "an inversion through one of them is not found"};
    case Unseen::kOrderWitnesses:
      return {"threads that are not listed with their lock orders",
              "more threads took locks the same way than the record lists",
              "they are taken for threads like any other: who created or joined them rules nothing out"};
    case Unseen::kThreadOrder:
      return {
          "creations and joins of threads without room",
          "more threads were created or joined than the record has room for",
          "some are not named after their end, and an inversion that their order rules out may be told as "
          "possible"};
    case Unseen::kEvidence:
      return {"first sightings without a stack", "the stack could not be walked, or there was no room for it",
              "of some lock orders only the call itself is shown"};
    case Unseen::kRaces:
      return {"data races without room", "more pairs of accesses race than the record lists",
              "mend those that are told, and run again"};
    case Unseen::kCount:
      break;
  }
  return {"events of a kind that this version does not know", "a newer runtime counted them",
          "use the gordian that recorded it"};
}

}  // namespace

std::vector<finding::Unseen> unseen_of(const record::Record& record) {
  std::vector<finding::Unseen> all;
  for (uint32_t i = 0; i < static_cast<uint32_t>(record::Unseen::kCount); ++i) {
    const uint64_t count = record.header.unseen[i];
    if (count == 0) continue;
    const Words words = words_for(static_cast<record::Unseen>(i));
    all.push_back({words.what, count, words.why, words.consequence});
  }
  return all;
}

}  // namespace gordian::capture
