//! The listeners, and how they end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::Service;

use super::Body;
use super::answer::Settings;
use super::connection::serve;

/// How long to wait when the system has no more sockets to give. Our choice.
const PAUSE: Duration = Duration::from_millis(100);

/// What a server can serve: the bounds of [`Server::builder`](super::Server::builder) in one word.
pub(super) trait Served:
    Service<Request<Body>, Response = Response<Full<Bytes>>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Served for S
where
    S: Service<Request<Body>, Response = Response<Full<Bytes>>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
{
}

/// What all connections have in common.
#[derive(Debug)]
pub(super) struct Shared<S> {
    pub(super) service: S,
    pub(super) settings: Settings,
}

/// A listener, and how to speak TLS if it does.
pub(super) struct Listener {
    pub(super) socket: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
}

/// Comes back when the server is to stop.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error is that nobody is left to stop it.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves until it is told to stop, and then until all connections have ended, but no longer than the grace.
pub(super) async fn run<S: Served>(
    listeners: Vec<Listener>,
    shared: Arc<Shared<S>>,
    stopper: Arc<watch::Sender<bool>>,
) {
    let limits = &shared.settings.limits;
    let most = limits.connections.clamp(1, Semaphore::MAX_PERMITS);
    let room = Arc::new(Semaphore::new(most));
    let mut stop = stopper.subscribe();
    for listener in listeners {
        tokio::spawn(accept(listener, shared.clone(), room.clone(), stop.clone()));
    }
    stopped(&mut stop).await;
    drop(stop);
    // Past it what still runs is given up.
    let _ = timeout(limits.grace, stopper.closed()).await;
}

async fn accept<S: Served>(
    listener: Listener,
    shared: Arc<Shared<S>>,
    room: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let next = async {
            let accepted = listener.socket.accept().await;
            // Only then, so that a listener without clients leaves the room to the other one.
            (accepted, room.clone().acquire_owned().await)
        };
        let (accepted, permit) = tokio::select! {
            next = next => next,
            () = stopped(&mut stop) => return,
        };
        let Ok((socket, _)) = accepted else {
            sleep(PAUSE).await;
            continue;
        };
        let (tls, shared, stop) = (listener.tls.clone(), shared.clone(), stop.clone());
        tokio::spawn(async move {
            begin(socket, tls, &shared, stop).await;
            drop(permit);
        });
    }
}

async fn begin<S: Served>(
    socket: TcpStream,
    tls: Option<TlsAcceptor>,
    shared: &Shared<S>,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are written whole; one that waits for more is late. Without it they arrive all the same.
    let _ = socket.set_nodelay(true);
    let Some(tls) = tls else { return serve(socket, false, shared, stop).await };
    let greeting = timeout(shared.settings.limits.header, tls.accept(socket));
    let greeted = tokio::select! {
        greeted = greeting => greeted,
        () = stopped(&mut stop) => return,
    };
    if let Ok(Ok(socket)) = greeted {
        serve(socket, true, shared, stop).await;
    }
}
