//! The Contact API over HTTP and HTTPS.

mod arguments;
mod log;

use std::fs;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

pub(super) use arguments::ServeArguments;
use log::{Event, Log};

use super::data::{Data, Wanted};
use super::report::thousands;
use super::{Done, Stop, Streams};
use crate::api::{Access, Builder, ContactApi, Faults, InvalidPaging};
use crate::demo;
use crate::journal::Directory;
use crate::server::{Server, Tls};
use crate::table::{Database, Table};

/// Events that wait to be written at most; more are counted and left out, so that a terminal that stands
/// still does not hold up the server.
const WAITING: usize = 8192;

pub(super) fn run(arguments: &ServeArguments, streams: &mut Streams<'_>) -> Done {
    let address = address(arguments, arguments.port)?;
    let database = records(arguments, streams)?;
    let (tell, events) = mpsc::sync_channel(WAITING);
    let log = Log::new(arguments.log(streams), tell.clone());
    let api = api(arguments, database)?;
    let api = api.on_answer(move |answered| log.tell(answered)).build();
    let api = api.map_err(|error| Stop::Message(error.to_string()))?;
    let tables = api.tables();
    let (server, temporary) = start(arguments, address, api)?;
    let signals = server.signals();
    let signals = signals.map_err(|error| Stop::Message(format!("no signals: {error}")))?;
    announce(arguments, &server, &tables, streams)?;
    std::thread::spawn(move || {
        signals.wait();
        server.stop();
        drop(temporary);
        // The other end waits for it.
        let _ = tell.send(Event::Ended);
    });
    log::follow(&events, streams.stderr);
    Ok(0)
}

/// The records to serve.
fn records(arguments: &ServeArguments, streams: &mut Streams<'_>) -> Result<Database, Stop> {
    let wanted = Wanted {
        data: arguments.data.as_deref(),
        before: None,
        reading: &arguments.reading,
        diagnostics: &arguments.diagnostics,
        quiet: arguments.quiet,
    };
    let Data { database, .. } = wanted.load(streams)?;
    match (arguments.seed, &arguments.data) {
        (Some(seed), None) => demo_of(seed, &database),
        _ => Ok(database),
    }
}

/// The same with the demo contacts of another seed.
fn demo_of(seed: u64, database: &Database) -> Result<Database, Stop> {
    let others = database.tables().iter().skip(1).cloned();
    let contacts = Table::demo_contacts_of(seed, demo::DEMO_COUNT);
    Database::new(std::iter::once(contacts).chain(others))
        .map_err(|error| Stop::Message(error.to_string()))
}

fn api(arguments: &ServeArguments, database: Database) -> Result<Builder, Stop> {
    let fault = |error: String| Stop::Message(error);
    let mut api = ContactApi::builder(database)
        .environment(arguments.world.standing()?)
        .on_invalid(arguments.on_invalid.policy())
        .faults(arguments.faults()?);
    for account in arguments.accounts()? {
        api = api.account(account);
    }
    for (id, secret, account) in arguments.clients()? {
        api = api.oauth_client(id, secret, account);
    }
    if arguments.lenient_paging {
        api = api.invalid_paging(InvalidPaging::UseDefault);
    }
    if arguments.read_only {
        api = api.access(Access::ReadOnly);
    }
    if let Some(most) = arguments.max_limit {
        api = api.max_limit(most);
    }
    if let Some(most) = arguments.max_body {
        api = api.max_body(most);
    }
    if let Some(seed) = arguments.seed {
        api = api.seed(seed);
    }
    if let Some(directory) = &arguments.data_dir {
        let directory = Directory::open(directory);
        api = api.journal(directory.map_err(|error| fault(format!("--data-dir: {error}")))?);
    }
    Ok(api)
}

/// Where to listen. Without accounts everybody may ask who can connect, so that has to be this machine.
fn address(arguments: &ServeArguments, port: u16) -> Result<SocketAddr, Stop> {
    let host = &arguments.host;
    let fault = |why: String| Stop::Message(format!("--host: `{host}` {why}"));
    let found = (host.as_str(), port).to_socket_addrs();
    let mut found = found.map_err(|error| fault(format!("is no host: {error}")))?;
    let address = found.next().ok_or_else(|| fault("has no address".into()))?;
    if !address.ip().is_loopback() && arguments.is_open() {
        let why = "can be reached from other machines, and there are no credentials; \
            give --user and --password, or --account";
        return Err(fault(why.into()));
    }
    Ok(address)
}

