//! Sockets, TLS and time-outs around a service, over HTTP/1.1.
//!
//! The service decides what is answered; nothing here looks into a body. hyper reads and writes HTTP, rustls
//! speaks TLS, and layers of tower-http compress, catch panics and answer browsers. Answers of the server's
//! own have the shape of the Contact API: `{"error":{"message":"…","detail":"…"},"status":"failure"}`.
//!
//! A request that came by TLS has the extension [`http::uri::Scheme::HTTPS`].

mod answer;
mod body;
mod builder;
mod connection;
mod cors;
mod latency;
mod limits;
mod listen;
mod pulse;
mod refused;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::runtime::Handle;
use tokio::sync::watch;

pub use body::{Body, BodyError};
pub use builder::Builder;
pub use cors::InvalidOrigin;
pub use limits::Limits;
pub use tls::{Tls, TlsError};

/// A server that runs on threads of its own, until it is stopped or dropped.
///
/// ```
/// use std::convert::Infallible;
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// use encoded_query::server::{Body, Server};
///
/// let service = tower::service_fn(async |_: http::Request<Body>| {
///     Ok::<_, Infallible>(http::Response::new("hello".into()))
/// });
/// let server = Server::builder(service).start()?;
/// assert!(server.url().starts_with("http://127.0.0.1:"));
///
/// let mut client = TcpStream::connect(server.addr())?;
/// client.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
/// let mut answer = String::new();
/// client.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("hello"));
///
/// server.stop();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "it stops when it is dropped"]
pub struct Server {
    addr: SocketAddr,
    tls_addr: Option<SocketAddr>,
    certificate: Option<PathBuf>,
    handle: Handle,
    stopper: Arc<watch::Sender<bool>>,
    /// Taken when it is stopped.
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// The options of a server of that service, which has to be a [`tower::Service`] from
    /// `Request<`[`Body`]`>` to `Response<Full<Bytes>>` that never fails; see [`Builder::start`].
    ///
    /// It is cloned for each request and called on a thread that has other connections to serve, so it
    /// should be quick or give way.
    pub fn builder<S>(service: S) -> Builder<S> {
        Builder::new(service)
    }

    /// Where HTTP is served, such as `http://127.0.0.1:43117`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where HTTPS is served, if it is.
    pub fn tls_url(&self) -> Option<String> {
        self.tls_addr.map(|addr| format!("https://{addr}"))
    }

    /// The address of HTTP, with the port that was picked.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address of HTTPS, with the port that was picked.
    pub fn tls_addr(&self) -> Option<SocketAddr> {
        self.tls_addr
    }

    /// The file with the certificate that clients have to trust, if it is self-signed.
    pub fn certificate(&self) -> Option<&Path> {
        self.certificate.as_deref()
    }

    /// Stops it: no more connections, idle ones closed at once, and requests that run given
    /// [the grace](Limits::grace) to end. Dropping it does the same.
    pub fn stop(self) {}

    /// Waits until the process is told to end, by SIGINT (Control-C) or SIGTERM, and stops then.
    ///
    /// The process no longer ends by these signals from then on.
    ///
    /// # Errors
    /// If the system does not let it wait for signals. It is stopped then too.
    pub fn wait_for_signal(self) -> io::Result<()> {
        self.signals()?.wait();
        Ok(())
    }

    /// Takes SIGINT and SIGTERM from now on, so that none is missed before someone waits for it.
    ///
    /// # Errors
    /// If the system does not let it.
    pub fn signals(&self) -> io::Result<Signals> {
        let (tell, told) = mpsc::channel();
        // Signals belong to the runtime they are taken in.
        let _inside = self.handle.enter();
        let signal = signal()?;
        self.handle.spawn(async move {
            signal.await;
            // Nobody may wait any more.
            let _ = tell.send(());
        });
        Ok(Signals(told))
    }
}

/// The signals that tell the process to end; see [`Server::signals`].
#[derive(Debug)]
pub struct Signals(mpsc::Receiver<()>);

impl Signals {
    /// Waits for one; comes back as well when the server has ended by itself.
    pub fn wait(self) {
        // An error is that the server has ended.
        let _ = self.0.recv();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Kept, not sent: its thread may not have begun to listen for it.
        self.stopper.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // An error is that the thread panicked, which is no reason to do so here.
            let _ = thread.join();
        }
    }
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
