// Totals of a program of two units.
#pragma once

void total_add(long bytes);
long total_get(void);
void* count_bytes(void* unused);
