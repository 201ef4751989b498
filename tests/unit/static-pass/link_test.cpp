// What the link step makes of small programs: the events that the checks judge.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "analyzer/static-pass/link/analysis.h"
#include "analyzer/static-pass/link/concurrency.h"
#include "analyzer/static-pass/link/lock_order.h"
#include "tests/unit/static-pass/lowered.h"

namespace gordian::check {
namespace {

class Linked {
 public:
  explicit Linked(const std::string& text)
      : lowered_("a.c", "#include <pthread.h>\n" + text, {"clang", "-std=c17"}) {
    program_.add(lowered_.unit());
    program_.finish();
    values_.emplace(program_);
    shared_.emplace(program_, models_, *values_);
    analysis_.emplace(program_, models_, *shared_);
    analyse(*analysis_);
  }

  const Events& events() const { return analysis_->events; }
  const Analysis& analysis() const { return *analysis_; }

  // `FROM -> TO`, by stable names.
  std::vector<std::string> orders() const {
    std::vector<std::string> result;
    for (const Order& order : events().orders)
      result.push_back(analysis_->names.stable(order.from) + " -> " + analysis_->names.stable(order.to));
    std::sort(result.begin(), result.end());
    return result;
  }

  std::vector<OrderCycle> cycles() const {
    const Concurrency concurrency(*analysis_);
    return ProgramOrder(*analysis_, concurrency).cycles();
  }

