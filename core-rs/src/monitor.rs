//! The flag that carries cancellation into a kernel and progress out of it.
//!
//! A kernel never calls back: the caller keeps a [`Monitor`], may cancel it from any thread, and may read it at any
//! time. Relaxed atomics suffice, because nothing else is published through them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use crate::Error;

/// Cancellation in, progress out; shared between the caller's threads and one running kernel.
#[derive(Debug, Default)]
pub struct Monitor {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

impl Monitor {
    /// A monitor that is not cancelled and has seen no work.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the kernel to stop; it does within a few milliseconds, with [`Error::Cancelled`]. It cannot be undone.
    pub fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }

    /// Steps done and steps in all; (0, 0) before a kernel has started. The steps of a search are the rows to be
    /// grouped and the nodes to be settled.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Relaxed), self.total.load(Relaxed))
    }

    /// Ends the kernel when the caller has cancelled.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.cancelled.load(Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Announces the number of steps of a kernel that starts now.
    pub(crate) fn start(&self, total: u64) {
        self.done.store(0, Relaxed);
        self.total.store(total, Relaxed);
    }

    /// Notes that every step is done: those that turned out not to be needed are.
    pub(crate) fn finish(&self) {
        self.done.store(self.total.load(Relaxed), Relaxed);
    }

    /// Notes that at least so many steps are done.
    pub(crate) fn advance_to(&self, done: u64) {
        self.done.fetch_max(done, Relaxed);
    }

    /// Counts finished steps.
    pub(crate) fn advance(&self, steps: u64) {
        self.done.fetch_add(steps, Relaxed);
    }
}
