#include "tests/unit/static-pass/lowered.h"

namespace gordian::check {
namespace {

TEST(LowerCpp, AGuardIsMadeAndEnds) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    class Account { public: void add(int n) { std::lock_guard<std::mutex> guard(lock_); balance_ += n; }
      std::mutex lock_; int balance_ = 0; };
    void use(Account& a) { a.add(1); })");
  unit.says("Account::add",
            {"call std::lock_guard::lock_guard on guard:std::lock_guard (this.lock_:std::mutex)",
             "store this.balance_", "call std::lock_guard::~lock_guard on guard:std::lock_guard ()"});
  unit.says("use", {"call Account::add on a:Account (#1:int)"});
}

TEST(LowerCpp, AGuardWithoutANameIsSeenAsSuch) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    std::mutex m;
    void work();
    void lost() { std::lock_guard<std::mutex>{m}; std::unique_lock<std::mutex>{m}; }
    void beside() { std::lock_guard<std::mutex>{m}, work(); }
    void declares() { std::unique_lock<std::mutex> (m); }
    void used() { std::unique_lock<std::mutex> l = std::unique_lock<std::mutex>(m); })");
  unit.says("lost", {"std::lock_guard::lock_guard", "discarded", "std::lock_guard::~lock_guard",
                     "std::unique_lock::unique_lock", "discarded", "std::unique_lock::~unique_lock"});
  unit.says("beside", {"std::lock_guard::lock_guard", "call work ()", "std::lock_guard::~lock_guard"});
  unit.says_not("beside", "discarded");
  unit.says("declares", {"call std::unique_lock::unique_lock on m:std::unique_lock () parentheses"});
  unit.says("used", {"call std::unique_lock::unique_lock on l:std::unique_lock (::m:std::mutex)"});
  unit.says_not("used", "discarded");
}

TEST(LowerCpp, TagsAreToldByTheirType) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    std::mutex a, b;
    void f() { std::lock(a, b); std::lock_guard<std::mutex> g(a, std::adopt_lock);
      std::unique_lock<std::mutex> l(b, std::defer_lock); if (l.try_lock()) l.unlock(); std::scoped_lock both(a, b); })");
  unit.says("f",
            {"call std::lock (::a:std::mutex, ::b:std::mutex)", ":std::adopt_lock_t)", ":std::defer_lock_t)",
             "%", "= call std::unique_lock::try_lock on l", "!= #0", "call std::unique_lock::unlock on l",
             "call std::scoped_lock::scoped_lock on both:std::scoped_lock (::a:std::mutex, ::b:std::mutex)"});
}

TEST(LowerCpp, ALockThatIsReturnedIsTheCallersLocal) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    struct S { std::mutex m;
      std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(m); }
      std::unique_lock<std::mutex> named() { std::unique_lock<std::mutex> l(m); return l; }
      std::mutex& mutex() { return m; } };
    void f(S& s) { auto l = s.hold(); if (l) l.unlock(); std::lock_guard<std::mutex> g(s.mutex()); })");
  unit.says("S::hold", {"call std::unique_lock::unique_lock on l0:", "return (l0:std::unique_lock)"});
  unit.says_not("S::hold", "~unique_lock");
  unit.says("S::named", {"call std::unique_lock::unique_lock on l:", "return (l:std::unique_lock)"});
  unit.says_not("S::named", "~unique_lock");
  unit.says("S::mutex", {"return (this.m:std::mutex)"});
  unit.says("f", {"%1 = call S::hold on s:S ()", "l := %1:std::unique_lock",
                  "%2 = call std::unique_lock::operator bool on l", "if %2 != #0",
                  "call std::unique_lock::unlock on l", "= call S::mutex on s",
                  "call std::lock_guard::lock_guard on g:std::lock_guard (%"});
  EXPECT_TRUE((unit.function("S::mutex").flags & function_flags::kReturnsReference) != 0);
}

TEST(LowerCpp, MembersAreConstructedAndDestroyed) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    extern std::mutex m;
    struct Base { Base(); ~Base(); };
    struct Raii : Base { std::lock_guard<std::mutex> g; int* p; Raii(int* q) : g(m), p(q) {} };
    struct Outer { Raii r; Outer() : r(nullptr) {} };
    void f() { Outer o; })");
  unit.says("Raii::Raii",
            {"call Base::Base on this:Base ()", "field",
             "call std::lock_guard::lock_guard on this.g:std::lock_guard (::m:std::mutex) field",
             "this.p := q:int"});
  unit.says("Raii::~Raii",
            {"call std::lock_guard::~lock_guard on this.g", "call Base::~Base on this:Base ()"});
  unit.says("Outer::~Outer", {"call Raii::~Raii on this.r:Raii ()"});
  unit.says("f", {"call Outer::Outer on o:Outer ()", "call Outer::~Outer on o:Outer ()"});
}

