//! The banklink server: serves the widget, keeps apps, links, sessions and connections, and answers the integrators'
//! servers. Start reading at [`router`] for the addresses, and at [`services`] for what they do.

pub mod address;
pub mod assets;
pub mod cli;
pub mod client_address;
pub mod clock;
pub mod delivering;
pub mod directory;
pub mod host_page;
pub mod jwt;
pub mod limits;
pub mod locale;
pub mod logging;
pub mod logos;
pub mod metrics;
pub mod outgoing;
pub mod page;
pub mod parameters;
pub mod passwords;
pub mod places;
pub mod problem;
pub mod random;
pub mod refresher;
pub mod router;
pub mod routes;
pub mod same_origin;
pub mod sandbox;
pub mod seal;
pub mod serve;
pub mod services;
pub mod setup;
pub mod signing;
pub mod state;
pub mod theme_report;
pub mod wire;
