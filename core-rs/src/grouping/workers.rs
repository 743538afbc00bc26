//! Tasks on threads: claimed in order, answered in order.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::{Error, Monitor};

/// Works off `tasks` on `threads` threads, the caller's among them. Gives the answers in the order of the tasks, and
/// the state of every thread, which `state` made from its number.
///
/// Errors do not depend on the number of threads: when tasks fail, the error is that of the first of them, because a
/// task that was claimed before it is finished all the same.
pub(crate) fn work_off<T: Send, S: Send, R: Send>(
    threads: usize,
    tasks: impl ExactSizeIterator<Item = T> + Send,
    state: impl Fn(usize) -> S + Sync,
    work: impl Fn(&mut S, usize, T) -> Result<R, Error> + Sync,
) -> Result<(Vec<R>, Vec<S>), Error> {
    let threads = threads.min(tasks.len()).max(1);
    let mut answers: Vec<Option<R>> = Vec::new();
    answers.resize_with(tasks.len(), || None);
    let queue = Mutex::new(Some(tasks.zip(&mut answers).enumerate()));
    let failure: Mutex<Option<(usize, Error)>> = Mutex::new(None);
    let worker = |thread: usize| {
        let mut state = state(thread);
        loop {
            let next = lock(&queue).as_mut().and_then(Iterator::next);
            let Some((number, (task, answer))) = next else {
                return state;
            };
            match work(&mut state, number, task) {
                Ok(done) => *answer = Some(done),
                Err(error) => {
                    *lock(&queue) = None;
                    let mut failure = lock(&failure);
                    if failure.as_ref().is_none_or(|&(first, _)| number < first) {
                        *failure = Some((number, error));
                    }
                    return state;
                }
            }
        }
    };
    let states = thread::scope(|scope| {
        let worker = &worker;
        let others: Vec<_> = (1..threads).map(|thread| scope.spawn(move || worker(thread))).collect();
        let mut states = vec![worker(0)];
        for other in others {
            states.push(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        states
    });
    drop(queue);
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some((_, error)) => Err(error),
        None => Ok((answers.into_iter().flatten().collect(), states)),
    }
}

/// A panic of another thread is passed on when it is joined, so a poisoned lock needs no care of its own.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Several passes over the rows, reported as one.
pub(super) struct Progress<'a> {
    monitor: &'a Monitor,
    passes: u64,
    done: AtomicU64,
    /// Rows reported before these passes began, by work that was given up.
    before: u64,
}

impl<'a> Progress<'a> {
    pub(super) fn new(monitor: &'a Monitor, passes: u64, before: u64) -> Self {
        Self { monitor, passes, done: AtomicU64::new(0), before }
    }

    /// Counts rows of one pass, and ends the work when the caller has cancelled.
    pub(super) fn advance(&self, rows: usize) -> Result<(), Error> {
        let rows = rows as u64;
        let done = self.done.fetch_add(rows, Relaxed);
        let reported = |done: u64| (done / self.passes).max(self.before);
        self.monitor.advance(reported(done + rows) - reported(done));
        self.monitor.check()
    }

    /// Rows reported so far.
    pub(super) fn reported(&self) -> u64 {
        (self.done.load(Relaxed) / self.passes).max(self.before)
    }
}