TEST(LowerCpp, SmartPointersStandForWhatTheyHold) {
  const Lowered unit = lowered_cpp(R"(
    #include <memory>
    #include <mutex>
    struct Node { std::mutex m; std::shared_ptr<Node> next; std::unique_ptr<int> value; };
    void f(std::shared_ptr<Node> n, std::unique_ptr<Node> u, const std::weak_ptr<Node>& w) {
      n->m.lock(); (*n).next->m.lock(); u.get()->m.lock(); *n->value = 1; n = n->next; w.lock()->m.lock();
      Node* raw = std::move(u).get(); raw->m.lock(); })");
  unit.says("f",
            {"call std::mutex::lock on n.m:std::mutex ()", "call std::mutex::lock on n.next.m:std::mutex ()",
             "call std::mutex::lock on u.m:std::mutex ()", "store n.value[]", "n := n.next:Node",
             "call std::mutex::lock on w.m:", "raw := u:Node", "call std::mutex::lock on raw.m:"});
  unit.declares("field Node::next Node pointer\n");
}

TEST(LowerCpp, WhatIsMadeIsFresh) {
  const Lowered unit = lowered_cpp(R"(
    #include <memory>
    struct Thing { explicit Thing(int); ~Thing(); };
    void f() { auto s = std::make_shared<Thing>(1); Thing* t = new Thing(2); delete t; std::unique_ptr<Thing> u(new Thing(3)); })");
  unit.says(
      "f",
      {"%1 = call std::make_shared on new%1:Thing (#1:int)", "call Thing::Thing on new%1:Thing (#1:int)",
       "s := new%1:Thing", "call operator new on new%3:Thing", "call Thing::Thing on new%3:Thing (#2:int)",
       "t := new%3:Thing", "call Thing::~Thing on t:Thing ()", "call Thing::~Thing on u:Thing ()"});
}

TEST(LowerCpp, ElementsOfContainersAreIndexed) {
  const Lowered unit = lowered_cpp(R"(
    #include <map>
    #include <mutex>
    #include <string>
    #include <vector>
    struct Row { std::mutex m; };
    void f(std::vector<Row>& rows, std::map<int, Row>& by, int i, Row (&array)[3]) {
      rows[i].m.lock(); rows.at(2).m.lock(); rows.back().m.lock();
      for (Row& each : rows) each.m.lock();
      for (auto& [key, row] : by) row.m.lock();
      for (auto it = by.begin(); it != by.end(); ++it) it->second.m.lock();
      for (Row& one : array) one.m.lock();
    })");
  unit.says("f",
            {"std::mutex::lock on rows[i].m", "std::mutex::lock on rows[2].m", "std::mutex::lock on rows[].m",
             "__range1 := rows", "__begin1 := __range1", "each := __begin1[]", "std::mutex::lock on each.m",
             "[]:std::pair", "row := ", ".second", "std::mutex::lock on it[].second.m", "one := __begin1[]"});
}

TEST(LowerCpp, SystemObjectsAreReadAndWritten) {
  const Lowered unit = lowered_cpp(R"(
    #include <map>
    #include <string>
    #include <vector>
    struct S { std::vector<int> v; std::map<int, int> m; std::string s; const std::string name; };
    int f(S* s, std::string& out) { s->v.push_back(1); s->v[0] = 2; s->m[3] = 4; out = s->s; std::string local; local += "x";
      return s->v.size() + s->m.count(1) + s->v[1] + s->name.size(); })");
  unit.says("f", {"store s.v by std::vector::push_back system", "load s.v by std::vector::operator[] system",
                  "store s.v[0]", "store s.m by std::map::operator[] system", "store s.m[3]",
                  "store out by std::basic_string::operator= system"});
  unit.says("f", {"load s.v by std::vector::size system"});
  unit.says("f", {"load s.m by std::map::count system"});
  unit.says_not("f", "local by");
  unit.says_not("f", "s.name");
  unit.says_not("f", "call std::");
}

