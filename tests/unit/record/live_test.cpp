// A record whose threads move while it is read.
#include <sys/mman.h>

#include <atomic>
#include <thread>

#include "analyzer/record/reader.h"
#include "tests/unit/record_builder.h"

namespace gordian::record {
namespace {

using test::RecordBuilder;
using test::ScratchDirectory;
using test::ThreadBuilder;

TEST(LiveRecord, CopyThatIsNotTornIsOfOneMoment) {
  ScratchDirectory scratch;
  const std::string path = scratch.file("live.flight");
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "writer"));
  builder.write(path);

  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  void* page = ::mmap(nullptr, sizeof(ThreadRecord), PROT_READ | PROT_WRITE, MAP_SHARED, fd, kThreadOffset);
  ASSERT_NE(page, MAP_FAILED);
  auto* thread = static_cast<ThreadRecord*>(page);

  // Attempts and undoes: every attempt is of the address that is its number, so a mixture shows.
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    std::atomic_ref<uint64_t> progress(thread->progress);
    std::atomic_ref<uint64_t> word(thread->holds[0].word);
    for (uint64_t attempt = 1; !stop; ++attempt) {
      word.store(make_word(attempt & 0xffff'ffff, ResourceKind::kMutex, 1), std::memory_order_relaxed);
      progress.store(attempt << 16 | 1, std::memory_order_release);
      for (int i = 0; i < static_cast<int>(attempt % 3000); ++i) asm volatile("");
      progress.store(attempt << 16, std::memory_order_release);
    }
  });
  size_t standing = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Record record = read_record(path);
    ASSERT_EQ(record.threads.size(), 1u);
    const ThreadEntry& entry = record.threads[0];
    if (entry.torn || entry.entries.empty()) continue;
    ++standing;
    ASSERT_EQ(word_address(entry.entries[0].word), progress_attempts(entry.thread.progress) & 0xffff'ffff);
  }
  stop = true;
  writer.join();
  EXPECT_GT(standing, 0u);
  ::munmap(page, sizeof(ThreadRecord));
  ::close(fd);
}

}  // namespace
}  // namespace gordian::record
