// Functions of libc that read or write the program's memory for it, beyond those of memory_calls.cpp: of
// <string.h>, as far as their result tells what they read, and of <stdio.h>.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

void looks_at(const void* from, size_t size, const Site& site) {
  if (!hot.active || from == nullptr || is_own_call(site.return_address)) return;
  access_range(reinterpret_cast<uint64_t>(from), size, 0, program_site(site), Manner::kPlain);
}
void fills(const void* to, size_t size, const Site& site) {
  if (!hot.active || to == nullptr || is_own_call(site.return_address)) return;
  access_range(reinterpret_cast<uint64_t>(to), size, kWrite, program_site(site), Manner::kPlain);
}

constinit Real<"strlen", kDefault, size_t(const char*)> text_length;
constinit Real<"strnlen", kDefault, size_t(const char*, size_t)> real_strnlen_of_text;
constinit Real<"memchr", kDefault, void*(const void*, int, size_t)> real_memchr;
constinit Real<"memrchr", kDefault, void*(const void*, int, size_t)> real_memrchr;
constinit Real<"strrchr", kDefault, char*(const char*, int)> real_strrchr;
constinit Real<"strstr", kDefault, char*(const char*, const char*)> real_strstr;
constinit Real<"strcasecmp", kDefault, int(const char*, const char*)> real_strcasecmp;
constinit Real<"strncasecmp", kDefault, int(const char*, const char*, size_t)> real_strncasecmp;
constinit Real<"strncat", kDefault, char*(char*, const char*, size_t)> real_strncat;
constinit Real<"stpcpy", kDefault, char*(char*, const char*)> real_stpcpy;
constinit Real<"strndup", kDefault, char*(const char*, size_t)> real_strndup;
constinit Real<"puts", kDefault, int(const char*)> real_puts;
constinit Real<"fputs", kDefault, int(const char*, FILE*)> real_fputs;
constinit Real<"fwrite", kDefault, size_t(const void*, size_t, size_t, FILE*)> real_fwrite;
constinit Real<"fread", kDefault, size_t(void*, size_t, size_t, FILE*)> real_fread;
constinit Real<"fgets", kDefault, char*(char*, int, FILE*)> real_fgets;
constinit Real<"strerror_r", kDefault, char*(int, char*, size_t)> real_strerror_r;
constinit Real<"vsnprintf", kDefault, int(char*, size_t, const char*, va_list)> real_vsnprintf;
constinit Real<"vsprintf", kDefault, int(char*, const char*, va_list)> real_vsprintf;

