// What a program calls around system calls that it makes by itself (<sanitizer/linux_syscall_hooks.h>), and
// what compilers call for coverage. A finished program that calls them has to find them.
//
// Of the eight calls that move bytes, what the kernel did to the buffer is looked at as an access of the
// program's own, when it is known how much it was; a fork is a fork. Nothing is taken from the others, and no
// coverage is kept.
#include "runtime-hooks/fork.h"
#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/system_calls.h"

namespace gordian::hooks::races {
namespace {

[[gnu::always_inline]] inline void moves(long buffer, long size, Entry bits, const void* from) {
  if (buffer == 0 || size <= 0) return;
  access_range(static_cast<uint64_t>(buffer), static_cast<uint64_t>(size), bits,
               reinterpret_cast<uint64_t>(from), Manner::kPlain);
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

void __sanitizer_syscall_post_impl_write(long moved, long, long buffer, long) {
  moves(buffer, moved, 0, __builtin_return_address(0));
}
void __sanitizer_syscall_post_impl_pwrite64(long moved, long, long buffer, long, long) {
  moves(buffer, moved, 0, __builtin_return_address(0));
}
void __sanitizer_syscall_post_impl_send(long moved, long, long buffer, long, long) {
  moves(buffer, moved, 0, __builtin_return_address(0));
}
void __sanitizer_syscall_post_impl_sendto(long moved, long, long buffer, long, long, long, long) {
  moves(buffer, moved, 0, __builtin_return_address(0));
}
void __sanitizer_syscall_post_impl_read(long moved, long, long buffer, long) {
  moves(buffer, moved, kWrite, __builtin_return_address(0));
}
void __sanitizer_syscall_post_impl_pread64(long moved, long, long buffer, long, long) {
  moves(buffer, moved, kWrite, __builtin_return_address(0));
}
void __sanitizer_syscall_post_impl_recv(long moved, long, long buffer, long, long) {
  moves(buffer, moved, kWrite, __builtin_return_address(0));
}
void __sanitizer_syscall_post_impl_recvfrom(long moved, long, long buffer, long, long, long, long) {
  moves(buffer, moved, kWrite, __builtin_return_address(0));
}

void __sanitizer_syscall_pre_impl_fork() {
  gordian::hooks::fork_begins();
}
void __sanitizer_syscall_post_impl_fork(long child) {
  if (child == 0)
    gordian::hooks::fork_over_in_child();
  else
    gordian::hooks::fork_over_in_parent();
}

void __sanitizer_syscall_pre_impl_read() {}

#define WITHOUT_EFFECT(name) [[gnu::alias("__sanitizer_syscall_pre_impl_read")]] void name();
#define SYSTEM_CALL(name)                             \
  WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_##name) \
  WITHOUT_EFFECT(__sanitizer_syscall_post_impl_##name)
GORDIAN_SYSTEM_CALLS(SYSTEM_CALL)
WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_write)
WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_pwrite64)
WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_send)
WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_sendto)
WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_pread64)
WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_recv)
WITHOUT_EFFECT(__sanitizer_syscall_pre_impl_recvfrom)

WITHOUT_EFFECT(__sanitizer_cov_8bit_counters_init)
WITHOUT_EFFECT(__sanitizer_cov_bool_flag_init)
WITHOUT_EFFECT(__sanitizer_cov_dump)
WITHOUT_EFFECT(__sanitizer_cov_pcs_init)
WITHOUT_EFFECT(__sanitizer_cov_reset)
WITHOUT_EFFECT(__sanitizer_cov_trace_cmp)
WITHOUT_EFFECT(__sanitizer_cov_trace_cmp1)
WITHOUT_EFFECT(__sanitizer_cov_trace_cmp2)
WITHOUT_EFFECT(__sanitizer_cov_trace_cmp4)
WITHOUT_EFFECT(__sanitizer_cov_trace_cmp8)
WITHOUT_EFFECT(__sanitizer_cov_trace_const_cmp1)
WITHOUT_EFFECT(__sanitizer_cov_trace_const_cmp2)
WITHOUT_EFFECT(__sanitizer_cov_trace_const_cmp4)
WITHOUT_EFFECT(__sanitizer_cov_trace_const_cmp8)
WITHOUT_EFFECT(__sanitizer_cov_trace_div4)
WITHOUT_EFFECT(__sanitizer_cov_trace_div8)
WITHOUT_EFFECT(__sanitizer_cov_trace_gep)
WITHOUT_EFFECT(__sanitizer_cov_trace_pc_guard)
WITHOUT_EFFECT(__sanitizer_cov_trace_pc_guard_init)
WITHOUT_EFFECT(__sanitizer_cov_trace_pc_indir)
WITHOUT_EFFECT(__sanitizer_cov_trace_switch)

}  // extern "C"
#pragma GCC visibility pop
