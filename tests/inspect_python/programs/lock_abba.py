"""Two threads take two threading.Locks in opposite orders, each with two `with` blocks."""
import signal
import threading

signal.alarm(300)  # nothing outlives the test
first, second = threading.Lock(), threading.Lock()
both_have_one = threading.Barrier(2)


def pay(mine, other):
    with mine:  # TAKES
        both_have_one.wait()
        with other:  # BLOCKS
            pass


def refund(mine, other):
    with mine:
        both_have_one.wait()
        with other:
            pass


threads = [threading.Thread(target=pay, args=(first, second)), threading.Thread(target=refund, args=(second, first))]
for thread in threads:
    thread.start()
print("ready", flush=True)
threads[0].join()