/// A folder that is gone at the end.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // It may never have been made.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start(
    arguments: &ServeArguments,
    address: SocketAddr,
    api: ContactApi,
) -> Result<(Server, Option<Temporary>), Stop> {
    let mut server = Server::builder(api).bind(address);
    let mut temporary = None;
    if let Some(port) = arguments.tls_port {
        let at = SocketAddr::new(address.ip(), port);
        let (tls, folder) = tls(arguments, address.ip())?;
        server = server.tls(at, tls);
        temporary = folder;
    }
    if arguments.data_dir.is_some() {
        server = server.blocking_changes();
    }
    if let Some(origin) = &arguments.cors {
        let with = server.cors(origin);
        server = with.map_err(|error| Stop::Message(format!("--cors: {error}")))?;
    }
    if let Some(latency) = arguments.latency()? {
        server = server.latency(latency, arguments.seed.unwrap_or(demo::DEMO_SEED));
    }
    let fault = |error| Stop::Message(format!("cannot listen on {address}: {error}"));
    Ok((server.start().map_err(fault)?, temporary))
}

/// The certificate given, or a new one, which is kept beside the records or, while it serves, with temporary
/// files.
fn tls(arguments: &ServeArguments, ip: IpAddr) -> Result<(Tls, Option<Temporary>), Stop> {
    let fault = |error| Stop::Message(format!("TLS: {error}"));
    if let (Some(certificate), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) {
        return Ok((Tls::from_files(certificate, key).map_err(fault)?, None));
    }
    let mut names = vec!["localhost".to_owned(), arguments.host.clone(), ip.to_string()];
    names.sort();
    names.dedup();
    if let Some(folder) = &arguments.data_dir {
        return Ok((Tls::self_signed(names, folder).map_err(fault)?, None));
    }
    let folder = std::env::temp_dir().join(format!("encq-tls-{}", std::process::id()));
    let temporary = Temporary(folder);
    let tls = Tls::self_signed(names, &temporary.0).map_err(fault)?;
    Ok((tls, Some(temporary)))
}

/// Says where it listens, for programs on standard output and for people on standard error.
fn announce(
    arguments: &ServeArguments,
    server: &Server,
    tables: &[(String, usize)],
    streams: &mut Streams<'_>,
) -> Result<(), Stop> {
    for url in std::iter::once(server.url()).chain(server.tls_url()) {
        writeln!(streams.stdout, "listening {url}")?;
    }
    streams.stdout.flush()?;
    if arguments.quiet {
        return Ok(());
    }
    let out = &mut *streams.stderr;
    let filled = tables.iter().filter(|(_, count)| *count > 0);
    let counts = filled.map(|(name, count)| format!("{} in {name}", thousands(*count as u64)));
    writeln!(out, "records: {}", counts.collect::<Vec<_>>().join(", "))?;
    if let Some(certificate) = server.certificate() {
        writeln!(out, "certificate: {}", certificate.display())?;
    }
    let user = arguments.first_account().map_or(String::new(), |name| format!("--user {name} "));
    let url = format!("{}/api/now/contact", server.url());
    writeln!(out, "try: curl --get {user}--data-urlencode 'sysparm_query=nameLIKEwarren' {url}")?;
    writeln!(out, "what was asked, and what of it was ignored: {}/__admin/requests", server.url())?;
    writeln!(out, "Ctrl-C stops it")?;
    Ok(())
}

/// A time such as `200ms` or `1s`.
fn duration(text: &str) -> Option<Duration> {
    let duration: jiff::SignedDuration = text.trim().parse().ok()?;
    Duration::try_from(duration).ok()
}

impl ServeArguments {
    fn faults(&self) -> Result<Faults, Stop> {
        let mut faults = Faults::on_demand(self.seed.unwrap_or(demo::DEMO_SEED));
        for text in &self.fault {
            let fault = text.parse();
            let wrong = |error| Stop::Message(format!("--fault: `{text}` does not read; {error}"));
            faults = faults.with(fault.map_err(wrong)?);
        }
        Ok(faults)
    }
}
