//! The one integration test binary.

mod conformance;
mod contact_page;
mod generate;
mod layers;
mod naive;
mod oracle;
mod syntax;
mod tables;
