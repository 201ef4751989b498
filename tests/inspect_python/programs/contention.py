"""Healthy: four threads that do nothing but compute, and so fight for the interpreter lock."""
import signal
import threading

signal.alarm(300)


def compute():
    while True:
        sum(range(1000))


for _ in range(3):
    threading.Thread(target=compute, daemon=True).start()
print("ready", flush=True)
compute()
