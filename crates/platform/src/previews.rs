//! The widget's screens as a theme's preview shows them, at `/dashboard/preview/{screen}`.

/// Every screen: each looks different.
pub const SCREENS: [&str; 15] = [
    "institutions",
    "consent",
    "credentials",
    "credentials-wrong",
    "reauthorise",
    "code",
    "questions",
    "method",
    "coordinates",
    "picture",
    "qr",
    "approval",
    "bank-page",
    "accounts",
    "failed",
];
