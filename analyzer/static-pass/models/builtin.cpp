#include "analyzer/static-pass/models/builtin.h"

namespace gordian::check {

const std::string_view kBuiltinModels = R"models(# POSIX threads
pthread_mutex_t lock-class
pthread_rwlock_t lock-class rwlock
pthread_spinlock_t lock-class spinlock
pthread_mutex_lock acquires 0 mutex
pthread_mutex_trylock tries 0 zero mutex
pthread_mutex_unlock releases 0 mutex
pthread_mutex_destroy destroys 0 mutex
pthread_spin_lock acquires 0 spinlock
pthread_spin_trylock tries 0 zero spinlock
pthread_spin_unlock releases 0 spinlock
pthread_spin_destroy destroys 0 spinlock
pthread_mutex_timedlock tries 0 zero timed
pthread_mutex_clocklock tries 0 zero timed
pthread_mutex_init initialises 0 1
pthread_spin_init initialises 0 spinlock
pthread_mutexattr_settype sets-type 0 1
pthread_rwlock_rdlock acquires 0 rwlock shared
pthread_rwlock_tryrdlock tries 0 zero rwlock shared
pthread_rwlock_timedrdlock tries 0 zero timed rwlock shared
pthread_rwlock_clockrdlock tries 0 zero timed rwlock shared
pthread_rwlock_wrlock acquires 0 rwlock
pthread_rwlock_trywrlock tries 0 zero rwlock
pthread_rwlock_timedwrlock tries 0 zero timed rwlock
pthread_rwlock_clockwrlock tries 0 zero timed rwlock
pthread_rwlock_unlock releases 0 rwlock
pthread_rwlock_init initialises 0 rwlock
pthread_rwlock_destroy destroys 0 rwlock
pthread_cond_wait waits 0 1
pthread_cond_timedwait waits 0 1 timed
pthread_cond_clockwait waits 0 1 timed
pthread_cond_signal signals 0
pthread_cond_broadcast signals 0
pthread_create starts 2
pthread_join joins 0
pthread_timedjoin_np joins 0 timed
pthread_detach detaches 0
pthread_exit ends-thread
pthread_once calls 1
pthread_barrier_wait blocks
sem_wait acquires 0 semaphore
sem_trywait tries 0 zero semaphore
sem_timedwait tries 0 zero timed semaphore
sem_clockwait tries 0 zero timed semaphore
sem_post releases 0 semaphore
sem_init initialises 0 semaphore
pthread_atfork keeps 0
pthread_cleanup_push keeps 0
flockfile acquires 0 recursive
ftrylockfile tries 0 zero recursive
funlockfile releases 0
# C11 threads
mtx_t lock-class
mtx_lock acquires 0
mtx_trylock tries 0 zero
mtx_timedlock tries 0 zero timed
mtx_unlock releases 0
mtx_init initialises 0 1
mtx_destroy destroys 0
cnd_wait waits 0 1
cnd_timedwait waits 0 1 timed
cnd_signal signals 0
cnd_broadcast signals 0
thrd_create starts 1
thrd_join joins 0
thrd_detach detaches 0
thrd_exit ends-thread
call_once calls 1
thrd_sleep blocks
# C++
std::mutex lock-class
std::mutex::lock acquires this
std::mutex::try_lock tries this
std::mutex::unlock releases this
std::recursive_mutex lock-class recursive
std::recursive_mutex::lock acquires this recursive
std::recursive_mutex::try_lock tries this recursive
std::recursive_mutex::unlock releases this recursive
std::timed_mutex lock-class
std::timed_mutex::lock acquires this
std::timed_mutex::try_lock tries this
std::timed_mutex::unlock releases this
std::timed_mutex::try_lock_for tries this timed
std::timed_mutex::try_lock_until tries this timed
std::recursive_timed_mutex lock-class recursive
std::recursive_timed_mutex::lock acquires this recursive
std::recursive_timed_mutex::try_lock tries this recursive
std::recursive_timed_mutex::unlock releases this recursive
std::recursive_timed_mutex::try_lock_for tries this timed recursive
std::recursive_timed_mutex::try_lock_until tries this timed recursive
std::shared_mutex lock-class rwlock
std::shared_mutex::lock acquires this rwlock
std::shared_mutex::try_lock tries this rwlock
std::shared_mutex::unlock releases this rwlock
std::shared_mutex::lock_shared acquires this rwlock shared
std::shared_mutex::try_lock_shared tries this rwlock shared
std::shared_mutex::unlock_shared releases this rwlock shared
std::shared_timed_mutex lock-class rwlock
std::shared_timed_mutex::lock acquires this rwlock
std::shared_timed_mutex::try_lock tries this rwlock
std::shared_timed_mutex::unlock releases this rwlock
std::shared_timed_mutex::lock_shared acquires this rwlock shared
std::shared_timed_mutex::try_lock_shared tries this rwlock shared
std::shared_timed_mutex::unlock_shared releases this rwlock shared
std::shared_timed_mutex::try_lock_for tries this timed rwlock
std::shared_timed_mutex::try_lock_shared_for tries this timed rwlock shared
std::shared_timed_mutex::try_lock_until tries this timed rwlock
std::shared_timed_mutex::try_lock_shared_until tries this timed rwlock shared
std::lock_guard guard
std::unique_lock guard
std::scoped_lock guard
std::shared_lock guard shared
std::lock acquires all
std::try_lock tries all
std::condition_variable::wait waits this 0 predicate=1
std::condition_variable::wait_for waits this 0 timed predicate=2
std::condition_variable::wait_until waits this 0 timed predicate=2
std::condition_variable::notify_one signals this
std::condition_variable::notify_all signals this
std::condition_variable_any::wait waits this 0 predicate=1
std::condition_variable_any::wait_for waits this 0 timed predicate=2
std::condition_variable_any::wait_until waits this 0 timed predicate=2
std::condition_variable_any::notify_one signals this
std::condition_variable_any::notify_all signals this
std::call_once calls 1
std::thread::thread starts 0
std::thread::join joins this
std::thread::detach detaches this
std::jthread::jthread starts 0
std::jthread::join joins this
std::jthread::detach detaches this
std::jthread::~jthread joins this
std::async starts all
std::future::get blocks
std::future::wait blocks
std::shared_future::get blocks
std::shared_future::wait blocks
std::packaged_task::packaged_task keeps 0
std::function::function keeps 0
std::bind keeps all
std::stop_callback::stop_callback keeps 1
std::counting_semaphore::acquire acquires this semaphore
std::counting_semaphore::try_acquire tries this semaphore
std::counting_semaphore::try_acquire_for tries this semaphore timed
std::counting_semaphore::try_acquire_until tries this semaphore timed
std::counting_semaphore::release releases this semaphore
std::binary_semaphore::acquire acquires this semaphore
std::binary_semaphore::try_acquire tries this semaphore
std::binary_semaphore::try_acquire_for tries this semaphore timed
std::binary_semaphore::try_acquire_until tries this semaphore timed
std::binary_semaphore::release releases this semaphore
std::latch::wait blocks
std::latch::arrive_and_wait blocks
std::barrier::arrive_and_wait blocks
std::barrier::wait blocks
std::this_thread::sleep_for blocks
std::this_thread::sleep_until blocks
std::unique_ptr holder
std::shared_ptr holder
std::reference_wrapper holder
# System calls and C library functions that can sleep for long
sleep blocks
usleep blocks
nanosleep blocks
clock_nanosleep blocks
select blocks
pselect blocks
poll blocks unless=2:0
ppoll blocks
epoll_wait blocks unless=3:0
epoll_pwait blocks unless=3:0
read blocks
readv blocks
pread blocks
pread64 blocks
preadv blocks
recv blocks unless=3&64
recvfrom blocks unless=3&64
recvmsg blocks unless=2&64
recvmmsg blocks
accept blocks
accept4 blocks
connect blocks
send blocks unless=3&64
sendto blocks unless=3&64
sendmsg blocks unless=2&64
write blocks
writev blocks
pwrite blocks
pwrite64 blocks
fsync blocks
fdatasync blocks
sync blocks
syncfs blocks
sync_file_range blocks
wait blocks
waitpid blocks unless=2&1
wait3 blocks unless=1&1
wait4 blocks unless=2&1
waitid blocks
system blocks
popen blocks
pclose blocks
flock blocks unless=1&4
lockf blocks
getaddrinfo blocks
gethostbyname blocks
gethostbyaddr blocks
getnameinfo blocks
fgets blocks
fgetc blocks
getc blocks
getchar blocks
fread blocks
fscanf blocks
scanf blocks
getline blocks
getdelim blocks
fflush blocks
sigwait blocks
sigwaitinfo blocks
sigtimedwait blocks
sigsuspend blocks
pause blocks
msgrcv blocks
msgsnd blocks
mq_receive blocks
mq_send blocks
semop blocks
semtimedop blocks
sendfile blocks
splice blocks
tcdrain blocks
# Abseil
absl::Mutex lock-class rwlock
absl::Mutex::Lock acquires this rwlock
absl::Mutex::WriterLock acquires this rwlock
absl::Mutex::ReaderLock acquires this rwlock shared
absl::Mutex::lock acquires this rwlock
absl::Mutex::lock_shared acquires this rwlock shared
absl::Mutex::TryLock tries this rwlock
absl::Mutex::WriterTryLock tries this rwlock
absl::Mutex::ReaderTryLock tries this rwlock shared
absl::Mutex::try_lock tries this rwlock
absl::Mutex::Unlock releases this rwlock
absl::Mutex::WriterUnlock releases this rwlock
absl::Mutex::ReaderUnlock releases this rwlock
absl::Mutex::unlock releases this rwlock
absl::Mutex::unlock_shared releases this rwlock
absl::MutexLock guard
absl::WriterMutexLock guard
absl::ReleasableMutexLock guard
absl::MutexLockMaybe guard
absl::ReaderMutexLock guard shared
absl::ReleasableMutexLock::Release releases this
absl::CondVar::Wait waits this 0
absl::CondVar::WaitWithTimeout waits this 0 timed
absl::CondVar::WaitWithDeadline waits this 0 timed
absl::CondVar::Signal signals this
absl::CondVar::SignalAll signals this
absl::Notification::WaitForNotification blocks
absl::BlockingCounter::Wait blocks
absl::Barrier::Block blocks
absl::SleepFor blocks
# Boost
boost::mutex lock-class
boost::mutex::lock acquires this
boost::mutex::try_lock tries this
boost::mutex::unlock releases this
boost::recursive_mutex lock-class recursive
boost::recursive_mutex::lock acquires this recursive
boost::recursive_mutex::try_lock tries this recursive
boost::recursive_mutex::unlock releases this recursive
boost::timed_mutex lock-class
boost::timed_mutex::lock acquires this
boost::timed_mutex::try_lock tries this
boost::timed_mutex::unlock releases this
boost::shared_mutex lock-class rwlock
boost::shared_mutex::lock acquires this rwlock
boost::shared_mutex::unlock releases this rwlock
boost::shared_mutex::lock_shared acquires this rwlock shared
boost::shared_mutex::unlock_shared releases this rwlock shared
boost::lock_guard guard
boost::unique_lock guard
boost::scoped_lock guard
boost::shared_lock guard shared
boost::condition_variable::wait waits this 0 predicate=1
boost::condition_variable::notify_one signals this
boost::condition_variable::notify_all signals this
boost::thread::thread starts 0
boost::thread::join joins this
boost::this_thread::sleep_for blocks
# Qt
QMutex lock-class
QBasicMutex lock-class
QRecursiveMutex lock-class recursive
QReadWriteLock lock-class rwlock
QMutex::lock acquires this
QMutex::tryLock tries this
QMutex::unlock releases this
QBasicMutex::lock acquires this
QBasicMutex::tryLock tries this
QBasicMutex::unlock releases this
QRecursiveMutex::lock acquires this recursive
QRecursiveMutex::tryLock tries this recursive
QRecursiveMutex::unlock releases this recursive
QReadWriteLock::lockForRead acquires this rwlock shared
QReadWriteLock::lockForWrite acquires this rwlock
QReadWriteLock::unlock releases this rwlock
QReadWriteLock::tryLockForRead tries this rwlock shared
QReadWriteLock::tryLockForWrite tries this rwlock
QMutexLocker guard
QWriteLocker guard
QReadLocker guard shared
QMutexLocker::relock acquires this
QWaitCondition::wait waits this 0
QWaitCondition::wakeOne signals this
QWaitCondition::wakeAll signals this
QThread::wait blocks
QThread::sleep blocks
QThread::msleep blocks
QThread::usleep blocks
QSemaphore::acquire acquires this semaphore
QSemaphore::tryAcquire tries this semaphore
QSemaphore::release releases this semaphore
# folly
folly::SharedMutex lock-class rwlock
folly::SharedMutex::lock acquires this rwlock
folly::SharedMutex::unlock releases this rwlock
folly::SharedMutex::lock_shared acquires this rwlock shared
folly::SharedMutex::unlock_shared releases this rwlock shared
folly::SharedMutex::try_lock tries this rwlock
folly::SharedMutexImpl lock-class rwlock
folly::SharedMutexImpl::lock acquires this rwlock
folly::SharedMutexImpl::unlock releases this rwlock
folly::SharedMutexImpl::lock_shared acquires this rwlock shared
folly::SharedMutexImpl::unlock_shared releases this rwlock shared
folly::SharedMutexImpl::try_lock tries this rwlock
folly::RWSpinLock lock-class rwlock
folly::RWSpinLock::lock acquires this rwlock
folly::RWSpinLock::unlock releases this rwlock
folly::RWSpinLock::lock_shared acquires this rwlock shared
folly::RWSpinLock::unlock_shared releases this rwlock shared
folly::RWSpinLock::try_lock tries this rwlock
folly::MicroSpinLock lock-class spinlock
folly::MicroSpinLock::lock acquires this spinlock
folly::MicroSpinLock::unlock releases this spinlock
folly::MicroSpinLock::try_lock tries this spinlock
folly::SpinLock lock-class spinlock
folly::SpinLock::lock acquires this spinlock
folly::SpinLock::unlock releases this spinlock
folly::SpinLock::try_lock tries this spinlock
folly::MicroLock lock-class spinlock
folly::MicroLock::lock acquires this spinlock
folly::MicroLock::unlock releases this spinlock
folly::MicroLock::try_lock tries this spinlock
folly::MicroLockBase lock-class spinlock
folly::MicroLockBase::lock acquires this spinlock
folly::MicroLockBase::unlock releases this spinlock
folly::MicroLockBase::try_lock tries this spinlock
folly::DistributedMutex lock-class spinlock
folly::DistributedMutex::lock acquires this spinlock
folly::DistributedMutex::unlock releases this spinlock
folly::DistributedMutex::try_lock tries this spinlock
folly::Baton::wait blocks
folly::SharedMutex::ReadHolder guard shared
folly::SharedMutex::WriteHolder guard
)models";

}  // namespace gordian::check
