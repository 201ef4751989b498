#include "analyzer/static-pass/lower/invocation.h"

#include <dlfcn.h>

namespace gordian::check {
namespace {

namespace fs = std::filesystem;
namespace options = clang::driver::options;

bool names_cpp_compiler(std::string_view program) {
  std::string name = fs::path(program).filename().string();
  while (!name.empty() &&
         (std::isdigit(static_cast<unsigned char>(name.back())) || name.back() == '.' || name.back() == '-'))
    name.pop_back();
  return name.ends_with("++");
}

bool is_launcher(std::string_view program) {
  const std::string name = fs::path(program).filename().string();
  return name == "ccache" || name == "sccache" || name == "distcc" || name == "icecc" || name == "env";
}

// `-Xclang -include-pch -Xclang FILE`, as CMake writes it: the header itself follows by -include.
bool is_precompiled_header(const std::vector<std::string>& words, size_t at) {
  return words[at] == "-Xclang" && at + 3 < words.size() &&
         (words[at + 1] == "-include-pch" || words[at + 1] == "-emit-pch") && words[at + 2] == "-Xclang";
}

bool is_unwanted(const llvm::opt::Arg& argument) {
  const llvm::opt::Option& option = argument.getOption();
  if (option.matches(options::OPT_UNKNOWN) || option.matches(options::OPT_o) ||
      option.matches(options::OPT_M_Group) || option.matches(options::OPT_W_Group) ||
      option.matches(options::OPT_Action_Group) || option.matches(options::OPT_Link_Group) ||
      option.matches(options::OPT_fplugin_EQ) || option.matches(options::OPT_g_Group) ||
      option.matches(options::OPT_save_temps_EQ) || option.matches(options::OPT_fsanitize_EQ) ||
      option.matches(options::OPT_flto_EQ) || option.matches(options::OPT_flto) ||
      option.matches(options::OPT_v))
    return true;
  // Preprocessor options for gcc's own, dependencies most of all.
  return option.matches(options::OPT_Wp_COMMA) || option.matches(options::OPT_Wa_COMMA) ||
         option.matches(options::OPT_Wl_COMMA);
}

// The words after the compiler and its launchers, without what has no bearing on the parse.
std::vector<std::string> useful_words(const std::vector<std::string>& words, size_t first) {
  std::vector<const char*> raw;
  for (size_t i = first; i < words.size(); ++i) {
    if (is_precompiled_header(words, i)) {
      i += 3;
    } else {
      raw.push_back(words[i].c_str());
    }
  }
  unsigned missing_index = 0;
  unsigned missing_count = 0;
  const llvm::opt::InputArgList parsed = clang::driver::getDriverOptTable().ParseArgs(
      raw, missing_index, missing_count, llvm::opt::Visibility(options::ClangOption));
  std::vector<std::string> useful;
  for (const llvm::opt::Arg* argument : parsed) {
    if (is_unwanted(*argument)) continue;
    llvm::opt::ArgStringList rendered;
    argument->render(parsed, rendered);
    useful.insert(useful.end(), rendered.begin(), rendered.end());
  }
  return useful;
}

}  // namespace

std::string clang_resources() {
  std::vector<fs::path> candidates = {GORDIAN_CLANG_RESOURCES};
  Dl_info library{};
  if (dladdr(reinterpret_cast<void*>(&clang::createInvocation), &library) != 0) {
    std::error_code error;
    const fs::path directory = fs::canonical(library.dli_fname, error).parent_path();
    const std::string version = std::to_string(CLANG_VERSION_MAJOR);
    candidates.push_back(directory / "clang" / version);
    candidates.push_back(directory / ".." / ("llvm-" + version) / "lib" / "clang" / version);
  }
  for (const fs::path& candidate : candidates) {
    std::error_code error;
    if (fs::exists(candidate / "include/stddef.h", error)) return candidate.lexically_normal().string();
  }
  return {};
}

std::shared_ptr<clang::CompilerInvocation> invocation_of(const CompileCommand& command,
                                                         clang::DiagnosticsEngine& diagnostics,
                                                         llvm::vfs::FileSystem& files) {
  size_t compiler = 0;
  while (compiler + 1 < command.arguments.size() &&
         (is_launcher(command.arguments[compiler]) ||
          (compiler > 0 && command.arguments[compiler].find('=') != std::string::npos)))
    ++compiler;

  const std::string program = command.arguments[compiler];
  std::vector<std::string> words = {program,
                                    names_cpp_compiler(program) ? "--driver-mode=g++" : "--driver-mode=gcc"};
  for (std::string& word : useful_words(command.arguments, compiler + 1)) words.push_back(std::move(word));
  // Of what clang holds for errors, other compilers only warn: functions that nobody declared, pointers of
  // another type.
  words.insert(words.end(), {"-w", "-Wno-everything", "-fsyntax-only", "-fno-caret-diagnostics",
                             "-resource-dir=" + clang_resources()});

  std::vector<const char*> raw;
  for (const std::string& word : words) raw.push_back(word.c_str());
  clang::CreateInvocationOptions how;
  how.Diags = &diagnostics;
  how.VFS = &files;
  how.RecoverOnError = true;
  return clang::createInvocation(raw, how);
}

}  // namespace gordian::check
