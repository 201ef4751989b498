"""Healthy: one thread, which waits for input."""
import signal

signal.alarm(300)
print("ready", flush=True)
input()
