#include "analyzer/cli/run_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

// The hooks read their options as key=value between colons, and the directory is one of the values.
bool can_be_an_option(const std::string& path) {
  return path.find(':') == std::string::npos;
}

}  // namespace

std::vector<std::string> run_directory_parents() {
  std::vector<std::string> parents = {"/dev/shm"};
  const char* temporary = std::getenv("TMPDIR");
  if (temporary != nullptr && *temporary == '/' && can_be_an_option(temporary)) parents.push_back(temporary);
  parents.push_back("/tmp");
  return parents;
}

RunDirectory::RunDirectory(const std::vector<std::string>& parents) {
  int first_error = 0;
  for (const std::string& parent : parents) {
    std::string name = parent + "/gordian-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) {
      path_ = name;
      break;
    }
    if (errno == ENOSPC || errno == EDQUOT) {
      throw Refusal(fmt::format("cannot make the run directory in {}: {}; free some space there", parent,
                                error_text(errno)));
    }
    if (first_error == 0) first_error = errno;
  }
  if (path_.empty()) {
    throw Refusal(fmt::format(
        "cannot make the run directory in any of {}: {}; set TMPDIR to a directory that you can write",
        fmt::join(parents, ", "), error_text(first_error)));
  }
  try {
    create_control();
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    throw;
  }
}

void RunDirectory::create_control() {
  const std::string path = path_ + '/' + record::kControlFileName;
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int error = file < 0 ? errno : posix_fallocate(file, 0, record::kControlSize);
  void* page = MAP_FAILED;
  if (error == 0) {
    page = mmap(nullptr, record::kControlSize, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) error = errno;
  }
  if (file >= 0) close(file);
  if (error != 0) {
    throw Refusal(fmt::format("cannot reserve {} bytes for {}: {}; free some space there",
                              record::kControlSize, path, error_text(error)));
  }
  control_ = static_cast<record::Control*>(page);
  std::memcpy(control_->magic, record::kControlMagic, sizeof control_->magic);
  control_->version = record::kControlVersion;
  control_->launcher_pid = static_cast<uint32_t>(getpid());
}

RunDirectory::~RunDirectory() {
  if (control_ != nullptr) munmap(control_, record::kControlSize);
  std::error_code ignored;
  if (!is_kept_) fs::remove_all(path_, ignored);
}

std::vector<std::string> RunDirectory::records() const {
  std::vector<std::string> result;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    if (entry.path().extension() == record::kFlightSuffix) result.push_back(entry.path().string());
  }
  std::ranges::sort(result);
  return result;
}

uint32_t pid_of_record(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  uint32_t pid = 0;
  std::from_chars(name.data(), name.data() + name.size(), pid);
  return pid;
}

void prepare_report_directory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error && !fs::is_directory(path)) {
    throw Refusal(fmt::format("cannot make the report directory {}: {}; choose another with --report-dir",
                              path, error.message()));
  }
  std::string probe = path + "/.gordian-XXXXXX";
  const int file = mkostemp(probe.data(), O_CLOEXEC);
  const int reason = file < 0 ? errno : posix_fallocate(file, 0, 4096);
  if (file >= 0) {
    close(file);
    unlink(probe.c_str());
  }
  if (reason != 0 && reason != EOPNOTSUPP) {
    throw Refusal(
        fmt::format("cannot write into the report directory {}: {}; choose another with --report-dir", path,
                    error_text(reason)));
  }
}

}  // namespace gordian::cli
