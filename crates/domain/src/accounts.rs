//! Accounts and transactions as connectors read them.
