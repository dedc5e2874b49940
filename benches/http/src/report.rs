//! Numbers and the head of the page, as Markdown.

use std::fs;
use std::process::Command;

/// What ran where and when.
pub(crate) fn head() -> String {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        line.split_once(": ").map(|(_, name)| name.to_owned())
    });
    let command = "cargo run --release --manifest-path benches/http/Cargo.toml --";
    format!(
        "## HTTP on loopback\n\n- Machine: {}, {cores} cores\n- Date: {}\n- Compiler: {}\n\
         - Command: `{command} {}`\n\n",
        model.unwrap_or_else(|| "unknown".into()),
        jiff::Timestamp::now().strftime("%Y-%m-%d"),
        compiler().unwrap_or_else(|| "unknown".into()),
        arguments.join(" "),
    )
}

fn compiler() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
}

/// The middle one.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A whole number in groups of three digits.
pub(crate) fn number(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with three digits or so.
pub(crate) fn of_three(number: f64) -> String {
    match number.abs() {
        large if large >= 100.0 => format!("{number:.0}"),
        some if some >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}