TEST(LowerCpp, LambdasAreFunctionsWithCaptures) {
  const Lowered unit = lowered_cpp(R"(
    #include <thread>
    struct S { int n = 0; void run() { int local = 0; int copy = 1;
      std::thread t([this, &local, copy, twice = copy * 2] { n += copy + twice; ++local; }); t.join(); } };
    void use() { S s; s.run(); })");
  unit.says("S::run",
            {"lambda 0", "[&this, &local, =copy, =?]", "call std::thread::thread on t:std::thread (lambda0:",
             "call std::thread::join on t:std::thread ()", "std::thread::~thread"});
  unit.says("S::run()::{lambda()#1}::operator()() const", {"store capture0.n", "store capture1"});
  unit.says_not("S::run()::{lambda()#1}::operator()() const", "capture2");
}

TEST(LowerCpp, LambdasAreNumberedByTheirOrder) {
  const Lowered unit = lowered_cpp(R"(
    static void f() { auto a = [] {}; auto b = [](int) {}; auto c = [] { auto inner = [] {}; inner(); }; a(); b(1); c(); }
    void g() { f(); })");
  unit.says("f()::{lambda()#1}::operator()() const", {"lambda"});
  unit.says("f()::{lambda(int)#2}::operator()(int) const", {"lambda"});
  unit.says("f()::{lambda()#3}::operator()() const",
            {"call f::{lambda}::operator()::{lambda}::operator() on inner"});
  unit.says("f()", {"a := lambda0", "b := lambda1", "c := lambda2", "on a:f::{lambda} ()",
                    "on b:f::{lambda} (#1:int)"});
}

TEST(LowerCpp, CallablesAreFollowedAsValues) {
  const Lowered unit = lowered_cpp(R"(
    #include <functional>
    void named(int);
    struct S { std::function<void(int)> callback; void set(std::function<void(int)> f) { callback = f; } void fire() { callback(3); }
      void member(); };
    void f(S& s, void (*pointer)(int), void (S::*method)()) { s.set(named); s.set([](int) {}); pointer(1); (*pointer)(2); (s.*method)();
      std::function<void()> bound = std::bind(&S::member, &s); })");
  unit.says("S::set", {"this.callback := f:std::function"});
  unit.says("S::fire", {"call this.callback (#3:int)"});
  unit.says("f", {"call S::set on s:S (&named", "call S::set on s:S (lambda0:", "call pointer (#1:int)",
                  "call pointer (#2:int)", "call method on s:S ()", "call std::bind (&S::member"});
}

TEST(LowerCpp, ConditionVariablesTellTheirLockAndPredicate) {
  const Lowered unit = lowered_cpp(R"(
    #include <condition_variable>
    struct Q { std::mutex m; std::condition_variable cv; bool ready = false;
      void wait() { std::unique_lock<std::mutex> l(m); while (!ready) cv.wait(l); cv.wait(l, [this] { return ready; }); }
      void set() { { std::lock_guard<std::mutex> g(m); ready = true; } cv.notify_one(); } };
    void use(Q& q) { q.wait(); q.set(); })");
  unit.says("Q::wait",
            {"load this.ready", "if this.ready == #0", "if this.ready != #0",
             "call std::condition_variable::wait on this.cv:std::condition_variable (l:std::unique_lock)"});
  unit.says(
      "Q::wait",
      {"std::condition_variable::wait on this.cv:std::condition_variable (l:std::unique_lock, lambda0:"});
  unit.says("Q::set", {"store this.ready", "std::lock_guard::~lock_guard",
                       "std::condition_variable::notify_one on this.cv"});
}

TEST(LowerCpp, AtomicsAreNoCalls) {
  const Lowered unit = lowered_cpp(R"(
    #include <atomic>
    std::atomic<int> n; std::atomic_flag flag;
    int f() { n = 1; n++; n.store(2); n.fetch_add(1); if (n.load()) return n; flag.test_and_set(); return 0; })");
  unit.says("f", {"store ::n by std::atomic::operator= atomic", "store ::n by std::atomic::operator++ atomic",
                  "store ::n by std::atomic::store atomic", "store ::n by std::atomic::fetch_add atomic",
                  "load ::n by std::atomic::load atomic", "load ::n by std::atomic::operator int atomic",
                  "store ::flag by std::atomic_flag::test_and_set atomic"});
  unit.says_not("f", "call std::");
  unit.declares("global n std::atomic atomic\n");
}

