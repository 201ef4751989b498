// Threads that come one after the other in practice, and not by force: each waits until its predecessor's
// turn is over, but no longer than kPatience. So an ordinary run is clean; where a thread is held up within
// its turn, the next one goes all the same, and what can go wrong between the two turns does.
//
// All meet before the first turn, so that a slow start takes nothing from that patience. Nothing here blocks,
// and the threads are joined with no lock held. C and C++.
#pragma once

#include "support.h"

enum { kPatience = 400, kMostTurns = 16 };  // milliseconds; threads

struct Turn {
  void (*body)(int turn);
  void (*plain)(void);
  int index;
  int count;
  int* gate;
  const int* before;  // the predecessor's flag
  int over;
};

static inline void* take_turn(void* argument) {
  struct Turn* turn = (struct Turn*)argument;
  char name[16];
  snprintf(name, sizeof(name), "turn %d", turn->index);
  name_thread(name);
  meet(turn->gate, turn->count);
  if (turn->before != NULL) await_flag_for(turn->before, kPatience);
  if (turn->plain != NULL)
    turn->plain();
  else
    turn->body(turn->index);
  raise_flag(&turn->over);
  return NULL;
}

static inline void run_turns(struct Turn* turns, int count) {
  pthread_t threads[kMostTurns];
  int gate = 0;
  CHECK_THAT(count <= kMostTurns);
  for (int i = 0; i < count; ++i) {
    turns[i].index = i;
    turns[i].count = count;
    turns[i].gate = &gate;
    turns[i].before = i > 0 ? &turns[i - 1].over : NULL;
    turns[i].over = 0;
  }
  for (int i = 0; i < count; ++i) threads[i] = start(take_turn, &turns[i]);
  for (int i = 0; i < count; ++i) join(threads[i]);
}

// `body(0)`, `body(1)`, ... in a thread each.
static inline void in_turns(int count, void (*body)(int turn)) {
  struct Turn turns[kMostTurns];
  memset(turns, 0, sizeof(turns));
  CHECK_THAT(count <= kMostTurns);
  for (int i = 0; i < count; ++i) turns[i].body = body;
  run_turns(turns, count);
}

// `first()`, then `second()`, in a thread each.
static inline void two_turns(void (*first)(void), void (*second)(void)) {
  struct Turn turns[2];
  memset(turns, 0, sizeof(turns));
  turns[0].plain = first;
  turns[1].plain = second;
  run_turns(turns, 2);
}
