"""Four threads count under a lock, and wait for each other at a barrier and a condition."""

import threading

lock = threading.Lock()
barrier = threading.Barrier(4)
total = 0


def count():
    global total
    for _ in range(500):
        with lock:
            total += 1
        barrier.wait()


threads = [threading.Thread(target=count) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total)
