#![expect(clippy::print_stdout, reason = "an example")]

//! A server for the time of a test: it starts on a free port, is asked as an instance would be, says
//! afterwards what it was asked, and stops when it is dropped.
//!
//! `cargo run --example mock_server --features server`

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

use encoded_query::Table;
use encoded_query::api::{ContactApi, Faults};
use encoded_query::server::Server;

/// What is tested: a client of an instance, with nothing but the standard library.
fn ask(server: &Server, target: &str, header: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(server.addr())?;
    let host = server.addr();
    write!(
        connection,
        "GET {target} HTTP/1.1\r\nHost: {host}\r\n{header}Connection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}

fn main() -> Result<(), Box<dyn Error>> {
    let api = ContactApi::builder(Table::demo_contacts()).faults(Faults::on_demand(1)).build()?;
    let server = Server::builder(api).start()?;
    println!("listening {}", server.url());

    let query = "/api/now/contact?sysparm_query=nameLIKEwarren%5Efist_name=George";
    let found = ask(&server, query, "")?;
    assert!(found.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(found.contains("\r\nx-total-count: 1\r\n") && found.contains("George Warren"));
    // A slip that an instance would not tell of.
    assert!(found.contains("\r\nx-query-diagnostics: 1; unknown-field\r\n"));

    let failing = ask(&server, query, "X-Mock-Fault: 503\r\n")?;
    assert!(failing.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));

    let requests = ask(&server, "/__admin/requests", "")?;
    assert!(requests.contains("\"effective\":\"nameLIKEwarren\""));
    println!("{requests}");

    drop(server);
    println!("stopped");
    Ok(())
}
