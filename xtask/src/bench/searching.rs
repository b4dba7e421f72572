//! How long a search takes the server, and what the index of its institutions takes.

use std::{fs, time::Instant};

use banklink_journey::JourneyError;
use banklink_queries::{Query, grown, queries, real};
use banklink_search::{Index, Scope};

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
    let resident_before = resident();
    let (index, building) = timed(|| Index::build(entries));
    let resident = resident().zip(resident_before).map(|(after, before)| after.saturating_sub(before));
    let times: Vec<Milliseconds> = queries.iter().flat_map(|query| times(&index, query)).collect();
    Ok(format!(
        "search among {INSTITUTIONS} institutions, {} queries typed key by key, {} searches\n\
         p50 {:.2} ms, p99 {:.2} ms, worst {:.2} ms; of the whole texts p99 {:.2} ms\n\
         index built in {building}, {} of tables; the process grew by {}",
        queries.len(),
        times.len(),
        percentile(&times, 50).0,
        percentile(&times, 99).0,
        Milliseconds::worst(&times).0,
        percentile(&whole(&index, &queries), 99).0,
        megabytes(u64::try_from(index.memory()).unwrap_or(u64::MAX)),
        resident.map_or_else(|| "what this system doesn't tell".to_owned(), megabytes),
    ))
}

/// The time of each key.
fn times<'a>(index: &'a Index, query: &'a Query) -> impl Iterator<Item = Milliseconds> + 'a {
    let ends = query.text.char_indices().map(|(at, letter)| at + letter.len_utf8());
    ends.filter_map(|end| query.text.get(..end)).map(|typed| search(index, typed, query))
}

/// The time of each query once all of it is typed.
fn whole(index: &Index, queries: &[Query]) -> Vec<Milliseconds> {
    queries.iter().map(|query| search(index, &query.text, query)).collect()
}

fn search(index: &Index, typed: &str, query: &Query) -> Milliseconds {
    timed(|| index.search(typed, Scope::All, query.country.as_deref(), RESULTS)).1
}

#[expect(clippy::disallowed_methods, reason = "a benchmark takes the time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Milliseconds) {
    let began = Instant::now();
    let done = work();
    (done, Milliseconds(began.elapsed().as_secs_f64() * 1000.0))
}

/// Bytes of memory that this process has, where the system tells.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
