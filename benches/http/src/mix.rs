//! Lists, records and creations for minutes: errors and memory.

use std::cell::RefCell;
use std::fmt::Write;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::JoinSet;
use tokio::time::{interval, timeout_at};

use crate::Options;
use crate::cases::{LIST, create, delete, get, one, sys_id};
use crate::child::Place;
use crate::client::{Connection, run};
use crate::report::{median, number, of_three};

/// How often memory is looked at, in parts of the whole time.
const LOOKS: u32 = 300;

/// What the clients saw.
#[derive(Default)]
struct Seen {
    lists: u64,
    ones: u64,
    created: u64,
    removed: u64,
    /// What went wrong, the first ones in words.
    errors: u64,
    words: Vec<String>,
}

impl Seen {
    fn error(&mut self, error: &anyhow::Error) {
        self.errors += 1;
        if self.words.len() < 5 {
            self.words.push(format!("{error:#}"));
        }
    }
}

/// One of the connections of the mix.
struct Client {
    address: SocketAddr,
    connection: Connection,
    one: Vec<u8>,
    /// What it does next is a number of a fixed row of 20.
    turn: usize,
    seen: Rc<RefCell<Seen>>,
}

impl Client {
    /// Sixteen lists, three records and a creation, evenly mixed. What was created is removed again by the
    /// Table API, so that the server holds as much at the end as at the beginning.
    async fn next(&mut self) -> Result<()> {
        self.turn += 1;
        match self.turn % 20 {
            5 | 10 | 15 => {
                self.expect(200, &self.one.clone()).await?;
                self.seen.borrow_mut().ones += 1;
            }
            0 => {
                let answer = self.expect(201, &create()).await?;
                let id = sys_id(&answer, "\"result\":\"").context("no sys_id")?;
                self.seen.borrow_mut().created += 1;
                let target = format!("/api/now/table/customer_contact/{id}");
                self.expect(204, &delete(&target)).await?;
                self.seen.borrow_mut().removed += 1;
            }
            _ => {
                self.expect(200, &get(LIST, "")).await?;
                self.seen.borrow_mut().lists += 1;
            }
        }
        Ok(())
    }

    /// The body of an answer of that status.
    async fn expect(&mut self, status: u16, request: &[u8]) -> Result<String> {
        let answer = self.connection.ask(request).await?;
        let body = || String::from_utf8_lossy(answer.body()).into_owned();
        ensure!(answer.status == status, "{} instead of {status}: {}", answer.status, body());
        // Only what was created is looked at.
        Ok(if status == 201 { body() } else { String::new() })
    }
}

pub(crate) fn section(place: &Place, options: &Options) -> Result<String> {
    let time = Duration::from_secs_f64(options.minutes * 60.0);
    let server = place.server()?;
    let (seen, memory) = run(async {
        let seen = Rc::new(RefCell::new(Seen::default()));
        let one = get(&format!("/api/now/contact/{}", one(server.address).await?), "");
        let (address, end) = (server.address, Instant::now() + time);
        let mut clients = JoinSet::new();
        for number in 0..options.connections {
            let connection = Connection::to(address).await?;
            let (one, turn, seen) = (one.clone(), number * 7, seen.clone());
            let mut client = Client { address, connection, one, turn, seen };
            clients.spawn_local(async move {
                while Instant::now() < end {
                    if let Err(error) = client.next().await {
                        client.seen.borrow_mut().error(&error);
                        // A connection may be of no more use.
                        client.connection = Connection::to(client.address).await?;
                    }
                }
                anyhow::Ok(())
            });
        }
        let mut memory = Vec::new();
        let mut looks = interval(time / LOOKS);
        let end = tokio::time::Instant::from_std(end);
        while timeout_at(end, looks.tick()).await.is_ok() {
            memory.push(server.memory()? as f64);
        }
        while let Some(done) = clients.join_next().await {
            done??;
        }
        anyhow::Ok((Rc::into_inner(seen).context("a client is left")?.into_inner(), memory))
    })?;
    text(options, &seen, &memory)
}

fn text(options: &Options, seen: &Seen, memory: &[f64]) -> Result<String> {
    let tenth = memory.len() / 10;
    let early = median(memory.iter().copied().skip(tenth).take(tenth.max(1)));
    let late = median(memory.iter().copied().rev().take(tenth.max(1)));
    let requests = seen.lists + seen.ones + seen.created + seen.removed;
    let mut out = format!(
        "### A mix for {} minutes, on {} connections\n\n\
         | requests | lists | one by sys_id | created | removed again | errors | KiB early | KiB late | drift |\n\
         |--:|--:|--:|--:|--:|--:|--:|--:|--:|\n\
         | {} | {} | {} | {} | {} | {} | {} | {} | {} % |\n\n\
         80 % lists, 15 % records, 5 % creations; each record created is removed again by the Table API, so that \
         the store keeps its size. Early and late are the medians of the resident memory in the second and the \
         last tenth of the time.\n",
        of_three(options.minutes),
        options.connections,
        number(requests as f64),
        number(seen.lists as f64),
        number(seen.ones as f64),
        number(seen.created as f64),
        number(seen.removed as f64),
        number(seen.errors as f64),
        number(early),
        number(late),
        of_three((late / early - 1.0) * 100.0),
    );
    for word in &seen.words {
        writeln!(out, "\n- error: {word}")?;
    }
    Ok(out)
}
