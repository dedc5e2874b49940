//! From which sizes on what saves time later is worth making.

/// From which sizes on forms and shortcuts save more than they cost, by experience.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thresholds {
    /// Different texts from which on it is asked whether a dictionary saves anything.
    pub(crate) texts: usize,
    /// Texts of a dictionary from which on they are searched as one.
    pub(crate) searched: usize,
    /// Searches after which it is found out what no text can hold.
    pub(crate) searches: u32,
    /// Rows of a table from which on an order helps to find values,
    pub(crate) rows: usize,
    /// where it finds no more than one row of so many if rows are newer,
    pub(crate) selective: usize,
    /// and up to which number of rows it finds these are put in their own order.
    pub(crate) few: usize,
    /// How often it would have helped before it is made for that.
    pub(crate) wishes: u32,
    /// Matching rows up to which their values are compared to sort them rather than ranked.
    pub(crate) compared: usize,
    /// Rows that may have changed before texts or an order are made anew, beside one in eight.
    pub(crate) changes: usize,
}

impl Thresholds {
    pub(crate) const USUAL: Self = Self {
        texts: 16_384,
        searched: 512,
        searches: 16,
        rows: 4096,
        selective: 32,
        few: 256,
        wishes: 128,
        compared: 64,
        changes: 1024,
    };
    /// Everything is used from the first records on.
    pub(crate) const LEAST: Self = Self {
        texts: 2,
        searched: 0,
        searches: 1,
        rows: 0,
        selective: 1,
        few: 0,
        wishes: 1,
        compared: 0,
        changes: 3,
    };
}
