#!/usr/bin/python3
# The twin of python_locks.py: both threads take the locks in one order. No finding.
import threading

savings_lock = threading.Lock()
checking_lock = threading.Lock()
transfers = 0


def transfer_often():
    global transfers
    for _ in range(1000):
        with checking_lock:
            with savings_lock:
                transfers += 1


saver = threading.Thread(target=transfer_often, name="saver")
spender = threading.Thread(target=transfer_often, name="spender")
saver.start()
spender.start()
saver.join()
spender.join()
print(transfers, "transfers")
