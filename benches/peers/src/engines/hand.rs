//! Loops written by hand over a struct per contact, a condition of its own for each query.

use std::cmp::Ordering;

use anyhow::{Result, bail};
use hashbrown::HashSet;
use memchr::memmem::Finder;

use super::{Engine, Source};
use crate::generator::{self, seconds};
use crate::queries::{LIMIT, Query, SPRING, Wanted};

pub const NAME: &str = "hand";

/// What the loops look at, texts in lower case.
struct Contact {
    account: u128,
    created: i64,
    updated: i64,
    mod_count: i64,
    name: Box<str>,
    last_name: Box<str>,
    email: Box<str>,
    user_name: Box<str>,
    title: Box<str>,
    phone: Box<str>,
    city: Box<str>,
    middle_name: Option<Box<str>>,
    roles: Option<Box<str>>,
    country: [u8; 3],
    active: bool,
    vip: bool,
    locked_out: bool,
}

impl Contact {
    fn new(contact: &generator::Contact) -> Self {
        let text = |column| contact.folded(column).into_boxed_str();
        let filled = |column| Some(text(column)).filter(|text| !text.is_empty());
        Self {
            account: id(contact.text("account")),
            created: contact.integer("sys_created_on"),
            updated: contact.integer("sys_updated_on"),
            mod_count: contact.integer("sys_mod_count"),
            name: text("name"),
            last_name: text("last_name"),
            email: text("email"),
            user_name: text("user_name"),
            title: text("title"),
            phone: text("phone"),
            city: text("city"),
            country: code(&text("country")),
            middle_name: filled("middle_name"),
            roles: filled("roles"),
            active: contact.boolean("active"),
            vip: contact.boolean("vip"),
            locked_out: contact.boolean("locked_out"),
        }
    }
}

/// A sys_id as the number it is.
fn id(text: &str) -> u128 {
    u128::from_str_radix(text, 16).expect("a sys_id")
}

/// A country code as it stands in the struct itself.
fn code(text: &str) -> [u8; 3] {
    text.as_bytes().try_into().expect("three letters")
}

/// What the queries ask for, prepared as a statement is.
struct Prepared {
    email: String,
    account: u128,
    user_names: HashSet<String>,
    war: Finder<'static>,
    gar: Finder<'static>,
    digits: Finder<'static>,
    manager: Finder<'static>,
    nowhere: Finder<'static>,
    spring: (i64, i64),
}

impl Prepared {
    fn new(wanted: &Wanted) -> Self {
        Self {
            email: wanted.email.clone(),
            account: id(&wanted.account),
            user_names: wanted.user_names.iter().cloned().collect(),
            war: Finder::new("war"),
            gar: Finder::new("gar"),
            digits: Finder::new("147"),
            manager: Finder::new("manager"),
            nowhere: Finder::new("zzqx"),
            spring: (seconds(SPRING.0), seconds(SPRING.1)),
        }
    }
}

pub struct Hand {
    contacts: Vec<Contact>,
    /// All texts as given, made later so that they do not lie between those the loops look at.
    _texts: Vec<Box<[Box<str>]>>,
    prepared: Prepared,
}

/// What is done with the rows that meet a condition: compiled for each condition.
trait Loop {
    type Out;
    fn over(self, contacts: &[Contact], test: impl Fn(&Contact) -> bool) -> Self::Out;
}

struct Counting;

impl Loop for Counting {
    type Out = usize;

    fn over(self, contacts: &[Contact], test: impl Fn(&Contact) -> bool) -> usize {
        contacts.iter().filter(|contact| test(contact)).count()
    }
}

struct FirstTen;

impl Loop for FirstTen {
    type Out = Vec<usize>;

    fn over(self, contacts: &[Contact], test: impl Fn(&Contact) -> bool) -> Vec<usize> {
        let rows = contacts.iter().enumerate().filter(|(_, contact)| test(contact));
        rows.map(|(row, _)| row).take(LIMIT).collect()
    }
}

/// The first rows by an order; ties by row.
struct Top<F>(F);

impl<F: Fn(&Contact, &Contact) -> Ordering> Loop for Top<F> {
    type Out = Vec<usize>;

    fn over(self, contacts: &[Contact], test: impl Fn(&Contact) -> bool) -> Vec<usize> {
        let mut top: Vec<usize> = Vec::with_capacity(LIMIT + 1);
        for (row, contact) in contacts.iter().enumerate() {
            if test(contact) {
                if top.len() == LIMIT && (self.0)(contact, &contacts[top[LIMIT - 1]]).is_ge() {
                    continue;
                }
                let is_before = |other: &usize| (self.0)(&contacts[*other], contact).is_le();
                top.insert(top.partition_point(is_before), row);
                top.truncate(LIMIT);
            }
        }
        top
    }
}

