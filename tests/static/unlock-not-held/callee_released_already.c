// The callee gives the lock back, and the caller once more.
#include <pthread.h>

struct request {
  pthread_mutex_t lock;
  int replies;
};

static void reply_and_unlock(struct request* request) {
  request->replies++;
  pthread_mutex_unlock(&request->lock);
}

void handle(struct request* request, int valid) {
  pthread_mutex_lock(&request->lock);
  if (valid) reply_and_unlock(request);
  pthread_mutex_unlock(&request->lock);  // EXPECT: unlock-not-held
}
