#include <gtest/gtest.h>

#include "analyzer/static-pass/driver/file_states.h"
#include "analyzer/static-pass/driver/reader.h"
#include "analyzer/static-pass/driver/units.h"
#include "analyzer/static-pass/summary/archive.h"
#include "analyzer/static-pass/summary/dump.h"
#include "tests/unit/static-pass/directory.h"

namespace gordian::check {
namespace {

struct Parsed {
  std::vector<Unit> units;
  std::vector<FailedUnit> failed;
  size_t from_cache = 0;
};

// Three small units, one of them wrong, and a header.
class OwnProgram {
 public:
  OwnProgram() {
    header("int shared(void);");
    directory_.write("a.c", "#include \"common.h\"\nint a(void) { return shared(); }");
    directory_.write("b.c", "#include \"common.h\"\nint shared(void) { return VALUE; }");
    directory_.write("wrong.c", "int c(void) { return 1 }");
    directory_.write("compile_commands.json", R"([
      {"directory": ".", "file": "b.c", "command": "gcc -DVALUE=1 -c b.c"}, {"directory": ".", "file": "wrong.c", "command": "gcc -c wrong.c"},
      {"directory": ".", "file": "a.c", "command": "gcc -c a.c"}])");
  }

  void header(const std::string& text) const { directory_.write("common.h", text); }
  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }

  Parsed parse(unsigned jobs = 1, const std::vector<std::string>& files = {}) const {
    CheckOptions options;
    options.database = directory_.path();
    options.jobs = jobs;
    options.files = files;
    options.cache_directory = path("cache");
    Parsed parsed;
    parsed.units = parse_units(options, parsed.failed, parsed.from_cache);
    return parsed;
  }

 private:
  Directory directory_;
};

std::vector<std::string> files_of(const Parsed& parsed) {
  std::vector<std::string> files;
  for (const Unit& unit : parsed.units)
    files.push_back(std::filesystem::path(unit.strings[unit.file.value]).filename().string());
  return files;
}

TEST(DriverUnits, ComeInTheOrderOfTheDatabase) {
  const OwnProgram program;
  for (const unsigned jobs : {1U, 3U, 8U}) {
    const Parsed parsed = program.parse(jobs);
    EXPECT_EQ(files_of(parsed), (std::vector<std::string>{"b.c", "a.c"}));
    ASSERT_EQ(parsed.failed.size(), 1u);
    EXPECT_EQ(parsed.failed[0].file, program.path("wrong.c"));
    EXPECT_EQ(parsed.failed[0].error, "1:23: expected ';' after return statement");
  }
}

TEST(DriverUnits, OnlyThoseThatAreNamed) {
  const OwnProgram program;
  const Parsed parsed = program.parse(2, {program.path("a.c")});
  EXPECT_EQ(files_of(parsed), std::vector<std::string>{"a.c"});
  EXPECT_TRUE(parsed.failed.empty());
}

TEST(DriverUnits, AreKeptUntilAFileChanges) {
  const OwnProgram program;
  const Parsed cold = program.parse();
  EXPECT_EQ(cold.from_cache, 0u);
  const Parsed warm = program.parse();
  EXPECT_EQ(warm.from_cache, 2u);
  ASSERT_EQ(warm.units.size(), 2u);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(write_unit(warm.units[i]), write_unit(cold.units[i]));

  program.header("int shared(void); extern int more;");
  EXPECT_EQ(program.parse().from_cache, 0u);
  EXPECT_EQ(program.parse().from_cache, 2u);
  program.header("int shared(void); extern int more;");  // written again, and the same
  EXPECT_EQ(program.parse().from_cache, 2u);
}

TEST(DriverUnits, AFunctionOfAHeaderIsInTheFirstUnitThatHasIt) {
  const OwnProgram program;
  program.header("static inline int twice(int n) { return 2 * n; } int shared(void);");
  for (const unsigned jobs : {1U, 3U, 1U}) {  // the last two from the cache
    const Parsed parsed = program.parse(jobs);
    ASSERT_EQ(parsed.units.size(), 2u);
    EXPECT_NE(dump(parsed.units[0]).find("function twice"), std::string::npos);
    EXPECT_EQ(dump(parsed.units[1]).find("function twice"), std::string::npos);
    EXPECT_NE(dump(parsed.units[1]).find("function a"), std::string::npos);
  }
}

