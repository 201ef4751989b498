#include "runtime-hooks/race-sampler/access_form.h"

#include <gtest/gtest.h>

#include <vector>

namespace gordian::hooks::races {
namespace {

using record::RaceAccess;

constexpr uint64_t kAt = 0x401000;

AccessForm form_of(const std::vector<uint8_t>& code) {
  AccessForm form;
  EXPECT_TRUE(decode_form(kAt, code.data(), code.size(), form));
  return form;
}

TEST(AccessForm, a_load_is_a_move_that_reads) {
  const AccessForm form = form_of({0x8b, 0x44, 0x8f, 0x10});  // mov 0x10(%rdi,%rcx,4), %eax
  EXPECT_EQ(form.access, RaceAccess::kRead);
  EXPECT_EQ(form.size, 4);
  EXPECT_TRUE(form.is_move && is_site(form));
  Registers registers{};
  registers.value[5] = 0x1000;
  registers.value[2] = 3;
  EXPECT_EQ(effective_address(form, registers), 0x1000u + 12 + 0x10);
}

TEST(AccessForm, a_variable_of_the_module_is_named_from_the_next_instruction) {
  const AccessForm form = form_of({0x48, 0x83, 0x05, 0x08, 0, 0, 0, 0x01});  // addq $1, 8(%rip)
  EXPECT_EQ(form.access, RaceAccess::kUpdate);
  EXPECT_EQ(form.base, kNoRegister);
  EXPECT_EQ(effective_address(form, Registers{}), kAt + 8 + 8);
}

TEST(AccessForm, arithmetic_on_memory_is_surely_plain_where_gcc_made_it) {
  const AccessForm form = form_of({0x48, 0x83, 0x05, 0x08, 0, 0, 0, 0x01});
  EXPECT_TRUE(is_surely_plain(form, 0x5000, true));
  EXPECT_FALSE(is_surely_plain(form, 0x5000, false));
  EXPECT_TRUE(is_surely_plain(form, 0x5003, false));  // no atomic operation is unaligned
}

TEST(AccessForm, a_move_may_be_atomic_whoever_made_it) {
  EXPECT_FALSE(is_surely_plain(form_of({0x48, 0x8b, 0x07}), 0x5000, true));        // mov (%rdi), %rax
  EXPECT_FALSE(is_surely_plain(form_of({0x48, 0x63, 0x07}), 0x5000, true));        // movslq (%rdi), %rax
  EXPECT_FALSE(is_surely_plain(form_of({0x0f, 0xb6, 0x07}), 0x5001, true));        // movzbl (%rdi), %eax
  EXPECT_FALSE(is_surely_plain(form_of({0xf2, 0x0f, 0x10, 0x07}), 0x5000, true));  // movsd (%rdi), %xmm0
}

TEST(AccessForm, a_lock_prefix_or_an_exchange_is_atomic_and_no_site) {
  const AccessForm locked = form_of({0xf0, 0x48, 0xff, 0x07});  // lock incq (%rdi)
  const AccessForm exchange = form_of({0x87, 0x07});            // xchg %eax, (%rdi)
  EXPECT_TRUE(locked.is_locked && exchange.is_locked);
  EXPECT_FALSE(is_site(locked) || is_site(exchange));
  EXPECT_FALSE(is_surely_plain(locked, 0x5001, true));
}

TEST(AccessForm, what_names_no_data_is_no_site) {
  EXPECT_FALSE(is_site(form_of({0x48, 0x8d, 0x47, 0x08})));                 // lea 8(%rdi), %rax
  EXPECT_FALSE(is_site(form_of({0x0f, 0x1f, 0x44, 0x00, 0x00})));           // nopl 0(%rax,%rax)
  EXPECT_FALSE(is_site(form_of({0x53})));                                   // push %rbx
  EXPECT_FALSE(is_site(form_of({0xff, 0x60, 0x08})));                       // jmp *8(%rax)
  EXPECT_FALSE(is_site(form_of({0x8b, 0x44, 0x24, 0x08})));                 // mov 8(%rsp), %eax
  EXPECT_FALSE(is_site(form_of({0x8b, 0x45, 0xf8})));                       // mov -8(%rbp), %eax
  EXPECT_FALSE(is_site(form_of({0x64, 0x8b, 0x04, 0x25, 0x10, 0, 0, 0})));  // mov %fs:0x10, %eax
  EXPECT_FALSE(is_site(form_of({0xf3, 0x48, 0xa5})));                       // rep movsq
}

TEST(AccessForm, a_load_over_its_own_address_says_so) {
  EXPECT_TRUE(form_of({0x48, 0x8b, 0x00}).writes_address);   // mov (%rax), %rax
  EXPECT_TRUE(form_of({0x8b, 0x00}).writes_address);         // mov (%rax), %eax
  EXPECT_FALSE(form_of({0x48, 0x8b, 0x07}).writes_address);  // mov (%rdi), %rax
}

TEST(AccessForm, sixteen_bytes_at_any_address_are_surely_plain) {
  EXPECT_TRUE(is_surely_plain(form_of({0x0f, 0x11, 0x07}), 0x5000, false));   // movups %xmm0, (%rdi)
  EXPECT_FALSE(is_surely_plain(form_of({0x0f, 0x29, 0x07}), 0x5000, false));  // movaps %xmm0, (%rdi)
}

}  // namespace
}  // namespace gordian::hooks::races
