//! The one integration test binary.

mod conformance;
mod contact_page;
