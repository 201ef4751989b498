#include "tests/unit/static-pass/lowered.h"

namespace gordian::check {
namespace {

TEST(LowerC, AMutexIsAPathOverParametersAndGlobals) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    struct account { pthread_mutex_t lock; long balance; };
    static struct account accounts[4];
    pthread_mutex_t registry;
    void use(struct account *a, int i) {
      pthread_mutex_lock(&registry);
      pthread_mutex_lock(&a->lock);
      pthread_mutex_lock(&accounts[2].lock);
      pthread_mutex_lock(&accounts[i].lock);
      pthread_mutex_lock(&(*a).lock);
    })");
  unit.says("use", {"pthread_mutex_lock (::registry:pthread_mutex_t)",
                    "pthread_mutex_lock (a.lock:pthread_mutex_t)", "(::accounts[2].lock:pthread_mutex_t)",
                    "(::accounts[i].lock:pthread_mutex_t)", "(a.lock:pthread_mutex_t)"});
  unit.declares("field account::lock pthread_mutex_t\n");
  unit.declares("global registry pthread_mutex_t\n");
}

TEST(LowerC, AnIndexThatChangesHasNoName) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    pthread_mutex_t locks[4];
    void all(int n) { for (int i = 0; i < n; ++i) pthread_mutex_lock(&locks[i]); }
    void address(int i, void f(int *)) { f(&i); pthread_mutex_lock(&locks[i]); })");
  unit.says("all", {"pthread_mutex_lock (::locks[]:"});
  unit.says("address", {"pthread_mutex_lock (::locks[]:"});
}

TEST(LowerC, ATrylockIsTestedByItsResult) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    pthread_mutex_t m;
    int plain(void) { if (!pthread_mutex_trylock(&m)) return 1; return 0; }
    int compared(void) { if (0 == pthread_mutex_trylock(&m)) return 1; return 0; }
    int assigned(void) { int r; if ((r = pthread_mutex_trylock(&m)) != 0) return r; return 0; }
    int expected(void) { if (__builtin_expect(!!pthread_mutex_trylock(&m), 0)) return 1; return 0; }
    int kept(void) { int r = pthread_mutex_trylock(&m); if (r) return 1; return 0; })");
  unit.says("plain", {"%1 = call pthread_mutex_trylock", "if %1 == #0", "if %1 != #0"});
  unit.says("compared", {"if %1 == #0", "if %1 != #0"});
  unit.says("assigned", {"r := %1:int", "if %1 != #0", "if %1 == #0"});
  unit.says("expected", {"if %1 != #0", "if %1 == #0"});
  unit.says("kept", {"r := %1:int", "if r != #0", "if r == #0"});
}

TEST(LowerC, ComparisonsKeepTheirOperator) {
  const Lowered unit = lowered_c(R"(
    enum mode { kRead = 3 };
    int f(int n, enum mode m, void *p) {
      if (4 < n) return 1;
      if (m == kRead) return 2;
      if (p != 0 && n >= 2) return 3;
      return 0;
    })");
  unit.says("f", {"if n > #4", "if n <= #4", "if m == #3", "if m != #3", "if p != #0", "if p == #0",
                  "if n >= #2", "if n < #2"});
}

TEST(LowerC, ASwitchTestsItsCases) {
  const Lowered unit = lowered_c(R"(
    int f(int n) { switch (n) { case 1: return 1; case 7: case 8: return 2; default: return 3; } })");
  unit.says("f", {"if n == #7", "if n == #8", "if n == #1", "if ?"});
}

TEST(LowerC, OnlyScalarsBehindPointersGetAnElement) {
  const Lowered unit = lowered_c(R"(
    struct s { int x; };
    void f(int *p, struct s *q, int **pp) { *p = 1; q->x = 2; (*q).x = 3; *pp = p; p[0] = 4; p[2] = 5; })");
  unit.says("f",
            {"store p[]", "store q.x", "store q.x", "store pp[]", "pp[] := p", "store p[]", "store p[2]"});
}

TEST(LowerC, LocalsThatNobodyElseSeesAreNotAccessed) {
  const Lowered unit = lowered_c(R"(
    void give(int *);
    int global;
    int f(int n) { int a = n, b[3]; b[1] = a; int c = 0; give(&c); c = 2; static int kept; kept = 1; return global + b[1]; })");
  unit.says_not("f", "load a");
  unit.says_not("f", "store b");
  unit.says("f", {"store c", "store ::f::kept", "load ::global"});
}

TEST(LowerC, ConstantsAreNotAccessed) {
  const Lowered unit = lowered_c(R"(
    static const int limit[2] = {1, 2}; const char *name = "x";
    int f(int i) { return limit[i] + name[0]; })");
  unit.says_not("f", "limit");
  unit.says("f", {"load ::name"});
}

TEST(LowerC, MemoryGivenToTheLibraryIsAccessed) {
  const Lowered unit = lowered_c(R"(
    #include <string.h>
    struct s { char name[8]; } one, *other;
    void f(void) { memset(one.name, 0, 8); memcpy(&one, other, sizeof one); })");
  unit.says("f", {"store ::one.name by memset address", "store ::one by memcpy address",
                  "load ::other by memcpy address"});
  unit.says_not("f", "call mem");
}

TEST(LowerC, AtomicsAreMarked) {
  const Lowered unit = lowered_c(R"(
    #include <stdatomic.h>
    _Atomic int a; int b;
    int f(int *p) { a = 1; __sync_fetch_and_add(&b, 1); __atomic_store_n(p, 2, 0); return __atomic_load_n(&b, 0) + a; })");
  unit.says("f", {"store ::a atomic", "store ::b atomic", "store p[] atomic", "load ::b atomic",
                  "load ::a atomic"});
  unit.declares("global a ");
}

