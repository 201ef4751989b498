// The socket is asked not to block.
#include <pthread.h>
#include <sys/socket.h>

struct session {
  pthread_mutex_t lock;
  int socket;
  char message[64];
};

int session_try_read(struct session* session) {
  pthread_mutex_lock(&session->lock);
  int result = (int)recv(session->socket, session->message, sizeof session->message, MSG_DONTWAIT);
  pthread_mutex_unlock(&session->lock);
  return result;
}
