//! Patterns, compiled once under limits.

use regex::{Regex, RegexBuilder};

use super::Binding;
use super::part::Part;
use crate::diagnostic::{Code, Diagnostic, shown};
use crate::filter::{Operand, Pattern, Predicate, TextTest};
use crate::operator::{PatternSyntax, Polarity};
use crate::syntax::Condition;
use crate::value::{Case, Folded};

/// Memory of a compiled regular expression. With the library's default one pattern of 24 characters
/// took over half a second on one field of 255 bytes.
const REGEX_SIZE: usize = 64 * 1024;
const DFA_SIZE: usize = 10 * 1024 * 1024;
const NESTING: u32 = 32;
/// A glob has no counted repetition, so its size follows its length; this holds the longest allowed.
const GLOB_SIZE: usize = 8 * 1024 * 1024;

impl Binding<'_, '_> {
    pub(super) fn pattern(
        &mut self,
        condition: &Condition<'_>,
        syntax: PatternSyntax,
        value: &Part<'_>,
    ) -> Result<Predicate, Diagnostic> {
        let text = self.text_of(value)?;
        let value = Part { text: &text, ..*value };
        if value.text.is_empty() {
            // Often its `^` was read as a separator.
            let operator = condition.operator();
            let message = format!("`{operator}` has no pattern; a `^` in one is written `^^`");
            self.say(Code::EmptyOperand, condition.span(), message);
        }
        let limit = self.binder.options.limits.patterns;
        self.patterns += 1;
        if self.patterns > limit {
            let message = format!("the query has more than {limit} patterns");
            return Err(Diagnostic::new(Code::RegexTooBig, value.span, message));
        }
        let case = self.binder.case();
        let test = match syntax {
            PatternSyntax::Glob => self.glob(&value, case)?,
            PatternSyntax::Regex => self.regex(&value, case)?,
        };
        Ok(Predicate::new(Operand::Text(test), Polarity::Positive, false))
    }

    /// Both pattern and text are folded, so that a glob agrees with the other text operators.
    fn glob(&self, value: &Part<'_>, case: Case) -> Result<TextTest, Diagnostic> {
        let pattern = value.text;
        self.limit_operand(value)?;
        let folded = Folded::new(pattern, case);
        let mut regex = String::from("^");
        for c in folded.as_str().chars() {
            match c {
                '*' => regex.push_str(".*"),
                '?' => regex.push('.'),
                _ => regex.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
        }
        regex.push('$');
        let compiled =
            RegexBuilder::new(&regex).dot_matches_new_line(true).size_limit(GLOB_SIZE).build();
        let compiled = compiled.map_err(|_| too_big(value))?;
        Ok(TextTest::Glob(Pattern::new(compiled), case))
    }

    fn regex(&self, value: &Part<'_>, case: Case) -> Result<TextTest, Diagnostic> {
        let Part { text: pattern, span } = *value;
        let limit = self.binder.options.limits.pattern;
        if pattern.len() > limit {
            let message =
                format!("the regular expression has {} bytes; the limit is {limit}", pattern.len());
            return Err(Diagnostic::new(Code::RegexTooBig, span, message));
        }
        let compiled = RegexBuilder::new(pattern)
            .case_insensitive(case == Case::Ignore)
            .size_limit(REGEX_SIZE)
            .dfa_size_limit(DFA_SIZE)
            .nest_limit(NESTING)
            .build();
        let compiled: Result<Regex, _> = compiled;
        compiled
            .map(|regex| TextTest::Regex(Pattern::new(regex)))
            .map_err(|error| bad_regex(value, &error))
    }
}

fn too_big(value: &Part<'_>) -> Diagnostic {
    let message = format!("the pattern `{}` is too big", shown(value.text));
    Diagnostic::new(Code::RegexTooBig, value.span, message)
}

fn bad_regex(value: &Part<'_>, error: &regex::Error) -> Diagnostic {
    let Part { text: pattern, span } = *value;
    if matches!(error, regex::Error::CompiledTooBig(_)) {
        return too_big(value);
    }
    if nests_too_deep(pattern) {
        let message =
            format!("the regular expression `{}` nests over {NESTING} levels", shown(pattern));
        return Diagnostic::new(Code::RegexTooBig, span, message);
    }
    if let Some((start, end)) = unsupported_construct(pattern) {
        let construct = pattern.get(start..end).unwrap_or(pattern);
        let message = format!(
            "`{}` is look-around or a back-reference, which is not supported",
            shown(construct)
        );
        let span = value.slice(construct).span;
        return Diagnostic::new(Code::UnsupportedRegex, span, message);
    }
    // The library's message draws the pattern over several lines; its last one names the fault.
    let text = error.to_string();
    let fault = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
    let message = format!("the regular expression `{}` does not read: {fault}", shown(pattern));
    Diagnostic::new(Code::BadRegex, span, message)
}

/// Whether a pattern that does not read would, if it might nest deeper; the library does not tell.
fn nests_too_deep(pattern: &str) -> bool {
    let depth = u32::try_from(pattern.len()).unwrap_or(u32::MAX);
    let deeper = RegexBuilder::new(pattern).size_limit(REGEX_SIZE).nest_limit(depth).build();
    !matches!(deeper, Err(regex::Error::Syntax(_)))
}

/// Where the pattern looks around or refers back.
fn unsupported_construct(pattern: &str) -> Option<(usize, usize)> {
    const LOOK_AROUND: [&str; 4] = ["(?=", "(?!", "(?<=", "(?<!"];
    let mut at = 0;
    while let Some(rest) = pattern.get(at..).filter(|rest| !rest.is_empty()) {
        if LOOK_AROUND.iter().any(|open| rest.starts_with(open)) {
            return Some((at, at + closing(rest)));
        }
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some('\\'), Some('1'..='9')) => return Some((at, at + 2)),
            (Some('\\'), Some('k')) if rest.starts_with("\\k<") => return Some((at, at + 2)),
            (Some('\\'), Some(escaped)) => at += 1 + escaped.len_utf8(),
            (Some(c), _) => at += c.len_utf8(),
            (None, _) => break,
        }
    }
    None
}

/// Length of the group that `pattern` begins with.
fn closing(pattern: &str) -> usize {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    pattern.len()
}
