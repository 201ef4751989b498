// Linked statically: no hooks can be loaded into it.
int main(void) {
  return 0;
}
