//! Each mode for a moment: every answer has the status that is asserted, and there is a table.

use std::process::Command;

fn run(arguments: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_load");
    let few = ["--contacts", "200", "--connections", "2"];
    let output = Command::new(program).args(arguments).args(few).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_kind_of_request_is_compared() {
    let table = run(&["compare", "--rounds", "1", "--slice", "20"]);
    for kind in ["list", "one by sys_id", "create, in memory", "XML", "Table API"] {
        assert!(table.lines().any(|line| line.starts_with("| ") && line.contains(kind)), "{table}");
    }
}

#[test]
fn a_mix_has_no_errors() {
    let table = run(&["mix", "--minutes", "0.02"]);
    assert!(!table.contains("- error:"), "{table}");
    assert!(table.contains("| requests |"), "{table}");
}

#[test]
fn good_clients_are_answered_beside_slow_ones() {
    let table = run(&["slow", "--seconds", "0.5", "--crowd", "20"]);
    assert!(table.contains("| beside the others |"), "{table}");
}
