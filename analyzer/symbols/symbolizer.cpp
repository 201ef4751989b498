#include "analyzer/symbols/symbolizer.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "analyzer/symbols/call_instruction.h"
#include "analyzer/symbols/elf_image.h"
#include "analyzer/symbols/module.h"

namespace gordian::symbols {
namespace {

constexpr std::string_view kDeleted = " (deleted)";

bool is_deleted(const std::string& path) {
  return path.size() > kDeleted.size() && path.ends_with(kDeleted);
}

std::string without_deleted(const std::string& path) {
  return is_deleted(path) ? path.substr(0, path.size() - kDeleted.size()) : path;
}

// A mapping of a file, rather than `[vdso]`, `[stack]`, `anon_inode:...` or nothing at all.
bool is_of_file(const Mapping& mapping) {
  return !mapping.path.empty() && mapping.path.front() == '/';
}

// All mappings of one path: the file, opened once, and the biases at which it is loaded.
struct File {
  std::unique_ptr<ElfImage> image;
  std::map<uint64_t, uint64_t> bias_of_mapping;         // by the mapping's start
  std::map<uint64_t, std::unique_ptr<Module>> modules;  // by bias
};

// Each mapping could belong to one or two segments. The bias that explains the most mappings of the file is
// the right one; a second copy of the file (dlmopen, or a plain read-only mapping of it) has its own.
std::map<uint64_t, uint64_t> choose_biases(const ElfImage& image,
                                           const std::vector<const Mapping*>& mappings) {
  std::map<uint64_t, int> explained;
  for (const Mapping* mapping : mappings) {
    for (uint64_t bias : image.possible_biases(mapping->start, mapping->file_offset)) ++explained[bias];
  }
  std::map<uint64_t, uint64_t> chosen;
  for (const Mapping* mapping : mappings) {
    int most = 0;
    for (uint64_t bias : image.possible_biases(mapping->start, mapping->file_offset)) {
      if (explained[bias] <= most) continue;
      most = explained[bias];
      chosen[mapping->start] = bias;
    }
  }
  return chosen;
}

}  // namespace

struct Symbolizer::Implementation {
  explicit Implementation(std::vector<Mapping> given) : mappings(std::move(given)) {
    std::erase_if(mappings, [](const Mapping& mapping) { return mapping.start >= mapping.end; });
    std::stable_sort(mappings.begin(), mappings.end(),
                     [](const Mapping& left, const Mapping& right) { return left.start < right.start; });
  }

  const Mapping* mapping_at(uint64_t address) const;
  const Mapping* file_mapping_below(uint64_t address) const;
  Module* module_of(const Mapping& mapping);
  Module* module_at(uint64_t address);
  File& file_of(const Mapping& mapping);
  void open(File& file, const std::string& path);
  void tell(std::string problem);
  std::vector<finding::Frame> resolve(uint64_t address, bool is_return_address);

