//! What a search may spend, and why it stops.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::search::{LimitKind, Limits};
use crate::{Error, Monitor};

/// Why a search goes no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Halt {
    /// It failed, or was cancelled.
    Failed(Error),
    /// It has spent what it may.
    Reached(LimitKind),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Counts what a search spends; threads share it.
pub(crate) struct Budget<'a> {
    monitor: &'a Monitor,
    start: Instant,
    seconds: Option<Duration>,
    nodes: u64,
    checked: AtomicU64,
}

impl<'a> Budget<'a> {
    pub(crate) fn new(limits: &Limits, monitor: &'a Monitor) -> Self {
        Self {
            monitor,
            start: Instant::now(),
            seconds: limits.seconds,
            nodes: limits.nodes.unwrap_or(u64::MAX),
            checked: AtomicU64::new(0),
        }
    }

    /// Nodes checked.
    pub(crate) fn checked(&self) -> u64 {
        self.checked.load(Relaxed)
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The share that is spent of the time or the nodes, the larger of the two; 0 without limits.
    pub(crate) fn spent(&self) -> f64 {
        let time = self.seconds.map_or(0.0, |seconds| self.elapsed().as_secs_f64() / seconds.as_secs_f64());
        time.max(self.checked() as f64 / self.nodes as f64)
    }

    /// Asks before the next step; reads the clock.
    pub(crate) fn ask(&self) -> Result<(), Halt> {
        self.monitor.check()?;
        match self.seconds {
            Some(seconds) if self.start.elapsed() >= seconds => Err(Halt::Reached(LimitKind::Seconds)),
            _ => Ok(()),
        }
    }

    /// Asks before the next check and counts it.
    pub(crate) fn spend(&self) -> Result<(), Halt> {
        self.ask()?;
        // Reserved first: threads together must not pass the limit.
        if self.checked.fetch_add(1, Relaxed) < self.nodes {
            return Ok(());
        }
        self.checked.fetch_sub(1, Relaxed);
        Err(Halt::Reached(LimitKind::Nodes))
    }
}
