//! The link flow as a pure state machine: no browser, no yew, no clock.
