// Functions of another library say by attributes what they take; here they meet in both orders.
#if defined(__clang__)
#define CAPABILITY(x) __attribute__((capability(x)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#else
#define CAPABILITY(x)
#define ACQUIRE(...)
#define RELEASE(...)
#endif

struct CAPABILITY("mutex") Lock {
  int word;
};

extern Lock screen, keyboard;
void screen_enter() ACQUIRE(screen);
void screen_leave() RELEASE(screen);
void keyboard_enter() ACQUIRE(keyboard);
void keyboard_leave() RELEASE(keyboard);

void echo() {
  keyboard_enter();
  screen_enter();  // EXPECT: lock-order-inversion
  screen_leave();
  keyboard_leave();
}

void prompt() {
  screen_enter();
  keyboard_enter();  // EXPECT: lock-order-inversion
  keyboard_leave();
  screen_leave();
}
