#include "analyzer/cli/trace_symbols.h"

#include <algorithm>
#include <cstring>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/lock_names.h"

namespace gordian::cli {
namespace {

std::vector<symbols::Mapping> mappings_of(const predict::Trace& trace) {
  std::vector<symbols::Mapping> mappings;
  for (const record::ModuleRecord& module : trace.modules) {
    const size_t build_id_size = std::min<size_t>(module.build_id_size, sizeof module.build_id);
    mappings.push_back({.start = module.start,
                        .end = module.end,
                        .file_offset = module.file_offset,
                        .path = {module.path, ::strnlen(module.path, sizeof module.path)},
                        .build_id = {module.build_id, module.build_id + build_id_size}});
  }
  return mappings;
}

}  // namespace

TraceSymbols::TraceSymbols(const predict::Trace& trace) : TraceNames(trace), names_(mappings_of(trace)) {}

finding::Stack TraceSymbols::stack(uint32_t site) {
  if (site == predict::kNone) return TraceNames::stack(site);
  const predict::Site& place = trace_.sites[site];
  return names_.resolve(place.address, place.is_return);
}

std::string TraceSymbols::place(uint32_t site) {
  if (site == predict::kNone) return "";
  const finding::Stack frames = stack(site);
  const finding::Frame* own = capture::own_frame(frames);
  return capture::place(own != nullptr ? *own : frames.front());
}

finding::ResourceName TraceSymbols::lock(uint32_t lock) {
  const auto [place, added] = locks_.try_emplace(lock);
  if (added) {
    place->second = name_of(trace_.locks[lock]);
    const uint32_t number = ++namesakes_[place->second.name];
    if (number != 1) place->second.name += " #" + std::to_string(number);
  }
  return place->second;
}

finding::ResourceName TraceSymbols::variable(uint32_t variable) {
  finding::ResourceName result{.kind = "variable", .address = trace_.variables[variable].address};
  const auto global = names_.variable_at(result.address);
  const bool is_known = global && !global->name.empty();
  result.name = is_known ? global->name : "the memory at " + capture::hexadecimal(result.address);
  result.stable = is_known ? global->name.substr(0, global->name.find("+0x")) : "memory";
  return result;
}

// By variable, else by where its life began, else by where it was first taken.
finding::ResourceName TraceSymbols::name_of(const predict::LockInfo& info) {
  finding::ResourceName result;
  result.kind = capture::kind_name(info.kind);
  result.address = info.address;
  result.stable = result.kind;
  if (const auto variable = names_.variable_at(info.address); variable && !variable->name.empty()) {
    result.name = variable->name;
    result.stable = variable->name.substr(0, variable->name.find("+0x"));
  } else if (info.init_site != predict::kNone) {
    result.name = result.kind + " initialised at " + place(info.init_site);
    const std::string function = capture::own_function(stack(info.init_site));
    if (!function.empty()) result.stable += " initialised at " + function;
  } else if (info.first_site != predict::kNone) {
    result.name = result.kind + " first taken at " + place(info.first_site);
  } else {
    result.name = result.kind + " at " + capture::hexadecimal(info.address);
  }
  return result;
}

}  // namespace gordian::cli
