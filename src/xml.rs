//! Records as XML, in the shape of the REST API's answers: `<response>` with a `<result>` for each.

use std::borrow::Cow;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An answer being written. It is well-formed for any names and texts: a name that is not letters,
/// digits, `_`, `-` and `.` becomes `<field name="…">`, and a character that XML cannot hold U+FFFD.
///
/// ```
/// let mut response = encoded_query::xml::Response::new(Vec::new())?;
/// response.result([("name", "Ann & Bob".into()), ("city", "".into()), ("Sys ID", "1".into())])?;
/// response.element("hasMore", "false")?;
/// assert_eq!(
///     String::from_utf8(response.end()?).unwrap(),
///     "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><result><name>Ann &amp; Bob</name>\
///      <city/><field name=\"Sys ID\">1</field></result><hasMore>false</hasMore></response>",
/// );
/// # Ok::<(), std::io::Error>(())
/// ```
#[expect(missing_debug_implementations, reason = "its output has none")]
pub struct Response<W: Write>(Writer<W>);

impl<W: Write> Response<W> {
    /// Begins an answer.
    ///
    /// # Errors
    /// If the output does.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = Writer::new(out);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.write_event(Event::Start(BytesStart::new("response")))?;
        Ok(Self(writer))
    }

    /// Writes a record: an element for each field; those without text are empty.
    ///
    /// # Errors
    /// If the output does.
    pub fn result<'t>(
        &mut self,
        texts: impl IntoIterator<Item = (&'t str, Cow<'t, str>)>,
    ) -> io::Result<()> {
        self.group("result", |result| {
            texts.into_iter().try_for_each(|(name, text)| result.element(name, &text))
        })
    }

    /// Writes an element that holds what is written in between.
    ///
    /// # Errors
    /// If the output does.
    pub fn group(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = start(name);
        let end = start.to_end().into_owned();
        self.0.write_event(Event::Start(start))?;
        write(self)?;
        self.0.write_event(Event::End(end))
    }

    /// Writes an element that holds text.
    ///
    /// # Errors
    /// If the output does.
    pub fn element(&mut self, name: &str, text: &str) -> io::Result<()> {
        let start = start(name);
        if text.is_empty() {
            return self.0.write_event(Event::Empty(start));
        }
        let end = start.to_end().into_owned();
        self.0.write_event(Event::Start(start))?;
        self.0.write_event(Event::Text(BytesText::from_escaped(escaped(text))))?;
        self.0.write_event(Event::End(end))
    }

    /// The output: what is written to it goes between the elements.
    #[cfg(feature = "api")]
    pub(crate) fn get_mut(&mut self) -> &mut W {
        self.0.get_mut()
    }

    /// Ends the answer.
    ///
    /// # Errors
    /// If the output does.
    pub fn end(mut self) -> io::Result<W> {
        self.0.write_event(Event::End(BytesEnd::new("response")))?;
        Ok(self.0.into_inner())
    }
}

/// The element of a field whose name cannot be one.
const FIELD: &str = "field";

fn start(name: &str) -> BytesStart<'_> {
    if is_name(name) {
        return BytesStart::new(name);
    }
    let content = format!("{FIELD} name=\"{}\"", escaped(name));
    BytesStart::from_content(content, FIELD.len())
}

/// Whether a name can be that of an element, in every dialect of XML; those in `xml…` are reserved.
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_reserved = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("xml"));
    let goes_on = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    begins && !is_reserved && name.bytes().all(goes_on)
}

/// The text with what a reader of XML would take for something else replaced.
fn escaped(text: &str) -> Cow<'_, str> {
    let is_plain =
        |c: char| c >= ' ' && !matches!(c, '<' | '>' | '&' | '"' | '\u{fffe}' | '\u{ffff}');
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '&' => written.push_str("&amp;"),
            '"' => written.push_str("&quot;"),
            // Readers turn these into blanks in attributes, and carriage returns into line feeds.
            '\t' => written.push_str("&#9;"),
            '\n' => written.push_str("&#10;"),
            '\r' => written.push_str("&#13;"),
            c if is_plain(c) => written.push(c),
            _ => written.push(char::REPLACEMENT_CHARACTER),
        }
    }
    Cow::Owned(written)
}
