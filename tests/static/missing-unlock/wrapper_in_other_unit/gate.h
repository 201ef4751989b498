// A gate over two units.
#pragma once

void gate_enter(void);
void gate_leave(void);
int gate_count(int limit);