 private:
  Lowered lowered_;
  Program program_;
  Models models_;
  std::optional<Values> values_;
  std::optional<Shared> shared_;
  std::optional<Analysis> analysis_;
};

const std::string kTwo = "pthread_mutex_t a, b;\n";

TEST(Link, AnOrderIsLearntThroughWrappers) {
  const Linked linked(kTwo +
                      "static void take(pthread_mutex_t* m) { pthread_mutex_lock(m); }\n"
                      "static void give(pthread_mutex_t* m) { pthread_mutex_unlock(m); }\n"
                      "void f(void) { take(&a); take(&b); give(&b); give(&a); }\n");
  EXPECT_EQ(linked.orders(), std::vector<std::string>{"a -> b"});
  EXPECT_TRUE(linked.events().missing_unlocks.empty());
}

TEST(Link, ATryTeachesNoOrderTowardsItsLock) {
  const Linked linked(kTwo +
                      "void f(void) {\n"
                      "  pthread_mutex_lock(&a);\n"
                      "  if (pthread_mutex_trylock(&b) == 0) pthread_mutex_unlock(&b);\n"
                      "  pthread_mutex_unlock(&a);\n"
                      "}\n");
  EXPECT_TRUE(linked.orders().empty());
  EXPECT_TRUE(linked.events().unlocks_not_held.empty());
}

TEST(Link, ConditionsThatBelongTogetherAreFollowedTogether) {
  const Linked linked(kTwo +
                      "void g(void);\n"
                      "void f(int shared) {\n"
                      "  if (shared) pthread_mutex_lock(&a);\n"
                      "  g();\n"
                      "  if (shared) pthread_mutex_unlock(&a);\n"
                      "}\n");
  EXPECT_TRUE(linked.events().missing_unlocks.empty());
  EXPECT_TRUE(linked.events().unlocks_not_held.empty());
}

TEST(Link, AWayOutWithTheLockIsToldWithTheLineOfTheReturn) {
  const Linked linked(kTwo +
                      "int f(int bad) {\n"
                      "  pthread_mutex_lock(&a);\n"
                      "  if (bad)\n"
                      "    return -1;\n"
                      "  pthread_mutex_unlock(&a);\n"
                      "  return 0;\n"
                      "}\n");
  ASSERT_EQ(linked.events().missing_unlocks.size(), 1u);
  EXPECT_EQ(linked.events().missing_unlocks[0].left_at.line, 6u);
}

TEST(Link, TheSecondLockOfACalledFunctionIsSeenByTheCaller) {
  const Linked linked(
      kTwo +
      "struct box { pthread_mutex_t lock; };\n"
      "static void inner(struct box* x) { pthread_mutex_lock(&x->lock); pthread_mutex_unlock(&x->lock); }\n"
      "void outer(struct box* y) { pthread_mutex_lock(&y->lock); inner(y); pthread_mutex_unlock(&y->lock); "
      "}\n"
      "void other(struct box* y, struct box* z) { pthread_mutex_lock(&y->lock); inner(z); "
      "pthread_mutex_unlock(&y->lock); }\n");
  ASSERT_EQ(linked.events().double_locks.size(), 1u);
  EXPECT_EQ(linked.analysis().program.text(
                linked.analysis().program.function(linked.events().double_locks[0].in).plain),
            "outer");
}

TEST(Link, ACallThroughATableReachesTheFunctionInIt) {
  const Linked linked(
      kTwo +
      "static void hit(void) { pthread_mutex_lock(&b); pthread_mutex_unlock(&b); }\n"
      "struct ops { void (*run)(void); };\n"
      "static struct ops ops = {hit};\n"
      "void f(struct ops* which) { pthread_mutex_lock(&a); which->run(); pthread_mutex_unlock(&a); }\n");
  EXPECT_EQ(linked.orders(), std::vector<std::string>{"a -> b"});
}

TEST(Link, TwoOrdersCloseACycleAndAGuardRulesItOut) {
  const std::string guarded =
      "pthread_mutex_t g;\n"
      "void f(void) { GUARD(lock) pthread_mutex_lock(&a); pthread_mutex_lock(&b); pthread_mutex_unlock(&b); "
      "pthread_mutex_unlock(&a); GUARD(unlock) }\n"
      "void h(void) { GUARD(lock) pthread_mutex_lock(&b); pthread_mutex_lock(&a); pthread_mutex_unlock(&a); "
      "pthread_mutex_unlock(&b); GUARD(unlock) }\n";
  const std::vector<OrderCycle> bare = Linked(kTwo + "#define GUARD(x)\n" + guarded).cycles();
  ASSERT_EQ(bare.size(), 1u);
  EXPECT_FALSE(bare[0].unlikely);
  const std::vector<OrderCycle> ruled_out =
      Linked(kTwo + "#define GUARD(x) pthread_mutex_##x(&g);\n" + guarded).cycles();
  ASSERT_EQ(ruled_out.size(), 1u);
  EXPECT_TRUE(ruled_out[0].unlikely);
}

TEST(Link, ThreadsThatAreJoinedBeforeTheNextStartDoNotMeet) {
  const std::string threads =
      "static void* f(void* x) { pthread_mutex_lock(&a); pthread_mutex_lock(&b); pthread_mutex_unlock(&b); "
      "pthread_mutex_unlock(&a); return x; }\n"
      "static void* h(void* x) { pthread_mutex_lock(&b); pthread_mutex_lock(&a); pthread_mutex_unlock(&a); "
      "pthread_mutex_unlock(&b); return x; }\n";
  const std::string apart =
      "int main(void) { pthread_t t, u; pthread_create(&t, 0, f, 0); pthread_join(t, 0); pthread_create(&u, "
      "0, h, 0); pthread_join(u, 0); }\n";
  const std::string together =
      "int main(void) { pthread_t t, u; pthread_create(&t, 0, f, 0); pthread_create(&u, 0, h, 0); "
      "pthread_join(t, 0); pthread_join(u, 0); }\n";
  EXPECT_TRUE(Linked(kTwo + threads + apart).cycles().at(0).unlikely);
  EXPECT_FALSE(Linked(kTwo + threads + together).cycles().at(0).unlikely);
}

TEST(Link, ARingOfThreeIsOneCycle) {
  const Linked linked(
      "pthread_mutex_t a, b, c;\n"
      "#define BOTH(x, y) pthread_mutex_lock(&x); pthread_mutex_lock(&y); pthread_mutex_unlock(&y); "
      "pthread_mutex_unlock(&x);\n"
      "void f(void) { BOTH(a, b) }\nvoid g(void) { BOTH(b, c) }\nvoid h(void) { BOTH(c, a) }\n");
  const std::vector<OrderCycle> cycles = linked.cycles();
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles[0].orders.size(), 3u);
}

TEST(Models, AWrongLineIsToldAndNothingIsTaken) {
  Models models;
  EXPECT_THROW(models.add("x_lock acquires 0\ny_lock aquires 0\n", "m"), ModelError);
  EXPECT_EQ(models.find("x_lock"), nullptr);
  models.add("x_lock acquires 0 # ours\n", "m");
  ASSERT_NE(models.find("x_lock"), nullptr);
  EXPECT_EQ(models.find("x_lock")->effect, Effect::kAcquire);
  for (const char* wrong :
       {"x", "x waits 0", "x acquires -1", "x acquires 100", "x blocks unless=1", "x tries 0 zro"})
    EXPECT_THROW(models.add(wrong, "m"), ModelError) << wrong;
}

}  // namespace
}  // namespace gordian::check
