#include "analyzer/capture/process/unwinder.h"

#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <unistd.h>

#include <set>

#include "analyzer/symbols/debug_files.h"
#include "analyzer/symbols/elf_image.h"

namespace gordian::capture {
namespace {

constexpr size_t kMostFrames = 512;

// What libdwfl's questions are answered from. There is one thread at a time: the one asked for.
struct Context {
  Memory* memory = nullptr;
  const Registers* registers = nullptr;
};

struct EndSession {
  void operator()(Dwfl* session) const { dwfl_end(session); }
};

bool read_word(Dwfl*, Dwarf_Addr address, Dwarf_Word* result, void* argument) {
  const auto value = static_cast<Context*>(argument)->memory->value<uint64_t>(address);
  if (value) *result = *value;
  return value.has_value();
}

pid_t next_thread(Dwfl* session, void* argument, void** thread) {
  if (*thread != nullptr) return 0;
  *thread = argument;
  return dwfl_pid(session);
}

bool get_thread(Dwfl*, pid_t, void* argument, void** thread) {
  *thread = argument;
  return true;
}

// Unknown registers are left unknown: a frame that needs one ends the walk.
bool set_registers(Dwfl_Thread* thread, void* argument) {
  const Registers& registers = *static_cast<Context*>(argument)->registers;
  for (uint32_t i = 0; i < Registers::kCount; ++i) {
    if ((registers.known >> i & 1) != 0)
      dwfl_thread_state_registers(thread, static_cast<int>(i), 1, &registers.value[i]);
  }
  dwfl_thread_state_register_pc(thread, registers.program_counter);
  return true;
}

constexpr Dwfl_Thread_Callbacks kCallbacks = {next_thread,   get_thread, read_word,
                                              set_registers, nullptr,    nullptr};

int take_frame(Dwfl_Frame* frame, void* argument) {
  auto& addresses = *static_cast<std::vector<uint64_t>*>(argument);
  Dwarf_Addr address = 0;
  if (!dwfl_frame_pc(frame, &address, nullptr) || address == 0) return DWARF_CB_ABORT;
  addresses.push_back(address);
  return addresses.size() < kMostFrames ? DWARF_CB_OK : DWARF_CB_ABORT;
}

// The file's lowest region tells where the whole of it was loaded.
void report_file(Dwfl* session, const Region& region) {
  std::string ignored;
  const auto image = symbols::ElfImage::open(region.open_at, &ignored);
  if (image == nullptr) return;
  const std::vector<uint64_t> biases = image->possible_biases(region.start, region.file_offset);
  if (biases.empty()) return;
  const int descriptor = ::open(region.open_at.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  // Takes the descriptor when it succeeds.
  if (dwfl_report_elf(session, region.path.c_str(), region.open_at.c_str(), descriptor, biases.front(),
                      true) == nullptr)
    ::close(descriptor);
}

}  // namespace

struct Unwinder::Implementation {
  Context context;
  std::unique_ptr<Dwfl, EndSession> session;
  pid_t pid = 0;
};

Unwinder::Unwinder(const ProcessImage& process) : implementation_(std::make_unique<Implementation>()) {
  implementation_->context.memory = process.memory.get();
  implementation_->pid = static_cast<pid_t>(process.pid == 0 ? 1 : process.pid);
  std::unique_ptr<Dwfl, EndSession> session(dwfl_begin(&symbols::offline_callbacks()));
  if (session == nullptr) return;
  dwfl_report_begin(session.get());
  std::set<std::string> reported;
  for (const Region& region : process.regions)
    if (!region.open_at.empty() && reported.insert(region.path).second) report_file(session.get(), region);
  if (dwfl_report_end(session.get(), nullptr, nullptr) != 0 ||
      !dwfl_attach_state(session.get(), nullptr, implementation_->pid, &kCallbacks,
                         &implementation_->context))
    return;
  implementation_->session = std::move(session);
}

Unwinder::~Unwinder() = default;

UnwoundStack Unwinder::unwind(const Registers& registers) {
  UnwoundStack stack;
  implementation_->context.registers = &registers;
  if (implementation_->session != nullptr) {
    const int result = dwfl_getthread_frames(implementation_->session.get(), implementation_->pid, take_frame,
                                             &stack.addresses);
    stack.complete = result == 0;
  }
  if (stack.addresses.empty()) stack.addresses.push_back(registers.program_counter);
  return stack;
}

}  // namespace gordian::capture