impl Hand {
    pub fn new(source: &Source) -> Self {
        let contacts = source.contacts().map(|contact| Contact::new(&contact)).collect();
        let texts =
            |contact: generator::Contact| contact.filled().map(|(_, text)| text.into()).collect();
        let texts = source.contacts().map(texts).collect();
        Self { contacts, _texts: texts, prepared: Prepared::new(&source.wanted) }
    }

    fn run<L: Loop>(&self, query: &Query, with: L) -> Result<L::Out> {
        let (rows, asked) = (&self.contacts, &self.prepared);
        Ok(match query.name {
            "equality, unique" => with.over(rows, |row| *row.email == *asked.email),
            "equality, rare" => with.over(rows, |row| row.account == asked.account),
            "equality, frequent" | "sort by three keys" => with.over(rows, |row| row.active),
            "sort by one key" => with.over(rows, |row| row.country == *b"usa"),
            "LIKE" => with.over(rows, |row| has(&row.name, &asked.war)),
            "STARTSWITH" => with.over(rows, |row| row.last_name.starts_with("bro")),
            "ENDSWITH" => with.over(rows, |row| row.email.ends_with("fjord.example.org")),
            "IN, 50 values" => with.over(rows, |row| asked.user_names.contains(&*row.user_name)),
            "range and BETWEEN" => with.over(rows, |row| {
                let (from, to) = asked.spring;
                (from..to).contains(&row.created) && (5..=20).contains(&row.mod_count)
            }),
            "ISEMPTY and ISNOTEMPTY" => {
                with.over(rows, |row| row.middle_name.is_none() && row.roles.is_some())
            }
            "OR group" => with.over(rows, |row| {
                let gar = &asked.gar;
                let any = || has(&row.city, gar) || has(&row.phone, &asked.digits);
                row.active && (has(&row.name, gar) || any())
            }),
            "NQ" => with.over(rows, |row| {
                row.vip && row.country == *b"deu" || row.locked_out && &*row.city == "newhaven"
            }),
            "NOT LIKE and !=" => {
                with.over(rows, |row| row.country != *b"usa" && !has(&row.title, &asked.manager))
            }
            "LIKE without a hit" => with.over(rows, |row| has(&row.email, &asked.nowhere)),
            "all, descending, at n/2" => with.over(rows, |_| true),
            other => bail!("no loop is written for `{other}`"),
        })
    }

    /// The page around a place far from the first row, of all rows by descending name.
    fn page_at(&self, offset: usize) -> Vec<usize> {
        let contact = |row: u32| &self.contacts[row as usize];
        let compare =
            |a: &u32, b: &u32| contact(*b).name.cmp(&contact(*a).name).then_with(|| a.cmp(b));
        let mut rows: Vec<u32> = (0..).take(self.contacts.len()).collect();
        let offset = offset.min(rows.len());
        if offset < rows.len() {
            rows.select_nth_unstable_by(offset, compare);
        }
        let mut page = rows.split_off(offset);
        if page.len() > LIMIT {
            page.select_nth_unstable_by(LIMIT, compare);
            page.truncate(LIMIT);
        }
        page.sort_unstable_by(compare);
        page.into_iter().map(|row| row as usize).collect()
    }
}

fn has(text: &str, part: &Finder<'_>) -> bool {
    part.find(text.as_bytes()).is_some()
}

impl Engine for Hand {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> String {
        "loops written by hand in Rust over a `Vec` of structs, one thread".into()
    }

    fn count(&mut self, query: &Query) -> Result<usize> {
        self.run(query, Counting)
    }

    fn page(&mut self, query: &Query) -> Result<Vec<usize>> {
        match query.name {
            "sort by one key" => {
                self.run(query, Top(|a: &Contact, b: &Contact| a.name.cmp(&b.name)))
            }
            "sort by three keys" => self.run(
                query,
                Top(|a: &Contact, b: &Contact| {
                    let city = a.city.cmp(&b.city);
                    city.then_with(|| b.updated.cmp(&a.updated)).then_with(|| a.name.cmp(&b.name))
                }),
            ),
            "all, descending, at n/2" => Ok(self.page_at(query.offset)),
            _ => self.run(query, FirstTen),
        }
    }
}
