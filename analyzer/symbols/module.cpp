#include "analyzer/symbols/module.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "analyzer/symbols/debug_files.h"
#include "analyzer/symbols/die_names.h"
#include "analyzer/symbols/inlined_frames.h"
#include "analyzer/symbols/member_path.h"
#include "analyzer/symbols/readable_names.h"

namespace gordian::symbols {
namespace {

std::string plain_name_of(Dwarf_Die function) {
  const std::string linkage = linkage_name(function);
  return plain_function(linkage.empty() ? scoped_function_name(function) : linkage);
}

}  // namespace

Module::Module(std::string path, const ElfImage& image, uint64_t bias)
    : path_(std::move(path)), image_(image), bias_(bias) {}

void Module::open() {
  if (opened_) return;
  opened_ = true;
  // A session of its own for each module: files that are mapped twice or as data overlap, which one session
  // refuses.
  session_.reset(dwfl_begin(&offline_callbacks()));
  const int descriptor = fcntl(image_.descriptor(), F_DUPFD_CLOEXEC, 0);
  if (session_ == nullptr || descriptor < 0) {
    problem_ = path_ + ": cannot be opened again";
    if (descriptor >= 0) close(descriptor);
    return;
  }
  dwfl_report_begin(session_.get());
  module_ = dwfl_report_elf(session_.get(), path_.c_str(), path_.c_str(), descriptor, bias_, true);
  if (module_ == nullptr) {
    problem_ = path_ + ": cannot be read: " + dwfl_errmsg(-1);
    close(descriptor);
    return;
  }
  dwfl_report_end(session_.get(), nullptr, nullptr);
  Dwarf* dwarf = dwfl_module_getdwarf(module_, &dwarf_bias_);
  if (dwarf != nullptr) {
    units_.emplace(dwarf);
  } else if (dwfl_module_getsymtab(module_) <= 0) {
    problem_ = path_ + ": neither debug information nor symbols; its functions have no names";
  } else {
    problem_ = path_ + ": no debug information; names come from its symbol table, without files and lines";
  }
}

std::vector<finding::Frame> Module::frames_at(uint64_t address) {
  open();
  if (module_ == nullptr) return {};
  std::vector<finding::Frame> frames;
  const std::string symbol = symbol_at(address);
  if (units_) frames = symbols::frames_at(*units_, address - dwarf_bias_, symbol);
  if (frames.empty()) frames.emplace_back().function = readable_function(symbol);
  return frames;
}

std::string Module::function_at(uint64_t address) {
  open();
  if (module_ == nullptr) return {};
  const std::string symbol = symbol_at(address);
  if (units_) {
    if (const std::optional<Unit> unit = units_->unit_at(address - dwarf_bias_)) {
      const std::optional<Dwarf_Die> function = units_->function_at(*unit, address - dwarf_bias_);
      if (function && !symbol.starts_with("_Z")) return plain_name_of(*function);
    }
  }
  return plain_function(symbol);
}

std::string Module::symbol_at(uint64_t address) {
  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* name = dwfl_module_addrinfo(module_, address, &offset, &symbol, nullptr, nullptr, nullptr);
  if (name == nullptr || (symbol.st_size != 0 && offset >= symbol.st_size)) return {};
  return name;
}

std::optional<VariableName> Module::variable_at(uint64_t address) {
  open();
  if (module_ == nullptr) return std::nullopt;
  if (!data_symbols_) data_symbols_.emplace(module_);
  const std::optional<DataSymbol> symbol = data_symbols_->at(address);
  if (!symbol) return std::nullopt;
  const uint64_t offset = address - symbol->address;
  VariableName variable;
  std::optional<Variable> found;
  if (units_) found = units_->variable_at(symbol->address - dwarf_bias_);
  if (!found) {
    variable.name = readable_variable(symbol->name);
    char text[24];
    std::snprintf(text, sizeof text, "+0x%llx", static_cast<unsigned long long>(offset));
    if (offset != 0) variable.name += text;
    return variable;
  }
  variable.name = name_of(*found, symbol->name) + member_path(found->die, offset);
  variable.file = source_path(unit_of(found->die), dwarf_decl_file(&found->die));
  int line = 0;
  if (dwarf_decl_line(&found->die, &line) == 0 && line > 0) variable.line = static_cast<uint32_t>(line);
  return variable;
}

std::string Module::name_of(const Variable& variable, const std::string& symbol) {
  if (variable.function) {
    return plain_name_of(*variable.function) + "()::" + plain_name(variable.die);
  }
  if (symbol.compare(0, 2, "_Z") == 0) return readable_variable(symbol);
  const std::string name = linkage_name(variable.die);
  return readable_variable(name.empty() ? symbol : name);
}

}  // namespace gordian::symbols