TEST(DriverUnits, DamagedEntriesAreReadAnew) {
  const OwnProgram program;
  program.parse();
  for (const auto& entry : std::filesystem::directory_iterator(program.path("cache")))
    std::filesystem::resize_file(entry, std::filesystem::file_size(entry) - 1);
  const Parsed again = program.parse();
  EXPECT_EQ(again.from_cache, 0u);
  EXPECT_EQ(again.units.size(), 2u);
  EXPECT_EQ(program.parse().from_cache, 2u);
}

TEST(DriverUnits, OldEntriesAreRemoved) {
  const OwnProgram program;
  program.parse();
  const std::string old = program.path("cache/0123.unit");
  const std::string foreign = program.path("cache/notes.txt");
  for (const std::string& file : {old, foreign}) {
    std::ofstream(file) << "x";
    std::filesystem::last_write_time(
        file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 40));
  }
  program.parse();
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(foreign));
}

TEST(DriverUnits, AnotherCommandIsAnotherUnit) {
  const OwnProgram program;
  program.parse();
  std::ofstream(program.path("compile_commands.json"))
      << R"([{"directory": ".", "file": "b.c", "command": "gcc -DVALUE=2 -c b.c"}])";
  const Parsed parsed = program.parse();
  EXPECT_EQ(parsed.from_cache, 0u);
  ASSERT_EQ(parsed.units.size(), 1u);
  EXPECT_NE(dump(parsed.units[0]).find("return (#2:int)"), std::string::npos);
}

// A stand-in that dies, one that hangs, and one that answers nonsense.
std::string error_of(const std::string& script) {
  const Directory directory;
  const std::string program = directory.write("reader", "#!/bin/sh\n" + script + "\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  Reader reader(program, ReaderBounds{.memory = uint64_t{1} << 30, .seconds = 1});
  std::string error;
  EXPECT_FALSE(reader.read({"/", "/a.c", {"cc", "a.c"}}, error));
  return error;
}

TEST(DriverReader, ThatCrashesOrHangsIsToldInWords) {
  EXPECT_NE(error_of("kill -SEGV $$")
                .find("crashed on it or needed more than 1024 MiB (ended by signal Segmentation"),
            std::string::npos);
  EXPECT_NE(error_of("exit 3").find("ended with status 3"), std::string::npos);
  EXPECT_EQ(error_of("exec sleep 100"), "not read within 1 s");
  EXPECT_NE(error_of("echo nonsense; exec cat >/dev/null").find("crashed"), std::string::npos);
}

TEST(DriverReader, StartsAgainAfterACrash) {
  const Directory directory;
  directory.write("a.c", "int a;");
  Reader reader(find_reader(), ReaderBounds{.memory = uint64_t{6} << 30, .seconds = 60});
  std::string error;
  // Expressions nested so deeply that no stack is enough: clang gives up, by a crash or by an error.
  std::string deep(400'000, '(');
  directory.write("deep.c", "int d = " + deep + ";");
  const std::optional<std::string> refused = reader.read(
      {directory.path(), directory.path() + "/deep.c", {"gcc", "-fbracket-depth=1000000", "deep.c"}}, error);
  if (refused) {
    EXPECT_NE(read_unit(*refused)->error, "");
  }
  const std::optional<std::string> read =
      reader.read({directory.path(), directory.path() + "/a.c", {"gcc", "a.c"}}, error);
  ASSERT_TRUE(read) << error;
  EXPECT_EQ(read_unit(*read)->error, "");
}

TEST(FileStates, ChangeIsByContent) {
  const Directory directory;
  const std::string file = directory.write("a.h", "one");
  const std::optional<FileState> state = FileStates().state_of(file);
  ASSERT_TRUE(state);
  EXPECT_TRUE(FileStates().is_unchanged(*state));
  directory.write("a.h", "one");
  EXPECT_TRUE(FileStates().is_unchanged(*state)) << "another time, the same bytes";
  directory.write("a.h", "two");
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + std::chrono::seconds(1));
  EXPECT_FALSE(FileStates().is_unchanged(*state));
  std::filesystem::remove(file);
  EXPECT_FALSE(FileStates().is_unchanged(*state));
  EXPECT_FALSE(FileStates().state_of(directory.path()));
}

}  // namespace
}  // namespace gordian::check
