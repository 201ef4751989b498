static long late;

void count_late(void) {
  ++late;
}
