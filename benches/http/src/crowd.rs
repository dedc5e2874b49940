//! Good clients beside idle and slow connections.

use std::fmt::Write;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::Options;
use crate::cases::{LIST, create, get};
use crate::child::Place;
use crate::client::{Connection, run};
use crate::report::{number, of_three};

/// Good clients: each asks, waits a little, and asks again.
const GOOD: usize = 4;
const PAUSE: Duration = Duration::from_millis(2);

/// Between two bytes of a slow client.
const BETWEEN: Duration = Duration::from_millis(100);

pub(crate) fn section(place: &Place, options: &Options) -> Result<String> {
    let server = place.server()?;
    let (address, crowd) = (server.address, options.crowd);
    let time = Duration::from_secs_f64(options.seconds);
    let alone = run(good(address, time / 3))?;
    // On a thread of its own, so that the crowd does not hold up the good ones; it ends with the process.
    thread::spawn(move || run(crowded(address, crowd)));
    // Until all are there.
    thread::sleep(Duration::from_secs(1));
    let beside = run(good(address, time))?;
    let mut out = format!(
        "### {crowd} idle and slow connections beside {GOOD} good clients\n\n\
         | good clients | answers | p50 ms | p99 ms | longest ms |\n|---|--:|--:|--:|--:|\n",
    );
    for (name, times) in [("alone", alone), ("beside the others", beside)] {
        let at = |share: usize| {
            let place = (times.len() * share / 100).min(times.len() - 1);
            of_three(times[place].as_secs_f64() * 1e3)
        };
        let count = number(times.len() as f64);
        writeln!(out, "| {name} | {count} | {} | {} | {} |", at(50), at(99), at(100))?;
    }
    out.push_str(
        "\nA good client asks for the list, waits 2 ms and asks again. Of the others half send nothing, a \
         quarter a byte of a head each 100 ms, a quarter a byte of a body; those that are closed come again.\n",
    );
    Ok(out)
}

/// How long answers took, the longest last.
async fn good(address: SocketAddr, time: Duration) -> Result<Vec<Duration>> {
    let end = Instant::now() + time;
    let mut clients = JoinSet::new();
    for _ in 0..GOOD {
        clients.spawn_local(async move {
            let mut connection = Connection::to(address).await?;
            let mut times = Vec::new();
            while Instant::now() < end {
                let began = Instant::now();
                let answer = connection.ask(&get(LIST, "")).await?;
                ensure!(answer.status == 200, "{}", answer.status);
                times.push(began.elapsed());
                sleep(PAUSE).await;
            }
            anyhow::Ok(times)
        });
    }
    let mut all = Vec::new();
    while let Some(times) = clients.join_next().await {
        all.extend(times??);
    }
    ensure!(!all.is_empty(), "no answer");
    all.sort_unstable();
    Ok(all)
}

/// So many connections that are idle or slow, without end.
async fn crowded(address: SocketAddr, count: usize) -> Result<()> {
    let mut clients = JoinSet::new();
    for number in 0..count {
        clients.spawn_local(async move {
            loop {
                // A server closes those that take too long.
                let _ = stroll(address, number).await;
            }
        });
    }
    while clients.join_next().await.is_some() {}
    Ok(())
}

/// One connection from its beginning to its end.
async fn stroll(address: SocketAddr, number: usize) -> Result<()> {
    let mut connection = Connection::to(address).await?;
    let request = create();
    let body = request.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |place| place + 4);
    let (at_once, slowly) = match number % 4 {
        0 => request.split_at(0),
        1 => request.split_at(body),
        _ => (&[][..], &[][..]),
    };
    connection.send(at_once).await?;
    for byte in slowly {
        sleep(BETWEEN).await;
        connection.send(&[*byte]).await?;
    }
    connection.closed().await
}
