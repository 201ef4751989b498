"""Healthy: a thread waits on a Condition over a Lock that it took with `with`; another one has the Lock and works."""
import signal
import threading

signal.alarm(300)
lock = threading.Lock()
changed = threading.Condition(lock)


def wait_for_change():
    while True:
        with lock:
            changed.wait()


def change():
    while True:
        with lock:
            sum(range(1000))
            changed.notify()


for target in (wait_for_change, wait_for_change, change):
    threading.Thread(target=target, daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
