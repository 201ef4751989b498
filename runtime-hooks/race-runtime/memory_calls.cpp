// memcpy and its kin: the callbacks of clang, and the functions of libc that gcc leaves as plain calls.
//
// They are hooked whoever calls them: what the C++ library copies for the program, the program accesses. Only
// this library's own calls pass.
#include <string.h>

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

void reads(const void* from, size_t size, uint64_t pc) {
  access_range(reinterpret_cast<uint64_t>(from), size, 0, pc, Manner::kPlain);
}
void writes(const void* to, size_t size, uint64_t pc) {
  access_range(reinterpret_cast<uint64_t>(to), size, kWrite, pc, Manner::kPlain);
}

// Whether there is anything to be looked at, and from where it came.
[[gnu::always_inline]] inline bool is_watched(const Site& site, uint64_t& pc) {
  if (!hot.active || is_own_call(site.return_address)) return false;
  pc = program_site(site);
  return true;
}

constinit Real<"strnlen", kDefault, size_t(const char*, size_t)> real_strnlen;
constinit Real<"memcpy", kDefault, void*(void*, const void*, size_t)> real_memcpy;
constinit Real<"memmove", kDefault, void*(void*, const void*, size_t)> real_memmove;
constinit Real<"mempcpy", kDefault, void*(void*, const void*, size_t)> real_mempcpy;
constinit Real<"memset", kDefault, void*(void*, int, size_t)> real_memset;
constinit Real<"bzero", kDefault, void(void*, size_t)> real_bzero;
constinit Real<"memcmp", kDefault, int(const void*, const void*, size_t)> real_memcmp;
constinit Real<"bcmp", kDefault, int(const void*, const void*, size_t)> real_bcmp;
constinit Real<"strlen", kDefault, size_t(const char*)> real_strlen;
constinit Real<"strcpy", kDefault, char*(char*, const char*)> real_strcpy;
constinit Real<"strncpy", kDefault, char*(char*, const char*, size_t)> real_strncpy;
constinit Real<"strcat", kDefault, char*(char*, const char*)> real_strcat;
constinit Real<"strcmp", kDefault, int(const char*, const char*)> real_strcmp;
constinit Real<"strncmp", kDefault, int(const char*, const char*, size_t)> real_strncmp;
constinit Real<"strdup", kDefault, char*(const char*)> real_strdup;
constinit Real<"strchr", kDefault, char*(const char*, int)> real_strchr;
constinit Real<"__memcpy_chk", kDefault, void*(void*, const void*, size_t, size_t)> real_memcpy_chk;
constinit Real<"__memmove_chk", kDefault, void*(void*, const void*, size_t, size_t)> real_memmove_chk;
constinit Real<"__memset_chk", kDefault, void*(void*, int, size_t, size_t)> real_memset_chk;
constinit Real<"__strcpy_chk", kDefault, char*(char*, const char*, size_t)> real_strcpy_chk;

// As far as a comparison reads: the first difference or the end is read, too.
size_t common_length(const char* a, const char* b, size_t most) {
  size_t size = 0;
  while (size < most && a[size] == b[size] && a[size] != 0) ++size;
  return size < most ? size + 1 : size;
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using namespace gordian::hooks::races;

// Each is defined under a name of our own and given the other by the assembler: the compiler knows what
// memcpy does, and would make a call of it of what we do.
#pragma GCC visibility push(default)
extern "C" {

void* __tsan_memcpy(void* to, const void* from, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_memcpy(to, from, size);
}

void* __tsan_memmove(void* to, const void* from, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_memmove(to, from, size);
}

void* __tsan_memset(void* to, int value, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    writes(to, size, pc);
  }
  return real_memset(to, value, size);
}

void* gordian_memcpy(void* to, const void* from, size_t size) asm("memcpy");
void* gordian_memcpy(void* to, const void* from, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_memcpy(to, from, size);
}

void* gordian_memmove(void* to, const void* from, size_t size) asm("memmove");
void* gordian_memmove(void* to, const void* from, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_memmove(to, from, size);
}

void* gordian_mempcpy(void* to, const void* from, size_t size) asm("mempcpy");
void* gordian_mempcpy(void* to, const void* from, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_mempcpy(to, from, size);
}

void* gordian_memset(void* to, int value, size_t size) asm("memset");
void* gordian_memset(void* to, int value, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    writes(to, size, pc);
  }
  return real_memset(to, value, size);
}

