//! What the server does with bytes: a table of raw exchanges.