int printed(int count, const char* to, size_t room, const char* format, const Site& site) {
  if (!hot.active) return count;
  looks_at(format, text_length(format) + 1, site);
  if (count < 0 || room == 0) return count;
  const size_t whole = static_cast<size_t>(count) + 1;
  fills(to, whole < room ? whole : room, site);
  return count;
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

size_t gordian_strnlen(const char* text, size_t most) asm("strnlen");
size_t gordian_strnlen(const char* text, size_t most) {
  const size_t size = real_strnlen_of_text(text, most);
  looks_at(text, size < most ? size + 1 : most, call_site());
  return size;
}

void* gordian_memchr(const void* from, int wanted, size_t size) asm("memchr");
void* gordian_memchr(const void* from, int wanted, size_t size) {
  void* found = real_memchr(from, wanted, size);
  const auto* begin = static_cast<const char*>(from);
  looks_at(from, found != nullptr ? static_cast<size_t>(static_cast<char*>(found) - begin) + 1 : size,
           call_site());
  return found;
}

void* gordian_memrchr(const void* from, int wanted, size_t size) asm("memrchr");
void* gordian_memrchr(const void* from, int wanted, size_t size) {
  looks_at(from, size, call_site());
  return real_memrchr(from, wanted, size);
}

char* gordian_strrchr(const char* text, int wanted) asm("strrchr");
char* gordian_strrchr(const char* text, int wanted) {
  if (hot.active) looks_at(text, text_length(text) + 1, call_site());
  return real_strrchr(text, wanted);
}

char* gordian_strstr(const char* text, const char* wanted) asm("strstr");
char* gordian_strstr(const char* text, const char* wanted) {
  char* found = real_strstr(text, wanted);
  if (hot.active) {
    const size_t size = text_length(wanted);
    looks_at(wanted, size + 1, call_site());
    looks_at(text, found != nullptr ? static_cast<size_t>(found - text) + size : text_length(text) + 1,
             call_site());
  }
  return found;
}

int gordian_strcasecmp(const char* a, const char* b) asm("strcasecmp");
int gordian_strcasecmp(const char* a, const char* b) {
  if (hot.active) {
    const size_t most = text_length(a) < text_length(b) ? text_length(a) : text_length(b);
    size_t size = 0;
    while (size < most && real_strncasecmp(a + size, b + size, 1) == 0) ++size;
    looks_at(a, size + 1, call_site());
    looks_at(b, size + 1, call_site());
  }
  return real_strcasecmp(a, b);
}

int gordian_strncasecmp(const char* a, const char* b, size_t most) asm("strncasecmp");
int gordian_strncasecmp(const char* a, const char* b, size_t most) {
  if (hot.active) {
    size_t size = 0;
    while (size < most && a[size] != 0 && real_strncasecmp(a + size, b + size, 1) == 0) ++size;
    if (size < most) ++size;
    looks_at(a, size, call_site());
    looks_at(b, size, call_site());
  }
  return real_strncasecmp(a, b, most);
}

char* gordian_strncat(char* to, const char* from, size_t most) asm("strncat");
char* gordian_strncat(char* to, const char* from, size_t most) {
  if (hot.active) {
    const size_t before = text_length(to);
    const size_t size = real_strnlen_of_text(from, most);
    looks_at(to, before + 1, call_site());
    looks_at(from, size < most ? size + 1 : size, call_site());
    fills(to + before, size + 1, call_site());
  }
  return real_strncat(to, from, most);
}

char* gordian_stpcpy(char* to, const char* from) asm("stpcpy");
char* gordian_stpcpy(char* to, const char* from) {
  if (hot.active) {
    const size_t size = text_length(from) + 1;
    looks_at(from, size, call_site());
    fills(to, size, call_site());
  }
  return real_stpcpy(to, from);
}

char* gordian_strndup(const char* text, size_t most) asm("strndup");
char* gordian_strndup(const char* text, size_t most) {
  if (hot.active) {
    const size_t size = real_strnlen_of_text(text, most);
    looks_at(text, size < most ? size + 1 : size, call_site());
  }
  return real_strndup(text, most);
}

int gordian_puts(const char* text) asm("puts");
int gordian_puts(const char* text) {
  if (hot.active) looks_at(text, text_length(text) + 1, call_site());
  return real_puts(text);
}

int gordian_fputs(const char* text, FILE* file) asm("fputs");
int gordian_fputs(const char* text, FILE* file) {
  if (hot.active) looks_at(text, text_length(text) + 1, call_site());
  return real_fputs(text, file);
}

size_t gordian_fwrite(const void* from, size_t size, size_t count, FILE* file) asm("fwrite");
size_t gordian_fwrite(const void* from, size_t size, size_t count, FILE* file) {
  looks_at(from, size * count, call_site());
  return real_fwrite(from, size, count, file);
}

size_t gordian_fread(void* to, size_t size, size_t count, FILE* file) asm("fread");
size_t gordian_fread(void* to, size_t size, size_t count, FILE* file) {
  const size_t done = real_fread(to, size, count, file);
  fills(to, size * done, call_site());
  return done;
}

char* gordian_fgets(char* to, int size, FILE* file) asm("fgets");
char* gordian_fgets(char* to, int size, FILE* file) {
  char* result = real_fgets(to, size, file);
  if (result != nullptr && hot.active) fills(to, text_length(to) + 1, call_site());
  return result;
}

char* gordian_strerror_r(int number, char* to, size_t room) asm("strerror_r");
char* gordian_strerror_r(int number, char* to, size_t room) {
  char* text = real_strerror_r(number, to, room);
  if (text == to && room != 0 && hot.active) fills(to, text_length(to) + 1, call_site());
  return text;
}

int gordian_vsnprintf(char* to, size_t room, const char* format, va_list arguments) asm("vsnprintf");
int gordian_vsnprintf(char* to, size_t room, const char* format, va_list arguments) {
  return printed(real_vsnprintf(to, room, format, arguments), to, room, format, call_site());
}

int gordian_snprintf(char* to, size_t room, const char* format, ...) asm("snprintf");
int gordian_snprintf(char* to, size_t room, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int count = real_vsnprintf(to, room, format, arguments);
  va_end(arguments);
  return printed(count, to, room, format, call_site());
}

int gordian_vsprintf(char* to, const char* format, va_list arguments) asm("vsprintf");
int gordian_vsprintf(char* to, const char* format, va_list arguments) {
  return printed(real_vsprintf(to, format, arguments), to, SIZE_MAX, format, call_site());
}

int gordian_sprintf(char* to, const char* format, ...) asm("sprintf");
int gordian_sprintf(char* to, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int count = real_vsprintf(to, format, arguments);
  va_end(arguments);
  return printed(count, to, SIZE_MAX, format, call_site());
}

}  // extern "C"
#pragma GCC visibility pop
