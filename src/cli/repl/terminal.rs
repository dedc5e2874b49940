//! Lines from a person: edited on the terminal of the process, with history and completion.

use std::io::ErrorKind;
use std::path::Path;

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::complete::complete;
use super::session::Session;
use crate::cli::report::{thousands, visible};
use crate::cli::{Done, Stop, Streams};
use crate::schema::Catalog;
use crate::syntax::join_lines;

const PROMPT: &str = "encq> ";

/// Lines that are kept at most.
const MOST_KEPT: usize = 1000;

type Prompting<'s> = Editor<Completing<'s>, FileHistory>;

/// Answers lines until the person ends.
pub(super) fn run(session: &mut Session<'_>, streams: &mut Streams<'_>) -> Done {
    let mut editor = editor(session).map_err(|error| unusable(&error))?;
    let history = streams.history;
    if let Some(path) = history {
        // Whether it can be kept or not, the queries can be answered.
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = editor.load_history(path);
    }
    let (records, table) = (thousands(session.records() as u64), visible(session.tables().1));
    writeln!(
        streams.stdout,
        "{records} records of `{table}`; .help lists the commands, Ctrl-D ends"
    )?;
    streams.stdout.flush()?;
    while !session.has_ended() {
        match editor.readline(PROMPT) {
            Ok(text) => {
                // What is pasted may be laid out on several lines.
                let text = join_lines(&text);
                text.lines().for_each(|line| keep(&mut editor, line, history));
                answer(session, &text, streams)?;
            }
            Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => {}
            Err(ReadlineError::Eof) => break,
            Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
                let stop = Stop::Message("the line has invalid UTF-8".into());
                session.settle(Err(stop), streams)?;
            }
            Err(error) => return Err(unusable(&error)),
        }
    }
    Ok(0)
}

/// Answers lines up to the one that ends the session.
fn answer(session: &mut Session<'_>, text: &str, streams: &mut Streams<'_>) -> Result<(), Stop> {
    for line in text.lines() {
        let done = session.act(line, None, streams);
        session.settle(done, streams)?;
        if session.has_ended() {
            break;
        }
    }
    Ok(())
}

fn editor<'s>(session: &Session<'s>) -> rustyline::Result<Prompting<'s>> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .history_ignore_space(true)
        .max_history_size(MOST_KEPT)?;
    let mut editor = Editor::with_config(config.build())?;
    let (catalog, table) = session.tables();
    editor.set_helper(Some(Completing { catalog, table }));
    Ok(editor)
}

/// Remembers a line at once, so that it is there even if the session does not end by itself.
fn keep(editor: &mut Prompting<'_>, line: &str, history: Option<&Path>) {
    if editor.add_history_entry(line).is_ok_and(|is_added| is_added)
        && let Some(path) = history
    {
        let _ = editor.append_history(path);
    }
}

fn unusable(error: &ReadlineError) -> Stop {
    Stop::Message(format!("cannot read from the terminal: {error}"))
}

/// What rustyline asks for completions.
struct Completing<'c> {
    catalog: &'c Catalog,
    table: &'c str,
}

impl Completer for Completing<'_> {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, candidates) = complete(self.catalog, self.table, line, cursor);
        let pairs = candidates.into_iter();
        let pairs = pairs.map(|found| Pair { display: found.shown, replacement: found.text });
        // rustyline panics where there are more.
        Ok((start, pairs.take(usize::from(u16::MAX)).collect()))
    }
}

impl Hinter for Completing<'_> {
    type Hint = String;
}

impl Highlighter for Completing<'_> {}

impl Validator for Completing<'_> {}

impl Helper for Completing<'_> {}
