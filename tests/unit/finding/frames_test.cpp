#include "analyzer/finding/frames.h"

#include <gtest/gtest.h>

namespace gordian::finding {
namespace {

Frame make_frame(std::string function, std::string file, uint32_t line, std::string module = "/opt/app") {
  return {
      .module = std::move(module), .function = std::move(function), .file = std::move(file), .line = line};
}

TEST(Frames, OfTheLibrariesAreKnownByFileModuleOrName) {
  EXPECT_TRUE(is_library_frame(make_frame("lock", "/usr/include/c++/12/mutex", 1)));
  EXPECT_TRUE(is_library_frame(make_frame("start_thread", "", 0, "/lib/x86_64-linux-gnu/libc.so.6")));
  EXPECT_TRUE(is_library_frame(make_frame("std::mutex::lock()", "", 0)));
  EXPECT_FALSE(is_library_frame(make_frame("std::mine()", "/src/mine.cpp", 3)));
  EXPECT_FALSE(is_library_frame(make_frame("lock", "/src/libc.so.cpp", 1)));
  EXPECT_FALSE(is_library_frame(make_frame("", "", 0, "")));
}

TEST(Frames, AnInterpretersFrameIsTheProgramsOwn) {
  Frame frame = make_frame("worker", "/usr/lib/llvm/app.py", 3, "/usr/lib/libc.so.6");
  frame.language = "python";
  EXPECT_FALSE(is_library_frame(frame));
}

TEST(Frames, TheTellingOneIsTheInnermostOwnWithALine) {
  const Stack stack = {make_frame("std::mutex::lock()", "/usr/include/c++/12/mutex", 100),
                       make_frame("stripped()", "", 0), make_frame("own()", "/src/own.cpp", 7),
                       make_frame("main", "/src/main.cpp", 9)};
  EXPECT_EQ(telling_frame(stack)->function, "own()");
  EXPECT_EQ(own_function(stack), "stripped()");
  EXPECT_EQ(telling_frame({stack[0]})->line, 100u) << "better than none";
  EXPECT_EQ(telling_frame({stack[1]}), nullptr);
  EXPECT_EQ(own_function({stack[0]}), "");
}

}  // namespace
}  // namespace gordian::finding