void gordian_bzero(void* to, size_t size) asm("bzero");
void gordian_bzero(void* to, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    writes(to, size, pc);
  }
  return real_bzero(to, size);
}

int gordian_memcmp(const void* a, const void* b, size_t size) asm("memcmp");
int gordian_memcmp(const void* a, const void* b, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(a, size, pc);
    reads(b, size, pc);
  }
  return real_memcmp(a, b, size);
}

int gordian_bcmp(const void* a, const void* b, size_t size) asm("bcmp");
int gordian_bcmp(const void* a, const void* b, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(a, size, pc);
    reads(b, size, pc);
  }
  return real_bcmp(a, b, size);
}

size_t gordian_strlen(const char* text) asm("strlen");
size_t gordian_strlen(const char* text) {
  uint64_t pc;
  const size_t size = real_strlen(text);
  const to_file::Late late;
  if (is_watched(call_site(), pc)) reads(text, size + 1, pc);
  return size;
}

char* gordian_strcpy(char* to, const char* from) asm("strcpy");
char* gordian_strcpy(char* to, const char* from) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    const size_t size = real_strlen(from) + 1;
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_strcpy(to, from);
}

char* gordian_strncpy(char* to, const char* from, size_t size) asm("strncpy");
char* gordian_strncpy(char* to, const char* from, size_t size) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    const size_t length = real_strnlen(from, size);
    reads(from, length < size ? length + 1 : size, pc);
    writes(to, size, pc);
  }
  return real_strncpy(to, from, size);
}

char* gordian_strcat(char* to, const char* from) asm("strcat");
char* gordian_strcat(char* to, const char* from) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    const size_t before = real_strlen(to);
    const size_t size = real_strlen(from) + 1;
    reads(to, before + 1, pc);
    reads(from, size, pc);
    writes(to + before, size, pc);
  }
  return real_strcat(to, from);
}

int gordian_strcmp(const char* a, const char* b) asm("strcmp");
int gordian_strcmp(const char* a, const char* b) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    const size_t size = common_length(a, b, SIZE_MAX);
    reads(a, size, pc);
    reads(b, size, pc);
  }
  return real_strcmp(a, b);
}

int gordian_strncmp(const char* a, const char* b, size_t most) asm("strncmp");
int gordian_strncmp(const char* a, const char* b, size_t most) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    const size_t size = common_length(a, b, most);
    reads(a, size, pc);
    reads(b, size, pc);
  }
  return real_strncmp(a, b, most);
}

char* gordian_strdup(const char* text) asm("strdup");
char* gordian_strdup(const char* text) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(text, real_strlen(text) + 1, pc);
  }
  return real_strdup(text);
}

char* gordian_strchr(const char* text, int wanted) asm("strchr");
char* gordian_strchr(const char* text, int wanted) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(text, real_strlen(text) + 1, pc);
  }
  return real_strchr(text, wanted);
}

void* gordian_memcpy_chk(void* to, const void* from, size_t size, size_t room) asm("__memcpy_chk");
void* gordian_memcpy_chk(void* to, const void* from, size_t size, size_t room) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_memcpy_chk(to, from, size, room);
}

void* gordian_memmove_chk(void* to, const void* from, size_t size, size_t room) asm("__memmove_chk");
void* gordian_memmove_chk(void* to, const void* from, size_t size, size_t room) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_memmove_chk(to, from, size, room);
}

void* gordian_memset_chk(void* to, int value, size_t size, size_t room) asm("__memset_chk");
void* gordian_memset_chk(void* to, int value, size_t size, size_t room) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    writes(to, size, pc);
  }
  return real_memset_chk(to, value, size, room);
}

char* gordian_strcpy_chk(char* to, const char* from, size_t room) asm("__strcpy_chk");
char* gordian_strcpy_chk(char* to, const char* from, size_t room) {
  uint64_t pc;
  if (is_watched(call_site(), pc)) {
    const size_t size = real_strlen(from) + 1;
    reads(from, size, pc);
    writes(to, size, pc);
  }
  return real_strcpy_chk(to, from, room);
}

}  // extern "C"
#pragma GCC visibility pop
