// A wrapper that receives all of a message, called under a lock.
#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>

struct session {
  pthread_mutex_t lock;
  int socket;
  char message[64];
};

static int receive_all(int socket, char* into, size_t size) {
  size_t done = 0;
  while (done < size) {
    ssize_t got = recv(socket, into + done, size - done, 0);
    if (got <= 0) return -1;
    done += (size_t)got;
  }
  return 0;
}

int session_read(struct session* session) {
  pthread_mutex_lock(&session->lock);
  int result =
      receive_all(session->socket, session->message, sizeof session->message);  // EXPECT: blocking-under-lock
  pthread_mutex_unlock(&session->lock);
  return result;
}
