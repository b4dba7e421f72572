//! Whatever comes in, what goes out can do no harm.

mod harmless;
mod hostile;
mod random;