  std::vector<Mapping> mappings;  // by start
  std::unordered_map<std::string, File> files;
  std::vector<std::string> problems;
  std::unordered_map<uint64_t, std::vector<finding::Frame>> frames[2];  // by address; [1]: return addresses
  std::unordered_map<uint64_t, std::optional<VariableName>> variables;
};

const Mapping* Symbolizer::Implementation::mapping_at(uint64_t address) const {
  auto after = std::upper_bound(mappings.begin(), mappings.end(), address,
                                [](uint64_t value, const Mapping& mapping) { return value < mapping.start; });
  if (after == mappings.begin()) return nullptr;
  const Mapping& mapping = *std::prev(after);
  return address < mapping.end ? &mapping : nullptr;
}

// The end of a module's zeroed data (.bss) is an anonymous mapping behind the file's last one.
const Mapping* Symbolizer::Implementation::file_mapping_below(uint64_t address) const {
  auto after = std::upper_bound(mappings.begin(), mappings.end(), address,
                                [](uint64_t value, const Mapping& mapping) { return value < mapping.start; });
  while (after != mappings.begin()) {
    --after;
    if (is_of_file(*after)) return &*after;
  }
  return nullptr;
}

void Symbolizer::Implementation::tell(std::string problem) {
  if (problem.empty() || std::find(problems.begin(), problems.end(), problem) != problems.end()) return;
  problems.push_back(std::move(problem));
}

void Symbolizer::Implementation::open(File& file, const std::string& path) {
  const std::string on_disk = without_deleted(path);
  std::vector<const Mapping*> same_file;
  const std::vector<uint8_t>* build_id = nullptr;
  std::string open_at;
  for (const Mapping& mapping : mappings) {
    if (mapping.path != path) continue;
    same_file.push_back(&mapping);
    if (!mapping.open_at.empty()) open_at = mapping.open_at;
    if (!mapping.build_id.empty()) build_id = &mapping.build_id;
  }
  if (is_deleted(path) && build_id == nullptr && open_at.empty()) {
    tell(on_disk + ": deleted or replaced while the program ran; nothing is read from what is there now");
    return;
  }
  std::string reason;
  std::unique_ptr<ElfImage> image = ElfImage::open(open_at.empty() ? on_disk : open_at, &reason);
  if (image == nullptr) {
    tell(on_disk + ": " + reason + "; addresses in it have no names");
    return;
  }
  // A file without a build-id cannot be checked; one with another build-id would give wrong names.
  if (build_id != nullptr && !image->build_id().empty() && image->build_id() != *build_id) {
    tell(on_disk + ": build-id " + hexadecimal(image->build_id()) + " is not the " + hexadecimal(*build_id) +
         " that was running; nothing is read from it");
    return;
  }
  file.bias_of_mapping = choose_biases(*image, same_file);
  file.image = std::move(image);
}

File& Symbolizer::Implementation::file_of(const Mapping& mapping) {
  const auto [entry, is_new] = files.try_emplace(mapping.path);
  if (is_new) open(entry->second, mapping.path);
  return entry->second;
}

Module* Symbolizer::Implementation::module_of(const Mapping& mapping) {
  File& file = file_of(mapping);
  const auto bias = file.bias_of_mapping.find(mapping.start);
  if (bias == file.bias_of_mapping.end()) return nullptr;
  std::unique_ptr<Module>& module = file.modules[bias->second];
  if (module == nullptr) {
    module = std::make_unique<Module>(without_deleted(mapping.path), *file.image, bias->second);
  }
  return module.get();
}

Module* Symbolizer::Implementation::module_at(uint64_t address) {
  const Mapping* mapping = mapping_at(address);
  if (mapping != nullptr && is_of_file(*mapping)) return module_of(*mapping);
  if (mapping != nullptr && !mapping->path.empty()) return nullptr;
  const Mapping* below = file_mapping_below(address);
  if (below == nullptr) return nullptr;
  Module* module = module_of(*below);
  if (module == nullptr) return nullptr;
  const uint64_t end = module->bias() + file_of(*below).image->end_address();
  return address < end ? module : nullptr;
}

std::vector<finding::Frame> Symbolizer::Implementation::resolve(uint64_t address, bool is_return_address) {
  const uint64_t looked_up = is_return_address && address > 0 ? address - 1 : address;
  std::vector<finding::Frame> found;
  Module* module = module_at(looked_up);
  if (module != nullptr) {
    found = module->frames_at(looked_up);
    tell(module->problem());
  }
  if (found.empty()) found.emplace_back();
  const Mapping* mapping = mapping_at(looked_up);
  if (mapping == nullptr && module != nullptr) mapping = file_mapping_below(looked_up);
  for (finding::Frame& frame : found) {
    frame.address = address;
    if (mapping == nullptr) continue;
    frame.module = without_deleted(mapping->path);
    // Without the file the bias is not known; the offset in the file is what is left to go by.
    frame.module_offset =
        module != nullptr ? looked_up - module->bias() : looked_up - mapping->start + mapping->file_offset;
  }
  return found;
}

Symbolizer::Symbolizer(std::vector<Mapping> mappings)
    : implementation_(std::make_unique<Implementation>(std::move(mappings))) {}
Symbolizer::~Symbolizer() = default;
Symbolizer::Symbolizer(Symbolizer&&) noexcept = default;
Symbolizer& Symbolizer::operator=(Symbolizer&&) noexcept = default;

std::vector<finding::Frame> Symbolizer::resolve(uint64_t address, bool is_return_address) {
  auto& cache = implementation_->frames[is_return_address ? 1 : 0];
  const auto cached = cache.find(address);
  if (cached != cache.end()) return cached->second;
  return cache[address] = implementation_->resolve(address, is_return_address);
}

std::optional<VariableName> Symbolizer::variable_at(uint64_t address) {
  const auto cached = implementation_->variables.find(address);
  if (cached != implementation_->variables.end()) return cached->second;
  std::optional<VariableName> found;
  if (Module* module = implementation_->module_at(address)) {
    found = module->variable_at(address);
    if (found) {
      found->module = module->path();
      found->module_offset = address - module->bias();
    }
    implementation_->tell(module->problem());
  }
  return implementation_->variables[address] = found;
}

std::string Symbolizer::function_at(uint64_t address) {
  Module* module = implementation_->module_at(address);
  if (module == nullptr) return {};
  std::string name = module->function_at(address);
  implementation_->tell(module->problem());
  return name;
}

bool Symbolizer::is_after_call(uint64_t address) {
  if (address < kLongestCall) return false;
  const Mapping* mapping = implementation_->mapping_at(address - 1);
  if (mapping == nullptr || !is_of_file(*mapping)) return false;
  Module* module = implementation_->module_of(*mapping);
  if (module == nullptr) return false;
  const ElfImage& image = *implementation_->file_of(*mapping).image;
  std::array<uint8_t, kLongestCall> bytes{};
  const size_t got = image.read(address - module->bias() - bytes.size(), bytes.data(), bytes.size());
  return got == bytes.size() && ends_in_call(image.machine(), bytes.data(), bytes.size());
}

const std::vector<std::string>& Symbolizer::problems() const {
  return implementation_->problems;
}

}  // namespace gordian::symbols
