//! How long and how much a client may take.

use std::time::Duration;

/// What one client may take of the server; past it the server answers or closes, as each limit says.
///
/// The defaults are our choice, near those of nginx; the number of headers is hyper's.
///
/// ```
/// use std::time::Duration;
/// use encoded_query::server::Limits;
///
/// let mut limits = Limits::default();
/// limits.request = Duration::from_secs(5);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// For the head of a request: the first from when the connection is accepted, later ones from their
    /// first byte. For the TLS handshake too. The connection closes without an answer, as that answer
    /// could be taken for the one to the next request. 10 seconds.
    pub header: Duration,
    /// For the body, from when its head was read: past it 408, and the connection closes. 30 seconds.
    pub body: Duration,
    /// For the service, from when the body was read or dropped: past it 408, and the connection closes.
    /// 30 seconds.
    pub request: Duration,
    /// For the next request to begin, and for the client to take some of an answer. The connection closes.
    /// 60 seconds.
    pub idle: Duration,
    /// For requests that run when the server is stopped. Then they are given up. 5 seconds.
    pub grace: Duration,
    /// Connections served at once, of both listeners. As with nginx and hyper the next ones wait in the
    /// queue of the system until one ends: to refuse them with 503 a request would have to be read first,
    /// by what there is no room for. 1,024; 0 is taken for 1.
    pub connections: usize,
    /// Lines of headers in a request: past it 431, and the connection closes. 100.
    pub headers: usize,
    /// Bytes of the head of a request, its first line included: past it 431, and the connection closes. A
    /// target over 65,534 bytes in a head that is not too long is 414. 128 KiB; at most 400 KiB.
    pub head_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
            request: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            grace: Duration::from_secs(5),
            connections: 1024,
            headers: 100,
            head_bytes: 128 * 1024,
        }
    }
}
