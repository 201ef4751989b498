#!/usr/bin/python3
# EXPECT: rule=deadlock grade=inferred threads=2 kinds=semaphore,semaphore
# Two threading.Locks taken in opposite order by two Python threads. CPython's locks are semaphores underneath, which have
# no owner: who holds one is known from who took it, so the finding is inferred.
# Compare python_locks_clean.py, where both threads use one order.
import threading

savings_lock = threading.Lock()
checking_lock = threading.Lock()

# Makes the unlucky moment certain: nobody goes on until both threads hold their first lock.
both_hold_one = threading.Barrier(2)


def transfer(first, second):
    with first:
        both_hold_one.wait()
        with second:  # each waits here for what the other holds
            print(threading.current_thread().name, "done")


saver = threading.Thread(target=transfer, args=(checking_lock, savings_lock), name="saver")
spender = threading.Thread(target=transfer, args=(savings_lock, checking_lock), name="spender")
saver.start()
spender.start()
saver.join()
spender.join()
