//! What a connection is doing, and how long it may go on with it.
//!
//! Own code because the time-out of hyper for heads is also the one for connections without a request, and
//! it has none for clients that do not take their answer.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep_until};

use super::Limits;
use super::refused::own_answer;

/// The state of one connection, shared by its socket and its service.
#[derive(Debug)]
pub(super) struct Pulse {
    now: Mutex<(Doing, Instant)>,
    /// Whether the last answer of the service may be taken for one of hyper's own.
    is_alike: AtomicBool,
    header: Duration,
    idle: Duration,
}

/// What a connection does since an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Doing {
    /// The head of a request comes in.
    Head,
    /// The service has the request, and limits of its own.
    Request,
    /// An answer goes out, or nothing happens.
    Answer,
}

impl Pulse {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        let now = Mutex::new((Doing::Head, Instant::now()));
        let is_alike = AtomicBool::new(false);
        Arc::new(Self { now, is_alike, header: limits.header, idle: limits.idle })
    }

    /// The service is asked, until what is given back is dropped.
    pub(super) fn request(self: &Arc<Self>) -> Asked {
        self.set(|_| Some(Doing::Request));
        Asked(Arc::clone(self))
    }

    /// Bytes came in.
    fn read(&self) {
        self.set(|doing| (doing == Doing::Answer).then_some(Doing::Head));
    }

    /// Bytes went out.
    fn written(&self) {
        self.set(|doing| (doing != Doing::Request).then_some(Doing::Answer));
    }

    /// Tells whether the answer of the service may be taken for one of hyper's own.
    pub(super) fn answered(&self, is_alike: bool) {
        self.is_alike.store(is_alike, Ordering::Relaxed);
    }

    /// Whether what looks like an answer of hyper's own is one.
    fn is_hypers(&self) -> bool {
        match self.now.lock().unwrap_or_else(PoisonError::into_inner).0 {
            Doing::Head => true,
            Doing::Request => false,
            Doing::Answer => !self.is_alike.load(Ordering::Relaxed),
        }
    }

    fn set(&self, next: impl FnOnce(Doing) -> Option<Doing>) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        match next(now.0) {
            // The service has limits of its own, so that nobody asks since when.
            Some(Doing::Request) => now.0 = Doing::Request,
            Some(next) => *now = (next, Instant::now()),
            None => {}
        }
    }

    /// Comes back when the connection has gone on with one thing for too long.
    pub(super) async fn expired(&self) {
        loop {
            let (doing, since) = *self.now.lock().unwrap_or_else(PoisonError::into_inner);
            // Whatever begins after this look ends no sooner than the look after it.
            let look = Instant::now() + self.header.min(self.idle);
            let end = match doing {
                Doing::Head => since + self.header,
                Doing::Request => look,
                Doing::Answer => since + self.idle,
            };
            if end <= Instant::now() {
                return;
            }
            sleep_until(end.min(look)).await;
        }
    }
}

/// That the service has a request.
#[derive(Debug)]
pub(super) struct Asked(Arc<Pulse>);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.set(|_| Some(Doing::Answer));
    }
}

/// A socket that tells when bytes go through, and keeps an answer of hyper's own to itself.
#[derive(Debug)]
pub(super) struct Felt<I> {
    pub(super) socket: I,
    pulse: Arc<Pulse>,
    /// The status of the answer that was held back.
    pub(super) refused: Option<StatusCode>,
}

impl<I> Felt<I> {
    pub(super) fn new(socket: I, pulse: Arc<Pulse>) -> Self {
        Self { socket, pulse, refused: None }
    }
}

impl<I: AsyncWrite + Unpin> Felt<I> {
    /// Writes what stands before an answer of hyper's own, or holds that back; `None` if there is none.
    fn hold_back(
        &mut self,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Option<Poll<io::Result<usize>>> {
        let (before, status) = own_answer(parts).filter(|_| self.pulse.is_hypers())?;
        if before == 0 {
            self.refused = Some(status);
            return Some(Poll::Ready(Ok(parts.iter().map(|part| part.len()).sum())));
        }
        // The first part that is not empty, as far as it goes.
        let part = parts.iter().find(|part| !part.is_empty())?;
        let part = part.get(..before.min(part.len()))?;
        Some(Pin::new(&mut self.socket).poll_write(context, part))
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Felt<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.pulse.read();
        }
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Felt<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(held) = self.hold_back(context, &[io::IoSlice::new(bytes)]) {
            return held;
        }
        let count = ready!(Pin::new(&mut self.socket).poll_write(context, bytes))?;
        self.pulse.written();
        Poll::Ready(Ok(count))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let Some(held) = self.hold_back(context, parts) {
            return held;
        }
        let count = ready!(Pin::new(&mut self.socket).poll_write_vectored(context, parts))?;
        self.pulse.written();
        Poll::Ready(Ok(count))
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.refused.is_some() {
            // The client is still to be told.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
