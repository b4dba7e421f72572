//! The one place that reads the time.

use jiff::Timestamp;

/// What time it is: the operating system's, or a test's.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(std::sync::Arc<std::sync::Mutex<Timestamp>>),
}

impl Clock {
    /// The operating system's time.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands until [`Clock::set`] moves it, for tests.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Source::Fixed(std::sync::Arc::new(std::sync::Mutex::new(at))))
    }

    /// Now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Fixed(at) => *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock; a system clock stays as it is.
    pub fn set(&self, to: Timestamp) {
        if let Source::Fixed(at) = &self.0 {
            *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = to;
        }
    }
}