TEST(LowerC, TablesOfFunctionsAreInitialisers) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    struct ops { void (*open)(int); void (*close)(int); pthread_mutex_t lock; };
    static void open_it(int x) {} static void close_it(int x) {}
    static struct ops table[2] = {{.close = close_it}, {.open = open_it, .lock = PTHREAD_MUTEX_INITIALIZER}};
    int numbers[3] = {1, 2, 3};
    struct ops *first = &table[0];
    void f(int i) { table[i].open(3); first->close(4); })");
  unit.says("initialisers of snippet.c",
            {"::table[0].close := &close_it", "::table[1].open := &open_it", "::first := ::table[0]"});
  unit.says_not("initialisers of snippet.c", "numbers");
  unit.says("f", {"call ::table[i].open (#3:int)", "call ::first.close (#4:int)"});
}

TEST(LowerC, TheKindOfAMutexIsRead) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER, again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
                    checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, spins = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;)");
  unit.declares("global plain pthread_mutex_t\n");
  unit.declares("global again pthread_mutex_t kind 1\n");
  unit.declares("global checked pthread_mutex_t kind 2\n");
  unit.declares("global spins pthread_mutex_t\n");
}

TEST(LowerC, AThreadStartsAFunctionWithAnArgument) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    struct job { int x; };
    static void *run(void *arg) { struct job *j = arg; j->x = 1; return 0; }
    void start(struct job *j) { pthread_t t; pthread_create(&t, 0, run, j); pthread_join(t, 0); })");
  unit.says("start", {"call pthread_create (t:", "&run", "j:", "call pthread_join (t:pthread_t"});
  unit.says("run", {"j := arg", "store j.x"});
}

TEST(LowerC, AChoiceOfTwoIsALocal) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    pthread_mutex_t a, b;
    void f(int c) { pthread_mutex_lock(c ? &a : &b); })");
  unit.says("f", {"l0 := ::b", "l0 := ::a", "call pthread_mutex_lock (l0:"});
}

TEST(LowerC, NothingFollowsACallThatNeverReturns) {
  const Lowered unit = lowered_c(R"(
    #include <stdlib.h>
    void f(int c) { if (c) exit(1); })");
  unit.says("f", {"call exit (#1:int)", "ends"});
}

TEST(LowerC, ACleanupIsACallAtTheEnd) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    static void unlock(pthread_mutex_t **m) { pthread_mutex_unlock(*m); }
    int f(pthread_mutex_t *m) { __attribute__((cleanup(unlock))) pthread_mutex_t *held = m; return 1; })");
  unit.says("f", {"held := m", "return", "call unlock (held:pthread_mutex_t) implicit"});
}

TEST(LowerC, UnnamedStructsAreCalledByWhatTheyAreFor) {
  const Lowered unit = lowered_c(R"(
    #include <pthread.h>
    typedef struct { pthread_mutex_t m; } named_t;
    static struct { pthread_mutex_t m; union { int a; int b; }; struct { int c; } inner; } single;
    void f(named_t *n) { pthread_mutex_lock(&n->m); pthread_mutex_lock(&single.m); single.a = 1; single.inner.c = 2; })");
  unit.declares("field named_t::m pthread_mutex_t\n");
  unit.declares("field single::m pthread_mutex_t\n");
  unit.declares("field single::a int\n");
  unit.declares("field single::inner::c int\n");
}

TEST(LowerC, APlaceInAMacroIsThatOfItsUse) {
  const Lowered unit = lowered_c(
      "#include <pthread.h>\n#define LOCK(m) \\\n  pthread_mutex_lock(m)\npthread_mutex_t m;\n"
      "void f(void) {\n  LOCK(&m);\n}\n");
  unit.says("f", {"    6: %1 = call pthread_mutex_lock"});
}

TEST(LowerC, WhatOtherCompilersOnlyWarnOfIsNoError) {
  const Lowered unit = lowered_c(R"(
    int *f(long n, void (*g)(int)) { undeclared(n); g = f; int *p = n; return "x"; } implicit() { return; })");
  unit.says("f", {"call undeclared (n:long)", "g := &f", "p := n"});
}

TEST(LowerC, FlagsThatClangDoesNotKnowAreLeftOut) {
  const Lowered unit{"snippet.c",
                     "int f(void) { return VALUE; }",
                     {"ccache", "/usr/bin/x86_64-linux-gnu-gcc-12", "-DVALUE=7", "-fno-such-thing",
                      "-fconserve-stack", "-mno-such-machine", "-Wduplicated-cond", "-Werror", "-MD", "-MF",
                      "x.d", "-o", "x.o", "-c", "-fplugin=none.so", "--param=ssp-buffer-size=4"}};
  unit.says("f", {"return (#7:int)"});
}

TEST(LowerC, FunctionsOfOneUnitHaveItsFileInTheirKey) {
  const Lowered unit = lowered_c("static void hidden(void) {} void shown(void) { hidden(); }");
  EXPECT_NE(unit.text(unit.function("hidden").key).find("/snippet.c#"), std::string::npos);
  EXPECT_EQ(unit.text(unit.function("shown").key).find("/snippet.c"), std::string::npos);
  EXPECT_TRUE((unit.function("hidden").flags & function_flags::kInternal) != 0);
}

}  // namespace
}  // namespace gordian::check
