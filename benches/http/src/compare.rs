//! Each kind of request, in turns with the bare handler.

use std::fmt::Write;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::Options;
use crate::cases::{Case, Store, cases, one};
use crate::child::{Place, Server};
use crate::client::{Connection, connections, flood, run};
use crate::report::{median, number, of_three};

/// What one server did at one kind of request.
#[derive(Default)]
struct Score {
    /// Answers a second, a number for each turn.
    rates: Vec<f64>,
    answers: u64,
    cpu: Duration,
}

impl Score {
    /// Processor time of an answer, in microseconds.
    fn cost(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.answers as f64
    }
}

/// A server with the connections to it.
struct Asked {
    server: Server,
    connections: Vec<Connection>,
    score: Score,
}

impl Asked {
    async fn new(server: Server, count: usize) -> Result<Self> {
        let connections = connections(server.address, count).await?;
        Ok(Self { server, connections, score: Score::default() })
    }

    async fn turn(&mut self, case: &Case, slice: Duration) -> Result<()> {
        let before = self.server.cpu()?;
        let (answers, time) =
            flood(&mut self.connections, &case.request, case.status, slice).await?;
        self.score.cpu += self.server.cpu()?.saturating_sub(before);
        self.score.answers += answers;
        self.score.rates.push(answers as f64 / time.as_secs_f64());
        Ok(())
    }
}

pub(crate) fn section(place: &Place, options: &Options) -> Result<String> {
    let mut out = format!(
        "### Requests, on {} connections\n\n\
         | request | bytes | answers/s | bare/s | ratio | CPU µs | bare CPU µs |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
        options.connections,
    );
    let id = run(async { one(place.server()?.address).await })?;
    for case in cases(&id) {
        let (bytes, [ours, bare]) = run(measure(place, &case, options))?;
        let pairs = ours.rates.iter().zip(&bare.rates).map(|(ours, bare)| ours / bare);
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            case.name,
            number(bytes as f64),
            number(median(ours.rates.iter().copied())),
            number(median(bare.rates.iter().copied())),
            of_three(median(pairs)),
            of_three(ours.cost()),
            of_three(bare.cost()),
        )?;
    }
    Ok(out)
}

/// The bytes of an answer, and what both servers did.
async fn measure(place: &Place, case: &Case, options: &Options) -> Result<(usize, [Score; 2])> {
    let server = match case.store {
        Store::Read | Store::Grown => place.server()?,
        Store::Kept => place.keeping_server("kept")?,
    };
    let recorded = recorded(&server, case).await?;
    let bare = Server::bare(&recorded)?;
    check(&recorded, &self::recorded(&bare, case).await?)?;
    let mut ours = Asked::new(server, options.connections).await?;
    let mut bare = Asked::new(bare, options.connections).await?;
    // Not counted: both sides get warm.
    ours.turn(case, options.slice()).await?;
    bare.turn(case, options.slice()).await?;
    (ours.score, bare.score) = (Score::default(), Score::default());
    for round in 0..options.rounds {
        // Neither is always the first.
        let mut both = [&mut ours, &mut bare];
        both.rotate_left(round % 2);
        for asked in both {
            asked.turn(case, options.slice()).await?;
        }
    }
    Ok((recorded.len(), [ours.score, bare.score]))
}

/// An answer as the server sends it.
async fn recorded(server: &Server, case: &Case) -> Result<Vec<u8>> {
    let mut connection = Connection::to(server.address).await?;
    let answer = connection.ask(&case.request).await?;
    ensure!(answer.status == case.status, "{}: {}", case.name, answer.status);
    Ok(answer.bytes.to_vec())
}

/// Fails unless both are the same but for the date.
fn check(recorded: &[u8], bare: &[u8]) -> Result<()> {
    let lines = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut lines: Vec<String> = text.split("\r\n").map(str::to_owned).collect();
        lines.retain(|line| !line.starts_with("date: "));
        lines
    };
    let (recorded, bare) = (lines(recorded), lines(bare));
    ensure!(recorded == bare, "the bare handler answers\n{bare:#?}\nand not\n{recorded:#?}");
    Ok(())
}
