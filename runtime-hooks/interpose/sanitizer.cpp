// What a program with a sanitizer of its own is told when it asks for defaults.
//
// AddressSanitizer as a shared library refuses to start behind another preloaded library. Standing behind us
// is what it should do: its interceptors are the next definitions that our hooks call. A program that defines
// this itself, or a user's ASAN_OPTIONS, has precedence.

#pragma GCC visibility push(default)
extern "C" const char* __asan_default_options() {
  return "verify_asan_link_order=0";
}
#pragma GCC visibility pop
