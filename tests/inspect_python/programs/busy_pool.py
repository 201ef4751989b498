"""Healthy: threads that work, take the same locks in the same order, and wait for each other through a queue."""
import queue
import signal
import threading

signal.alarm(300)
outer, inner, work = threading.Lock(), threading.RLock(), queue.Queue(maxsize=4)


def produce():
    while True:
        with outer:
            with inner:
                item = sum(range(200))
        work.put(item)


def consume():
    while True:
        work.get()
        with outer, inner:
            sum(range(200))


for target in (produce, produce, consume, consume):
    threading.Thread(target=target, daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
