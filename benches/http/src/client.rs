//! Connections that stay open, and ask again as soon as they are answered.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that stays open.
pub(crate) struct Connection {
    socket: TcpStream,
    buffer: Vec<u8>,
}

/// An answer as it came, with where its body begins.
pub(crate) struct Answer<'c> {
    pub(crate) status: u16,
    pub(crate) bytes: &'c [u8],
    head: usize,
}

impl Answer<'_> {
    pub(crate) fn body(&self) -> &[u8] {
        &self.bytes[self.head..]
    }
}

impl Connection {
    pub(crate) async fn to(address: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        Ok(Self { socket, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        tokio::time::timeout(PATIENCE, self.exchange(request)).await.context("no answer")?
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.socket.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            ensure!(self.socket.read_buf(&mut self.buffer).await? > 0, "closed before an answer");
            if let Some(place) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break place + 4;
            }
        };
        let (status, length) = read_head(&self.buffer[..head])?;
        while self.buffer.len() < head + length {
            ensure!(self.socket.read_buf(&mut self.buffer).await? > 0, "closed in an answer");
        }
        ensure!(self.buffer.len() == head + length, "more than one answer");
        Ok(Answer { status, bytes: &self.buffer, head })
    }

    /// Comes back when the other side has closed it.
    pub(crate) async fn closed(mut self) -> Result<()> {
        while self.socket.read_buf(&mut self.buffer).await? > 0 {
            self.buffer.clear();
        }
        Ok(())
    }

    /// Sends some bytes and waits for nothing.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.socket.write_all(bytes).await?)
    }
}

/// The status and the length of the body.
fn read_head(head: &[u8]) -> Result<(u16, usize)> {
    let head = std::str::from_utf8(head)?;
    let status = head.get(9..12).context("no status")?.parse()?;
    let length = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse())
    });
    match length {
        Some(length) => Ok((status, length?)),
        None if status == 204 => Ok((status, 0)),
        None => bail!("no content-length in {head}"),
    }
}

/// Asks the same on all connections for a while; gives the number of answers and the time.
pub(crate) async fn flood(
    connections: &mut Vec<Connection>,
    request: &[u8],
    status: u16,
    slice: Duration,
) -> Result<(u64, Duration)> {
    let began = Instant::now();
    let end = began + slice;
    let mut asking = JoinSet::new();
    for mut connection in connections.drain(..) {
        let request = request.to_vec();
        asking.spawn_local(async move {
            let mut count = 0;
            while Instant::now() < end {
                let answer = connection.ask(&request).await?;
                ensure!(answer.status == status, "{}", String::from_utf8_lossy(answer.bytes));
                count += 1;
            }
            anyhow::Ok((connection, count))
        });
    }
    let mut answers = 0;
    while let Some(done) = asking.join_next().await {
        let (connection, count) = done??;
        connections.push(connection);
        answers += count;
    }
    Ok((answers, began.elapsed()))
}

/// Runs clients on this thread.
pub(crate) fn run<T>(clients: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, clients)
}

/// So many connections.
pub(crate) async fn connections(address: SocketAddr, count: usize) -> Result<Vec<Connection>> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(Connection::to(address).await?);
    }
    Ok(all)
}
