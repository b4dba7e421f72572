//! Tasks for many, a few places for each: one that is slow or hostile fills its own places and nobody else's.

use std::{collections::HashMap, hash::Hash};

use tokio::task::{self, JoinSet};
use tracing::error;

/// Tasks under way, each in a place of somebody's.
#[derive(Debug)]
pub struct Places<K> {
    each: u64,
    under_way: JoinSet<()>,
    whose: HashMap<task::Id, K>,
    of_each: HashMap<K, u64>,
}

impl<K: Clone + Eq + Hash> Places<K> {
    /// So many places for each.
    pub fn new(each: u64) -> Self {
        Self { each, under_way: JoinSet::new(), whose: HashMap::new(), of_each: HashMap::new() }
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.under_way.is_empty()
    }

    /// How much is under way, for all.
    pub fn taken(&self) -> usize {
        self.under_way.len()
    }

    /// How many places somebody has left.
    pub fn left_to(&self, whom: &K) -> u64 {
        self.each.saturating_sub(self.of_each.get(whom).copied().unwrap_or(0))
    }

    /// Begins something in a place of somebody's, whether they have one left or not.
    pub fn begin(&mut self, whose: K, task: impl Future<Output = ()> + Send + 'static) {
        *self.of_each.entry(whose.clone()).or_default() += 1;
        let task = self.under_way.spawn(task);
        self.whose.insert(task.id(), whose);
    }

    /// Waits until something is done, and says whose place is free then. Nothing, where nothing is under way. Whoever
    /// stops waiting misses nothing.
    pub async fn one_is_done(&mut self) -> Option<K> {
        let task = match self.under_way.join_next_with_id().await? {
            Ok((task, ())) => task,
            Err(failed) => {
                error!(error = %failed, "a task in the background failed");
                failed.id()
            }
        };
        let whose = self.whose.remove(&task)?;
        if let Some(taken) = self.of_each.get_mut(&whose) {
            *taken = taken.saturating_sub(1);
            if *taken == 0 {
                self.of_each.remove(&whose);
            }
        }
        Some(whose)
    }
}
