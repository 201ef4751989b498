// INSPECT: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
// INSPECT[send]: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
// INSPECT[datagram]: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
// INSPECT[timeout]: nothing
// INSPECT[send_timeout]: nothing
// INSPECT[other_timeout]: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
// INSPECT[third]: nothing
// INSPECT[network]: nothing
// Parent and child both wait for the other to say something over a pair of sockets, or both say more than it
// takes.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "family.h"

static int ends[2];
static int* ready;

static void talk(int end) {
  char block[4096] = {0};
  const int sends = variant("send") || variant("send_timeout");
  while (sends) CHECK_SYSTEM(send(end, block, sizeof block, 0));
  CHECK_SYSTEM(recv(end, block, sizeof block, 0));
}

static void run_child(void) {
  CHECK_SYSTEM(close(ends[0]));
  talk(ends[1]);
}

static void keep_both_ends(void) {
  raise_flag(ready);
  pass_time(1000000);
}

static void set_timeout(int end, int which) {
  const struct timeval long_time = {1000, 0};
  CHECK_SYSTEM(setsockopt(end, SOL_SOCKET, which, &long_time, sizeof long_time));
}

// A pair over the loopback, whose other end could be anywhere.
static void connect_over_network(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  const int listener = (int)CHECK_SYSTEM(socket(AF_INET, SOCK_STREAM, 0));
  CHECK_SYSTEM(bind(listener, (struct sockaddr*)&address, size));
  CHECK_SYSTEM(listen(listener, 1));
  CHECK_SYSTEM(getsockname(listener, (struct sockaddr*)&address, &size));
  ends[0] = (int)CHECK_SYSTEM(socket(AF_INET, SOCK_STREAM, 0));
  CHECK_SYSTEM(connect(ends[0], (struct sockaddr*)&address, size));
  ends[1] = (int)CHECK_SYSTEM(accept(listener, NULL, NULL));
}

int main(int count, char** values) {
  take_arguments(count, values);
  ready = shared_by_all(sizeof *ready);
  if (variant("network"))
    connect_over_network();
  else
    CHECK_SYSTEM(socketpair(AF_UNIX, variant("datagram") ? SOCK_DGRAM : SOCK_STREAM, 0, ends));
  if (variant("timeout")) set_timeout(ends[0], SO_RCVTIMEO);
  if (variant("send_timeout")) set_timeout(ends[0], SO_SNDTIMEO);
  if (variant("other_timeout")) set_timeout(ends[0], SO_SNDTIMEO);
  if (variant("third")) {
    child(keep_both_ends);
    await_flag(ready);
  }
  child(run_child);
  CHECK_SYSTEM(close(ends[1]));
  talk(ends[0]);
  return 0;
}