TEST(LowerCpp, VirtualCallsAndOverridesAreTold) {
  const Lowered unit = lowered_cpp(R"(
    struct Base { virtual void run() = 0; virtual ~Base() {} void direct() {} };
    struct Derived final : Base { void run() override {} };
    void f(Base* b, Derived* d) { b->run(); d->run(); b->Base::direct(); delete b; })");
  unit.says("f", {"call Base::run on b:Base () virtual", "call Derived::run on d:Derived ()\n",
                  "call Base::direct on b:Base ()\n", "call Base::~Base on b:Base () virtual implicit"});
  unit.declares("override c:@S@Derived@F@run# of c:@S@Base@F@run#\n");
  unit.declares("class Derived : Base\n");
}

TEST(LowerCpp, TemplatesAreLoweredAsInstances) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    template <class T> struct Box { std::mutex m; T value; template <class F> void with(F f) { std::lock_guard<std::mutex> g(m); f(value); } void never() {} };
    template <class T> void twice(T& t) { t.lock(); t.lock(); }
    void f(Box<int>& b, std::mutex& m) { b.with([](int& v) { v = 1; }); twice(m); auto generic = [](auto& x) { x.unlock(); }; generic(m); })");
  unit.says("Box::with",
            {"std::lock_guard::lock_guard on g:std::lock_guard (this.m:std::mutex)", "(this.value:int)"});
  unit.says("void twice<std::mutex>(std::mutex&)",
            {"std::mutex::lock on t:std::mutex ()", "std::mutex::lock on t"});
  unit.says("f", {"call Box::with on b:Box (lambda0:", "call twice (m:std::mutex)"});
  unit.declares("field Box::m std::mutex\n");
  for (const Function& function : unit.unit().functions)
    EXPECT_EQ(unit.text(function.plain).find("never"), std::string::npos);
  bool has_generic = false;
  for (const Function& function : unit.unit().functions)
    has_generic |= dump(unit.unit(), function).find("std::mutex::unlock on x") != std::string::npos;
  EXPECT_TRUE(has_generic);
}

TEST(LowerCpp, ATemplateHasAnInstanceForEachLambda) {
  const Lowered unit = lowered_cpp(R"(
    template <class F> void apply(F f) { f(1); }
    void run() { int n = 0; apply([&](int) { n = 1; }); apply([&](int) { n = 2; }); auto first = [] {}; auto second = [&] { apply([](int) {}); }; first(); second(); })");
  unit.says("void apply<run()::{lambda(int)#1}>(run()::{lambda(int)#1})", {"on f"});
  unit.says("void apply<run()::{lambda(int)#2}>(run()::{lambda(int)#2})", {"on f"});
  unit.says(
      "void apply<run()::{lambda()#4}::operator()() "
      "const::{lambda(int)#1}>(run()::{lambda()#4}::operator()() const::{lambda(int)#1})",
      {"on f"});
}

TEST(LowerCpp, AnOptionalGuardBeginsAndEndsWhereItIsTold) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    #include <optional>
    void f(std::mutex& m) { std::optional<std::unique_lock<std::mutex>> o; o.emplace(m); o.reset(); })");
  unit.says("f", {"call std::unique_lock::unique_lock on o:std::unique_lock (m:std::mutex)",
                  "call std::unique_lock::~unique_lock on o", "call std::unique_lock::~unique_lock on o"});
}

TEST(LowerCpp, LocksOfTheProjectThatAreTemplatesAreLowered) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    template <class T> struct Lock { std::mutex m; void lock() { m.lock(); } void unlock() { m.unlock(); } };
    void f(Lock<int>& l) { std::lock_guard<Lock<int>> g(l); })");
  unit.says("Lock::lock", {"call std::mutex::lock on this.m"});
  unit.says("Lock::unlock", {"call std::mutex::unlock on this.m"});
}

TEST(LowerCpp, AThrowDestroysWhatWasMade) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    std::mutex m;
    void f(int n) { std::lock_guard<std::mutex> a(m); try { std::lock_guard<std::mutex> b(m); if (n) throw 1; } catch (int) { n = 2; } if (n == 3) throw 2; })");
  unit.says("f", {"std::lock_guard::~lock_guard on a", "std::lock_guard::~lock_guard on a"});
}

