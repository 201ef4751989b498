// Locks, conditions and channels of Rust's standard library, which go to the kernel by syscall(SYS_futex).
use std::sync::{mpsc, Arc, Condvar, Mutex};
use std::thread;

fn main() {
    let sum = Arc::new(Mutex::new(0u64));
    let gate = Arc::new((Mutex::new(0), Condvar::new()));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (sum, gate) = (sum.clone(), gate.clone());
            thread::spawn(move || {
                for _ in 0..20000 {
                    *sum.lock().unwrap() += 1;
                }
                let mut arrived = gate.0.lock().unwrap();
                *arrived += 1;
                gate.1.notify_all();
                while *arrived < 4 {
                    arrived = gate.1.wait(arrived).unwrap();
                }
            })
        })
        .collect();
    for each in threads {
        each.join().unwrap();
    }
    println!("{}", sum.lock().unwrap());
    let (sender, receiver) = mpsc::channel();
    let producer = thread::spawn(move || (0..1000).for_each(|n| sender.send(n).unwrap()));
    println!("{}", receiver.iter().sum::<i32>());
    producer.join().unwrap();
}
