//! Institutions found by what people type.
