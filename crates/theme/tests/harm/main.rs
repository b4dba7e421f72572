//! Whatever comes in, what goes out can do no harm.

mod grammar;
mod harmless;
mod hostile;
mod mutated;
mod random;
mod walk;
