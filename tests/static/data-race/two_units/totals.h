// Totals of a program of two units.
#pragma once

extern long total_bytes;

void* count_bytes(void* unused);
