//! How long a search takes the server, and what the index of its institutions takes.

use std::{process, time::Instant};

use banklink_journey::{JourneyError, memory};
use banklink_queries::{Query, grown, queries, real};
use banklink_search::{Index, Scope};
use rustix::time::{ClockId, clock_gettime};

use super::numbers::{Milliseconds, megabytes, percentile};

/// Institutions in the index.
const INSTITUTIONS: usize = 60_000;

/// Queries of each kind.
const OF_EACH_KIND: usize = 200;

const SEED: u64 = 1;

/// Results asked for at a time, as many as the widget does.
const RESULTS: usize = 20;

/// Types each query a key at a time, and says how long each key's search took.
pub(super) fn report() -> Result<String, JourneyError> {
    let unreadable = |error| JourneyError::Unexpected { asked: "the institutions", answer: format!("{error}") };
    let real = real().map_err(unreadable)?;
    let queries = queries(&real, SEED, OF_EACH_KIND);
    let entries = grown(&real, INSTITUTIONS, SEED);
    let memory_before = memory(process::id());
    let (index, building) = timed(|| Index::build(entries));
    let grown_by = memory(process::id()).zip(memory_before).map(|(after, before)| after.saturating_sub(before));
    let times: Vec<Taken> = queries.iter().flat_map(|query| typed_by_key(&index, query)).collect();
    let whole: Vec<Taken> = queries.iter().map(|query| search(&index, &query.text, query)).collect();
    Ok(format!(
        "search among {INSTITUTIONS} institutions, {} queries typed key by key, {} searches\n\
         by the clock              {}\n\
         of the processor          {}\n\
         processor, whole queries  {}\n\
         index built in {building}, {} of tables; the process grew by {}",
        queries.len(),
        times.len(),
        spread(times.iter().map(|time| time.by_clock)),
        spread(times.iter().map(|time| time.of_processor)),
        spread(whole.iter().map(|time| time.of_processor)),
        megabytes(u64::try_from(index.memory()).unwrap_or(u64::MAX)),
        grown_by.map_or_else(|| "what this system doesn't tell".to_owned(), megabytes),
    ))
}

/// What a search took.
#[derive(Clone, Copy)]
struct Taken {
    /// What somebody waits for: longer where the machine has other things to do.
    by_clock: Milliseconds,
    /// What the search itself used.
    of_processor: Milliseconds,
}

/// Each key of a query.
fn typed_by_key<'a>(index: &'a Index, query: &'a Query) -> impl Iterator<Item = Taken> + 'a {
    let ends = query.text.char_indices().map(|(at, letter)| at + letter.len_utf8());
    ends.filter_map(|end| query.text.get(..end)).map(|typed| search(index, typed, query))
}

fn search(index: &Index, typed: &str, query: &Query) -> Taken {
    let began = processor_time();
    let (_, by_clock) = timed(|| index.search(typed, Scope::All, query.country.as_deref(), RESULTS));
    Taken { by_clock, of_processor: Milliseconds(processor_time() - began) }
}

fn spread(times: impl Iterator<Item = Milliseconds>) -> String {
    let times: Vec<Milliseconds> = times.collect();
    let [median, slow, worst] = [50, 99, 100].map(|percent| percentile(&times, percent).0);
    format!("p50 {median:.2} ms, p99 {slow:.2} ms, worst {worst:.2} ms")
}

#[expect(clippy::disallowed_methods, reason = "a benchmark takes the time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Milliseconds) {
    let began = Instant::now();
    let done = work();
    (done, Milliseconds(began.elapsed().as_secs_f64() * 1000.0))
}

/// Milliseconds of the processor that this thread has used.
#[expect(clippy::cast_precision_loss, reason = "a thread's time is far from the limits")]
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
