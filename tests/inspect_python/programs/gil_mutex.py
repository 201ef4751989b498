"""A thread that keeps the interpreter lock waits for a native mutex, whose holder waits for the interpreter lock."""
import ctypes
import signal
import threading

signal.alarm(300)
drops_the_gil = ctypes.CDLL(None).pthread_mutex_lock
keeps_the_gil = ctypes.PyDLL(None).pthread_mutex_lock
mutex = (ctypes.c_uint64 * 8)()
taken = threading.Event()


def hold_mutex():
    drops_the_gil(mutex)
    taken.set()
    while True:  # sooner or later the other one has the interpreter lock
        pass


def keep_gil():
    taken.wait()
    keeps_the_gil(mutex)


threads = [threading.Thread(target=hold_mutex), threading.Thread(target=keep_gil)]
print("ready", flush=True)
for thread in threads:
    thread.start()
threads[0].join()
