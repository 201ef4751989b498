// A server waits for a connection with its lock held.
#include <pthread.h>
#include <sys/socket.h>

struct server {
  pthread_mutex_t lock;
  int listener;
  int clients;
};

int server_accept(struct server* server) {
  pthread_mutex_lock(&server->lock);
  int client = accept(server->listener, NULL, NULL);  // EXPECT: blocking-under-lock
  if (client >= 0) server->clients++;
  pthread_mutex_unlock(&server->lock);
  return client;
}
