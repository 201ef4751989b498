"""The same with RLocks, one of which was taken without a `with`."""
import signal
import threading

signal.alarm(300)
first, second = threading.RLock(), threading.RLock()
both_have_one = threading.Barrier(2)


def pay():
    first.acquire()
    both_have_one.wait()
    second.acquire()


def refund():
    with second:
        with second:
            both_have_one.wait()
            with first:
                pass


threads = [threading.Thread(target=pay), threading.Thread(target=refund)]
for thread in threads:
    thread.start()
print("ready", flush=True)
threads[0].join()