TEST(LowerCpp, AStructThatIsCopiedIsReadAndWritten) {
  const Lowered unit = lowered_cpp(R"(
    struct P { int x, y; };
    struct Deep { Deep(const Deep&); Deep& operator=(const Deep&); int x; };
    struct Holds { Deep d; };
    P global;
    void f(P* p, Holds& a, Holds& b) { global = *p; P copy = global; a = b; Holds c = a; })");
  unit.says(
      "f", {"load p", "store ::global", "load ::global", "call Holds::operator= on a:Holds (b:Holds) default",
            "call Holds::Holds on c:Holds (a:Holds) default"});
}

TEST(LowerCpp, AggregatesAreAssignedMemberByMember) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    struct Options { std::mutex* lock; void (*hook)(); int n; struct { std::mutex* deep; } inner; };
    void hook(); std::mutex m; void use(const Options&);
    void f() { Options o{&m, hook, 3, {&m}}; use(o); use(Options{.lock = &m}); })",
                                   "-std=c++20");
  unit.says("f", {"o.lock := ::m:std::mutex", "o.hook := &hook", "o.n := #3",
                  "o.inner.deep := ::m:std::mutex", "call use (o:Options)", ".lock := ::m", "call use (l"});
}

TEST(LowerCpp, NamesAreThoseOfADebugger) {
  const Lowered unit = lowered_cpp(R"(
    namespace bank { inline namespace v1 { class Account { public: Account(int); ~Account(); void move(Account&, const char*) const; static int count(); }; } 
      Account::Account(int) {} Account::~Account() {} void Account::move(Account&, const char*) const { static int calls; ++calls; } int Account::count() { return 0; } }
    namespace { void hidden() {} } void (*keep)() = hidden; extern "C" void plain(int) {} int main() {})");
  EXPECT_EQ(unit.text(unit.function("bank::Account::move").name),
            "bank::v1::Account::move(bank::v1::Account&, char const*) const");
  EXPECT_EQ(unit.text(unit.function("bank::Account::Account").name), "bank::v1::Account::Account(int)");
  EXPECT_EQ(unit.text(unit.function("(anonymous namespace)::hidden").name),
            "(anonymous namespace)::hidden()");
  EXPECT_EQ(unit.text(unit.function("plain").name), "plain");
  EXPECT_EQ(unit.text(unit.function("main").name), "main");
  EXPECT_TRUE((unit.function("main").flags & function_flags::kMain) != 0);
  unit.declares("global bank::v1::Account::move(bank::v1::Account&, char const*) const::calls int\n");
}

TEST(LowerCpp, ThreadSafetyAttributesAreContracts) {
  const Lowered unit = lowered_cpp(R"(
    struct __attribute__((capability("mutex"))) Mutex { void lock() __attribute__((acquire_capability())); bool try_lock() __attribute__((try_acquire_capability(true)));
      void unlock() __attribute__((release_capability())); void lock_shared() __attribute__((acquire_shared_capability())); };
    struct __attribute__((scoped_lockable)) Guard { explicit Guard(Mutex& m) __attribute__((acquire_capability(m))); ~Guard() __attribute__((release_capability())); };
    struct S { Mutex mu; Mutex after __attribute__((acquired_after(mu))); int x __attribute__((guarded_by(mu))); int* p __attribute__((pt_guarded_by(mu)));
      void locked() __attribute__((requires_capability(mu))) { x = 1; } void outside() __attribute__((locks_excluded(mu)));
      Mutex& get() __attribute__((lock_returned(mu))); void unchecked() __attribute__((no_thread_safety_analysis)) { x = 2; } };
    void free_function(S& s) __attribute__((requires_capability(s.mu)));)");
  unit.declares("declare Mutex::lock\n  contract acquire this\n");
  unit.declares("declare Mutex::try_lock\n  contract try-acquire this when true\n");
  unit.declares("declare Mutex::lock_shared\n  contract acquire this shared\n");
  unit.declares("declare Guard::Guard\n  contract acquire p0\n");
  unit.declares("declare S::outside\n  contract excludes this.mu\n");
  unit.declares("declare S::get\n  contract returns-lock this.mu\n");
  unit.declares("declare free_function\n  contract requires p0.mu\n");
  unit.declares("field S::x int guarded-by this.mu\n");
  unit.declares("field S::p int pointer guarded-by this.mu\n");
  unit.declares("field S::after Mutex after this.mu\n");
  unit.declares("class Guard scoped\n");
  unit.says("S::locked", {"contract requires this.mu", "store this.x"});
  EXPECT_TRUE((unit.function("S::unchecked").flags & function_flags::kNotAnalysed) != 0);
}

