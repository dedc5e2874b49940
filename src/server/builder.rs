//! What a server is told before it starts.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tokio::runtime;
use tokio::sync::watch;
use tower::Service;
use tower_http::cors::CorsLayer;

use super::answer::Settings;
use super::latency::Latency;
use super::listen::{self, Listener, Shared};
use super::{Body, InvalidOrigin, Limits, Server, Tls, cors};

/// The name of its threads.
const NAME: &str = "encoded-query-server";

/// How long to wait, when the server has stopped, until what was given up is out of memory. Our choice.
const SETTLING: Duration = Duration::from_secs(1);

/// The options of a [`Server`].
#[derive(Clone, Debug)]
#[must_use = "it serves nothing until it is started"]
pub struct Builder<S> {
    service: S,
    address: SocketAddr,
    tls: Option<(SocketAddr, Tls)>,
    limits: Limits,
    cors: Option<CorsLayer>,
    latency: Option<(RangeInclusive<Duration>, u64)>,
    blocking_changes: bool,
}

impl<S> Builder<S> {
    /// By default on any free port of 127.0.0.1, without TLS, CORS and latency.
    pub(super) fn new(service: S) -> Self {
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        Self {
            service,
            address,
            tls: None,
            limits: Limits::default(),
            cors: None,
            latency: None,
            blocking_changes: false,
        }
    }

    /// Where to listen for HTTP. Port 0 is any free one.
    pub fn bind(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Where to listen for HTTPS too, and with which certificate. Port 0 is any free one.
    pub fn tls(mut self, address: SocketAddr, tls: Tls) -> Self {
        self.tls = Some((address, tls));
        self
    }

    /// What one client may take.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Lets pages of an origin read answers, or those of any for `*`.
    ///
    /// Preflights are answered before the service is asked, without credentials, as browsers send none with
    /// them.
    ///
    /// # Errors
    /// If the text is neither `*` nor an origin, such as `https://app.example.com`.
    pub fn cors(mut self, origin: &str) -> Result<Self, InvalidOrigin> {
        self.cors = Some(cors::layer(origin)?);
        Ok(self)
    }

    /// Lets each request wait for a time in that range before the service is asked. Which times these are
    /// follows from the seed. No limit counts them.
    pub fn latency(mut self, times: RangeInclusive<Duration>, seed: u64) -> Self {
        self.latency = Some((times, seed));
        self
    }

    /// Tells that the service may keep its thread waiting, for a disk say, when it is asked by a method that
    /// changes something. More threads are then started, so that other requests do not wait with it.
    pub fn blocking_changes(mut self) -> Self {
        self.blocking_changes = true;
        self
    }

    /// Starts serving on threads of its own, and comes back when clients can connect.
    ///
    /// # Errors
    /// If the system does not give an address, or no threads.
    pub fn start(self) -> io::Result<Server>
    where
        S: Service<Request<Body>, Response = Response<Full<Bytes>>, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let runtime =
            runtime::Builder::new_multi_thread().thread_name(NAME).enable_all().build()?;
        let handle = runtime.handle().clone();
        // Sockets belong to the runtime they are made in.
        let inside = handle.enter();
        let (http, addr) = listen(self.address)?;
        let mut listeners = vec![Listener { socket: http, tls: None }];
        let mut secure = None;
        if let Some((address, tls)) = &self.tls {
            let (socket, addr) = listen(*address)?;
            listeners.push(Listener { socket, tls: Some(tls.acceptor()) });
            secure = Some(addr);
        }
        drop(inside);
        let latency = self.latency.map(|(times, seed)| Latency::new(&times, seed));
        let (limits, cors, blocking_changes) = (self.limits, self.cors, self.blocking_changes);
        let settings = Settings { limits, cors, latency, blocking_changes };
        let shared = Arc::new(Shared { service: self.service, settings });
        let stopper = Arc::new(watch::Sender::new(false));
        let run = listen::run(listeners, shared, stopper.clone());
        let thread = thread::Builder::new().name(NAME.to_owned()).spawn(move || {
            runtime.block_on(run);
            runtime.shutdown_timeout(SETTLING);
        })?;
        let certificate = self.tls.and_then(|(_, tls)| tls.certificate().map(Path::to_owned));
        Ok(Server { addr, tls_addr: secure, certificate, handle, stopper, thread: Some(thread) })
    }
}

/// A listener, and where it listens.
fn listen(address: SocketAddr) -> io::Result<(tokio::net::TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((tokio::net::TcpListener::from_std(listener)?, address))
}
