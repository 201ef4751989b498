// Functions of libc of which there is an older version with another behaviour.
//
// A program that was linked with gcc's runtime found these names there, where they have no version. With the
// names of glibc alone it would be given the oldest one: a realpath that takes no null, a glob that follows
// no dangling links. So they are here, too, and lead to the present ones.
#include <glob.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>

#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

constinit Real<"realpath", kDefault, char*(const char*, char*)> real_realpath;
constinit Real<"fmemopen", kDefault, FILE*(void*, size_t, const char*)> real_fmemopen;
constinit Real<"glob", kDefault, int(const char*, int, int (*)(const char*, int), glob_t*)> real_glob;
constinit Real<"glob64", kDefault, int(const char*, int, int (*)(const char*, int), glob64_t*)> real_glob64;
constinit Real<"regexec", kDefault, int(const regex_t*, const char*, size_t, regmatch_t*, int)> real_regexec;
constinit Real<"pthread_kill", kDefault, int(pthread_t, int)> real_pthread_kill;
constinit Real<"lgamma", kDefault, double(double)> real_lgamma;
constinit Real<"lgammaf", kDefault, float(float)> real_lgammaf;
constinit Real<"lgammal", kDefault, long double(long double)> real_lgammal;

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

char* gordian_realpath(const char* path, char* resolved) asm("realpath");
char* gordian_realpath(const char* path, char* resolved) {
  return real_realpath(path, resolved);
}
FILE* gordian_fmemopen(void* memory, size_t size, const char* mode) asm("fmemopen");
FILE* gordian_fmemopen(void* memory, size_t size, const char* mode) {
  return real_fmemopen(memory, size, mode);
}
int gordian_glob(const char* pattern, int flags, int (*failed)(const char*, int), glob_t* found) asm("glob");
int gordian_glob(const char* pattern, int flags, int (*failed)(const char*, int), glob_t* found) {
  return real_glob(pattern, flags, failed, found);
}
int gordian_glob64(const char* pattern, int flags, int (*failed)(const char*, int),
                   glob64_t* found) asm("glob64");
int gordian_glob64(const char* pattern, int flags, int (*failed)(const char*, int), glob64_t* found) {
  return real_glob64(pattern, flags, failed, found);
}
int gordian_regexec(const regex_t* expression, const char* text, size_t count, regmatch_t* matches,
                    int flags) asm("regexec");
int gordian_regexec(const regex_t* expression, const char* text, size_t count, regmatch_t* matches,
                    int flags) {
  return real_regexec(expression, text, count, matches, flags);
}
int gordian_pthread_kill(pthread_t thread, int number) asm("pthread_kill");
int gordian_pthread_kill(pthread_t thread, int number) {
  return real_pthread_kill(thread, number);
}
double gordian_lgamma(double x) asm("lgamma");
double gordian_lgamma(double x) {
  return real_lgamma(x);
}
float gordian_lgammaf(float x) asm("lgammaf");
float gordian_lgammaf(float x) {
  return real_lgammaf(x);
}
long double gordian_lgammal(long double x) asm("lgammal");
long double gordian_lgammal(long double x) {
  return real_lgammal(x);
}

}  // extern "C"
#pragma GCC visibility pop
