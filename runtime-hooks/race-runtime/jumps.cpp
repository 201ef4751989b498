// longjmp and its kin: functions that are jumped out of never say that they leave. Their frames on the shadow
// call stack are those entered with a stack pointer below the one that the jump goes to.
//
// Not in the list of real.h: only this variant stands in front of them.
#include <setjmp.h>

#include "runtime-hooks/arch.h"
#include "runtime-hooks/race-runtime/thread.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

using Jump = void(__jmp_buf_tag*, int);
constinit Real<"longjmp", kDefault, Jump> real_longjmp;
constinit Real<"_longjmp", kDefault, Jump> real_plain_longjmp;
constinit Real<"siglongjmp", kDefault, Jump> real_siglongjmp;
constinit Real<"__longjmp_chk", kDefault, Jump> real_longjmp_chk;

template <typename Function>
[[noreturn]] void jump(const Function& function, __jmp_buf_tag* target, int value) {
  jumped_to(stack_pointer_in(target->__jmpbuf));
  function(target, value);
  __builtin_unreachable();
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

void gordian_longjmp(__jmp_buf_tag* target, int value) asm("longjmp");
void gordian_longjmp(__jmp_buf_tag* target, int value) {
  jump(real_longjmp, target, value);
}
void gordian_plain_longjmp(__jmp_buf_tag* target, int value) asm("_longjmp");
void gordian_plain_longjmp(__jmp_buf_tag* target, int value) {
  jump(real_plain_longjmp, target, value);
}
void gordian_siglongjmp(__jmp_buf_tag* target, int value) asm("siglongjmp");
void gordian_siglongjmp(__jmp_buf_tag* target, int value) {
  jump(real_siglongjmp, target, value);
}
void gordian_longjmp_chk(__jmp_buf_tag* target, int value) asm("__longjmp_chk");
void gordian_longjmp_chk(__jmp_buf_tag* target, int value) {
  jump(real_longjmp_chk, target, value);
}

}  // extern "C"
#pragma GCC visibility pop
