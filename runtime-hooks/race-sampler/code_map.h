// The functions of the program and its libraries, and the instructions in them that access memory: sites.
//
// Functions are read off the tables that exceptions are unwound by (.eh_frame_hdr), which stripped binaries
// have, too. What belongs to the C and C++ libraries, to the loader or to us is left out: its
// synchronisation is made of accesses that look plain.
//
// Promises: memory of its own, bounded (a part of the sites of a large program is chosen at random, counted
// in `left_out`). Reads the process by `peek`: never faults, whatever is unloaded meanwhile. For one thread,
// the sampler's. Source: Linux Standard Base, .eh_frame_hdr; DWARF 5 section 6.4.
#pragma once

#include <cstdint>

#include "runtime-hooks/race-sampler/access_form.h"

namespace gordian::hooks::races {

struct Function {
  uint64_t start;
  uint64_t end;
};

struct Site {
  uint64_t address;
  uint32_t hits;
  uint8_t cold;      // visits in a row to which nobody came
  uint8_t vain;      // looks at its memory in a row at which nobody else came
  uint8_t hot;       // stalls that it is still worth
  uint8_t failures;  // how often all of those came to nothing
  bool is_told;      // it was caught: looked at seldom from then on
  bool is_global;    // it names its memory itself: a variable of the module
};

class CodeMap {
 public:
  static constexpr uint32_t kMostSites = 1u << 19;

  // Memory, for good; false when there is none.
  bool prepare();

  // Looks for modules that are new. Their sites come with `take_more`, the program's own first.
  void look();

  // Decodes a few functions more. Places of sites stay as they are but where it says true.
  bool take_more(uint64_t& random);
  bool has_all_of_program() const { return next_module_ > 0 || !has_more(); }
  bool has_more() const { return next_module_ < module_count_; }

  uint32_t site_count() const { return site_count_; }
  Site& site(uint32_t place) { return sites_[place]; }
  uint64_t left_out() const { return left_out_; }

  // The site at that address; UINT32_MAX when it is none.
  uint32_t find(uint64_t address) const;

  // The first site from that address on; the number of sites when there is none.
  uint32_t first_from(uint64_t address) const;

  // The instruction there, read from memory.
  bool form_at(uint64_t address, AccessForm& out) const;

  // The instruction that ends at `next`, and where it begins; false where no function is known there.
  bool form_before(uint64_t next, AccessForm& out, uint64_t& address) const;

  // Whether a store there puts back what a load shortly before it in the same function has taken.
  bool stores_what_it_loaded(uint64_t address, const AccessForm& store) const;

  // Whether the module at that address says that GCC alone made it.
  bool is_gcc(uint64_t address) const;

  // Whether threads may order their accesses in a way that no hook sees: somewhere there is an atomic
  // instruction or a fence, a library that is made of them, or code that was not read (yet).
  bool has_orders_of_its_own() const { return has_atomics_ || has_unread_code_ || has_more(); }

  // The C library's, the loader's or ours: memory there is not the program's business.
  bool is_foreign(uint64_t address) const;

 private:
  struct Module {
    uint64_t start;
    uint64_t end;
    uint64_t table;  // of its functions, sorted
    uint32_t function_count;
    bool is_foreign;
    bool is_gcc;
  };
  static constexpr uint32_t kMostModules = 256;

  void take_module(uint64_t start, uint64_t end, uint64_t table, const char* path);
  bool function_in(const Module& module, uint32_t index, Function& out) const;
  bool function_at(uint64_t address, Function& out) const;
  void take_sites(const Function& function, uint64_t& random);
  void add_site(uint64_t address, const AccessForm& form, uint64_t& random);
  const Module* module_at(uint64_t address) const;
  template <typename Each>
  void walk(const Function& function, uint64_t end, Each each) const;

  Module modules_[kMostModules] = {};
  uint32_t module_count_ = 0;
  uint32_t next_module_ = 0;  // those before it are decoded
  uint32_t next_function_ = 0;
  Site* sites_ = nullptr;
  uint32_t site_count_ = 0;
  uint64_t seen_sites_ = 0;
  uint64_t left_out_ = 0;
  bool has_atomics_ = false;
  bool has_unread_code_ = false;
};

// A small generator, for choosing: nobody depends on its quality.
inline uint64_t next_random(uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

}  // namespace gordian::hooks::races