TEST(LowerCpp, CoroutinesSuspend) {
  const Lowered unit = lowered_cpp(R"(
    #include <coroutine>
    #include <mutex>
    struct Task { struct promise_type { Task get_return_object(); std::suspend_never initial_suspend(); std::suspend_never final_suspend() noexcept; void return_void(); void unhandled_exception(); }; };
    std::mutex m; std::suspend_always later();
    Task f() { std::lock_guard<std::mutex> g(m); co_await later(); co_return; })",
                                   "-std=c++20");
  unit.says("f", {"coroutine", "std::lock_guard::lock_guard on g", "call later ()", "suspend (", "return",
                  "~lock_guard"});
}

TEST(LowerCpp, AsyncWorkAndOnceAreKept) {
  const Lowered unit = lowered_cpp(R"(
    #include <algorithm>
    #include <chrono>
    #include <fstream>
    #include <future>
    #include <mutex>
    #include <thread>
    #include <vector>
    std::once_flag once; int work(int);
    int f(std::vector<int>& v) { std::call_once(once, [] {}); auto r = std::async(std::launch::async, work, 1);
      std::this_thread::sleep_for(std::chrono::seconds(1)); std::for_each(v.begin(), v.end(), [](int) {});
      std::ofstream file("x"); file.close(); return r.get(); })");
  unit.says("f", {"call std::call_once (::once:std::once_flag, lambda0:", "= call std::async (", "&work",
                  "r := %", "call std::this_thread::sleep_for", "call std::for_each (v",
                  "lambda1:", "call std::basic_ofstream::basic_ofstream on file",
                  "call std::basic_ofstream::close on file", "call std::future::get on r:std::future ()"});
}

TEST(LowerCpp, AChoiceOfReferencesIsALocal) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    struct A { std::mutex m; int id; };
    void f(A& a, A& b) { A& first = a.id < b.id ? a : b; first.m.lock(); std::mutex* p = &a == &b ? nullptr : &b.m; if (p) p->lock(); })");
  unit.says("f", {"if a.id < b.id", "if a.id >= b.id", "first := l", "std::mutex::lock on first.m", "p := l",
                  "if p != #0"});
}

TEST(LowerCpp, OptionalsAndReferenceWrappersAreSeenThrough) {
  const Lowered unit = lowered_cpp(R"(
    #include <functional>
    #include <mutex>
    #include <optional>
    #include <thread>
    void run(std::mutex&);
    void f(std::optional<std::mutex>& o, std::mutex& m) { o->lock(); std::reference_wrapper<std::mutex> r = std::ref(m); r.get().lock();
      std::thread t(run, std::ref(m)); t.detach(); })");
  unit.says(
      "f", {"std::mutex::lock on o:std::mutex ()", "r := m:std::mutex", "std::mutex::lock on r:std::mutex ()",
            "std::thread::thread on t:std::thread (&run", "m:std::mutex)"});
}

TEST(LowerCpp, GlobalsAreConstructedByTheInitialisers) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    struct Registry { Registry(int); std::mutex m; };
    static Registry registry(1); Registry* current = &registry; const int limit = 3; static Registry& alias() { static Registry one(2); return one; }
    Registry* use() { return &alias(); })");
  unit.says("initialisers of snippet.cpp",
            {"call Registry::Registry on ::registry:Registry (#1:int)", "::current := ::registry",
             "call Registry::Registry on ::alias()::one:Registry (#2:int)"});
  unit.says("alias", {"return (::alias()::one:Registry)"});
  unit.says("use", {"return (%1:Registry)"});
}

TEST(LowerCpp, DefaultMemberInitialisersBelongToTheConstructor) {
  const Lowered unit = lowered_cpp(R"(
    #include <mutex>
    extern std::mutex shared;
    struct S { std::mutex* m = &shared; std::unique_lock<std::mutex> l{shared}; S() {} };
    void f() { S s; })");
  unit.says("S::S",
            {"this.m := ::shared:std::mutex",
             "call std::unique_lock::unique_lock on this.l:std::unique_lock (::shared:std::mutex)", "field"});
}

}  // namespace
}  // namespace gordian::check
