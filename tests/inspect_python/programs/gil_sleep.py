"""Healthy: a thread sleeps with the interpreter lock in its hands, and the others wait until it wakes."""
import ctypes
import signal
import threading

signal.alarm(300)
sleep_with_the_gil = ctypes.PyDLL(None).usleep


def nap():
    while True:
        sleep_with_the_gil(20000)


def compute():
    while True:
        sum(range(1000))


for target in (nap, compute, compute):
    threading.Thread(target=target, daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
