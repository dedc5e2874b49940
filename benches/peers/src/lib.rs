//! This library beside other engines: the same rows, the same queries, the same answers.

pub mod compare;
pub mod engines;
pub mod generator;
pub mod linear;
pub mod load;
pub mod queries;
pub mod report;
mod words;
pub mod writes;
