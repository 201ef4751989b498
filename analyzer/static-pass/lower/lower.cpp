#include "analyzer/static-pass/lower/lower.h"

#include "analyzer/static-pass/lower/call_names.h"
#include "analyzer/static-pass/lower/clang.h"
#include "analyzer/static-pass/lower/declarations.h"
#include "analyzer/static-pass/lower/invocation.h"
#include "analyzer/static-pass/lower/types.h"
#include "analyzer/static-pass/lower/unit_builder.h"

namespace gordian::check {
namespace {

std::string absolute(std::string_view path, const std::string& directory) {
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

// Keeps the first error.
class FirstError : public clang::DiagnosticConsumer {
 public:
  explicit FirstError(std::string directory) : directory_(std::move(directory)) {}

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < clang::DiagnosticsEngine::Error || !text_.empty()) return;
    llvm::SmallString<128> message;
    diagnostic.FormatDiagnostic(message);
    text_ = place_of(diagnostic) + message.str().str();
  }

  const std::string& text() const { return text_; }

 private:
  std::string place_of(const clang::Diagnostic& diagnostic) const {
    if (!diagnostic.hasSourceManager() || !diagnostic.getLocation().isValid()) return {};
    const clang::SourceManager& sources = diagnostic.getSourceManager();
    const clang::PresumedLoc place = sources.getPresumedLoc(diagnostic.getLocation());
    if (place.isInvalid()) return {};
    const std::string at = std::to_string(place.getLine()) + ":" + std::to_string(place.getColumn()) + ": ";
    return sources.isInMainFile(diagnostic.getLocation())
               ? at
               : absolute(place.getFilename(), directory_) + ":" + at;
  }

  std::string directory_;
  std::string text_;
};

class Consumer : public clang::ASTConsumer {
 public:
  Consumer(UnitBuilder& unit, const CompileCommand& command) : unit_(unit), command_(command) {}

  void Initialize(clang::ASTContext& context) override { context_ = &context; }

  // System headers say what there is, and nobody looks into their functions. Clang itself keeps those bodies
  // that the parse needs: of constexpr functions, and where `auto` is the result. Guards keep theirs too, for
  // the project's own locks whose functions they call, and which may be templates.
  bool shouldSkipFunctionBody(clang::Decl* declaration) override {
    return context_->getSourceManager().isInSystemHeader(declaration->getLocation()) &&
           !is_guard(declaration);
  }

  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    for (clang::Decl* declaration : group)
      if (!context_->getSourceManager().isInSystemHeader(declaration->getLocation()))
        declarations_.push_back(declaration);
    return true;
  }

  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (context.getDiagnostics().hasErrorOccurred()) return;
    lower_declarations(unit_, context, command_.directory, declarations_);
  }

 private:
  static bool is_guard(const clang::Decl* function) {
    const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(function->getDeclContext());
    return record != nullptr &&
           is_one_of(simple_name(record), {"lock_guard", "unique_lock", "shared_lock", "scoped_lock"});
  }

  UnitBuilder& unit_;
  const CompileCommand& command_;
  clang::ASTContext* context_ = nullptr;
  std::vector<clang::Decl*> declarations_;
};

class Action : public clang::ASTFrontendAction {
 public:
  Action(UnitBuilder& unit, const CompileCommand& command) : unit_(unit), command_(command) {}

  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&, llvm::StringRef) override {
    return std::make_unique<Consumer>(unit_, command_);
  }

  void EndSourceFileAction() override {
    const clang::SourceManager& sources = getCompilerInstance().getSourceManager();
    for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file)
      unit_.unit().includes.push_back(absolute(file->first.getName(), command_.directory));
    std::vector<std::string>& includes = unit_.unit().includes;
    std::sort(includes.begin(), includes.end());
    includes.erase(std::unique(includes.begin(), includes.end()), includes.end());
  }

 private:
  UnitBuilder& unit_;
  const CompileCommand& command_;
};

void parse(const CompileCommand& command, UnitBuilder& unit, FirstError& first_error) {
  clang::CompilerInstance compiler;
  auto files = llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>(llvm::vfs::createPhysicalFileSystem());
  if (files->setCurrentWorkingDirectory(command.directory)) {
    unit.unit().error = "no directory " + command.directory;
    return;
  }
  compiler.createDiagnostics(&first_error, false);
  std::shared_ptr<clang::CompilerInvocation> invocation =
      invocation_of(command, compiler.getDiagnostics(), *files);
  if (invocation == nullptr) return;
  invocation->getFrontendOpts().SkipFunctionBodies = true;
  invocation->getFrontendOpts().DisableFree = false;
  invocation->getFileSystemOpts().WorkingDir = command.directory;
  invocation->getDiagnosticOpts().ErrorLimit = 1;
  invocation->getDiagnosticOpts().ShowCarets = false;

  compiler.setInvocation(std::move(invocation));
  compiler.createDiagnostics(&first_error, false);
  compiler.createFileManager(files);
  Action action(unit, command);
  compiler.ExecuteAction(action);
}

}  // namespace

Unit lower_unit(const CompileCommand& command) {
  UnitBuilder unit;
  unit.unit().file = unit.symbol(command.file);
  if (clang_resources().empty()) {
    unit.unit().error = "clang's own headers are nowhere; install libclang-common-" +
                        std::to_string(CLANG_VERSION_MAJOR) + "-dev";
    return unit.take();
  }
  FirstError first_error(command.directory);
  parse(command, unit, first_error);
  if (unit.unit().error.empty()) unit.unit().error = first_error.text();
  return unit.take();
}

}  // namespace gordian::check
