#include "analyzer/static-pass/driver/database.h"

#include <gtest/gtest.h>

#include "analyzer/static-pass/check.h"
#include "tests/unit/static-pass/directory.h"

namespace gordian::check {
namespace {

TEST(Database, ReadsBothFormsOfACommand) {
  const Directory directory;
  directory.write("compile_commands.json", R"([
    {"directory": "/src/build", "file": "../a.c", "command": "gcc -DNAME=\"two words\" -DQ='\"q\"' -I/x\\ y  -c ../a.c"},
    {"directory": "/src", "file": "/src/./b.cc", "arguments": ["g++", "-c", "b.cc"], "output": "b.o"}])");
  const Database database = read_database(directory.path());
  ASSERT_EQ(database.commands.size(), 2u);
  EXPECT_EQ(database.commands[0].file, "/src/a.c");
  EXPECT_EQ(database.commands[0].directory, "/src/build");
  EXPECT_EQ(database.commands[0].arguments,
            (std::vector<std::string>{"gcc", "-DNAME=two words", "-DQ=\"q\"", "-I/x y", "-c", "../a.c"}));
  EXPECT_EQ(database.commands[1].file, "/src/b.cc");
  EXPECT_EQ(database.commands[1].arguments[0], "g++");
}

TEST(Database, IsFoundBelowBuildAndByItsName) {
  const Directory directory;
  const std::string file = directory.write("build/compile_commands.json",
                                           R"([{"directory": ".", "file": "a.c", "command": "cc a.c"}])");
  EXPECT_EQ(read_database(directory.path()).commands.size(), 1u);
  EXPECT_EQ(read_database(file).commands[0].file, directory.path() + "/build/a.c");
}

TEST(Database, AFileOfTwoCommandsHasTheFirst) {
  const Directory directory;
  directory.write("compile_commands.json", R"([
    {"directory": "/s", "file": "a.c", "command": "cc -DONE a.c"}, {"directory": "/s", "file": "./a.c", "command": "cc -DTWO a.c"},
    {"directory": "/s", "file": "a.c", "command": "cc -DTHREE a.c"}])");
  const Database database = read_database(directory.path());
  ASSERT_EQ(database.commands.size(), 1u);
  EXPECT_EQ(database.commands[0].arguments[1], "-DONE");
  EXPECT_EQ(database.repeated, std::vector<std::string>{"/s/a.c"});
}

std::string refusal(const std::string& text) {
  const Directory directory;
  directory.write("compile_commands.json", text);
  try {
    read_database(directory.path());
  } catch (const CheckError& error) {
    return error.what();
  }
  return {};
}

TEST(Database, SaysWhatIsWrongWithIt) {
  EXPECT_NE(refusal("{}").find("is not a compilation database"), std::string::npos);
  EXPECT_NE(refusal("[{").find("is not a compilation database"), std::string::npos);
  EXPECT_NE(refusal(R"([{"directory": "/s", "file": "a.c", "command": "cc"}, {"file": "b.c"}])")
                .find("entry 2 lacks"),
            std::string::npos);
  EXPECT_NE(refusal(R"([{"directory": "/s", "file": "a.c", "command": ""}])").find("empty command"),
            std::string::npos);
  EXPECT_NE(refusal(R"(["a.c"])").find("entry 1"), std::string::npos);
  const Directory empty;
  EXPECT_THROW(read_database(empty.path()), CheckError);
}

TEST(Database, FilesAreChosenByNameAndDirectory) {
  Database database;
  for (const char* file : {"/s/lib/a.c", "/s/lib/b.c", "/s/library.c"})
    database.commands.push_back({"/s", file, {"cc"}});
  EXPECT_EQ(choose(database, {}).size(), 3u);
  EXPECT_EQ(choose(database, {"/s/lib/"}).size(), 2u);
  ASSERT_EQ(choose(database, {"/s/library.c", "/s/lib/../lib/b.c"}).size(), 2u);
  EXPECT_EQ(choose(database, {"/s/library.c", "/s/lib/b.c"})[0].file, "/s/lib/b.c") << "the database's order";
  EXPECT_THROW(choose(database, {"/s/other.c"}), CheckError);
}

}  // namespace
}  // namespace gordian::check
