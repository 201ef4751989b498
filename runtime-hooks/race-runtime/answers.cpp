// The rest of what a program may call of ThreadSanitizer's runtime: answered, so that it loads and goes on.
//
// Reports are not taken apart in the process here (tsan_interface's __tsan_on_report is never called): each
// question about one is answered with "there is none".
#include "runtime-hooks/race-runtime/thread.h"

namespace gordian::hooks::races {
namespace {

void say_nothing(char* out, unsigned long size) {
  if (size != 0) *out = 0;
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

// Not done: the kernel would have to find memory for all of the shadow.
int mlockall(int) {
  return 0;
}

void __sanitizer_symbolize_pc(void*, const char*, char* out, unsigned long size) {
  say_nothing(out, size);
}
void __sanitizer_symbolize_global(void*, const char*, char* out, unsigned long size) {
  say_nothing(out, size);
}
int __sanitizer_get_module_and_offset_for_pc(void*, char* out, unsigned long size, void** offset) {
  say_nothing(out, size);
  *offset = nullptr;
  return 0;
}
const char* __sanitizer_get_report_path() {
  return "";
}
unsigned long __sanitizer_get_free_bytes() {
  return 0;
}
unsigned long __sanitizer_get_unmapped_bytes() {
  return 0;
}
int __sanitizer_install_malloc_and_free_hooks(void*, void*) {
  return 0;
}

void __sanitizer_purge_allocator() {}
int __sanitizer_ignore_free_hook(void*) {
  return 0;
}
void __tsan_on_thread_idle() {}
void __tsan_check_no_mutexes_held() {}
unsigned long __tsan_testonly_shadow_stack_current_size() {
  return hot.thread != nullptr ? static_cast<unsigned long>(hot.top - hot.thread->frames) : 0;
}

void* __tsan_get_current_report() {
  return nullptr;
}
int __tsan_get_report_data() {
  return 0;
}
int __tsan_get_report_stack() {
  return 0;
}
int __tsan_get_report_mop() {
  return 0;
}
int __tsan_get_report_loc() {
  return 0;
}
int __tsan_get_report_loc_object_type() {
  return 0;
}
int __tsan_get_report_mutex() {
  return 0;
}
int __tsan_get_report_thread() {
  return 0;
}
int __tsan_get_report_unique_tid() {
  return 0;
}
int __tsan_get_report_tag() {
  return 0;
}
const char* __tsan_locate_address() {
  return "";
}
int __tsan_get_alloc_stack() {
  return 0;
}

}  // extern "C"
#pragma GCC visibility pop
