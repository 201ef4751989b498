"""Healthy: two threads come back from Condition.wait and both want the Lock of their `with` again; the one that has it works."""
import signal
import threading

signal.alarm(300)
lock = threading.Lock()
changed = threading.Condition(lock)
waiting = 0


def wait_for_change():
    global waiting
    with lock:
        waiting += 1
        changed.wait()


for _ in range(2):
    threading.Thread(target=wait_for_change, daemon=True).start()
while waiting < 2:
    pass
lock.acquire()
changed.notify_all()
print("ready", flush=True)
while True:
    sum(range(1000))
