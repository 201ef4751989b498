// A use after free that AddressSanitizer finds, and ends with its own exit code.
#include <stdlib.h>

int main(void) {
  volatile char* block = malloc(10);
  free((void*)block);
  return block[1];
}
