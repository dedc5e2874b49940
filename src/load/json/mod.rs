//! Records as they stand in JSON text.

#[cfg(feature = "api")]
mod body;
mod raw;
mod shape;

use std::fmt;

use memchr::memchr;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Layout;
use super::fault::Fault;
use super::rows::{ColumnId, Rows};
use raw::{reason, string, syntax, with_value};
use shape::{Shape, offset};

#[cfg(feature = "api")]
pub(crate) use body::{Member, body};
pub(super) use shape::starts;

/// Reads the records of a text.
pub(super) fn read<'d>(
    text: &'d str,
    layout: Option<Layout>,
    rows: &mut Rows<'_, 'd>,
) -> Result<(), Fault> {
    let is_array = layout != Some(Layout::Lines) && text.trim_start().starts_with('[');
    let mut reader = Reader { text, is_array, rows };
    match Shape::of(text, layout)? {
        Shape::Array(array) => reader.array(array),
        Shape::One(only) => reader.object(only),
        Shape::Lines => reader.lines(),
    }
}

struct Reader<'r, 'o, 'd> {
    /// The whole text.
    text: &'d str,
    /// Whether it is one array.
    is_array: bool,
    rows: &'r mut Rows<'o, 'd>,
}

impl<'d> Reader<'_, '_, 'd> {
    /// The records of an array.
    fn array(mut self, array: &'d str) -> Result<(), Fault> {
        let mut stopped = None;
        let mut deserializer = serde_json::Deserializer::from_str(array);
        let records = Records { reader: &mut self, stopped: &mut stopped };
        let read = deserializer.deserialize_seq(records).and_then(|()| deserializer.end());
        read.or_else(|error| self.failed(stopped, &error))
    }

    /// Objects one after another. Most stand on a line of their own, which is tried first.
    fn lines(mut self) -> Result<(), Fault> {
        let (mut at, mut line_end) = (0, 0);
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            if at < line_end {
                at += self.one_of(rest)?;
                continue;
            }
            let end = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            let line = rest.get(..end).unwrap_or_default();
            line_end = at + end;
            let mut deserializer = serde_json::Deserializer::from_str(line);
            let read = Object(&mut self).deserialize(&mut deserializer);
            if read.and_then(|_| deserializer.end()).is_ok() {
                self.rows.end(at).or_else(|fault| self.stop(fault))?;
                at = line_end;
            } else if line.trim().is_empty() {
                at = line_end;
            }
        }
        Ok(())
    }

    /// The first record of a text, however it is laid out; gives its length.
    fn one_of(&mut self, rest: &'d str) -> Result<usize, Fault> {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter();
        match values.next() {
            None => Ok(rest.len()),
            Some(Ok(raw)) => self.object(raw).map(|()| values.byte_offset()),
            Some(Err(error)) => self.failed(None, &error).map(|()| rest.len()),
        }
    }

    /// A record by itself.
    fn object(&mut self, raw: &'d RawValue) -> Result<(), Fault> {
        let mut deserializer = serde_json::Deserializer::from_str(raw.get());
        match Object(self).deserialize(&mut deserializer) {
            Ok(at) => self.rows.end(at).or_else(|fault| self.stop(fault)),
            Err(error) => self.failed(None, &error),
        }
    }

    /// Ends with why it stopped, or with what is wrong with a record that does not read.
    fn failed(&self, stopped: Option<Fault>, error: &serde_json::Error) -> Result<(), Fault> {
        let of_record = || {
            let why = if error.is_data() { "it is not an object".into() } else { reason(error) };
            self.rows.refused(why)
        };
        self.stop(stopped.unwrap_or_else(of_record))
    }

    /// Ends with a fault of a record, unless the text is not even JSON.
    fn stop(&self, fault: Fault) -> Result<(), Fault> {
        let error = if self.is_array {
            serde_json::from_str::<IgnoredAny>(self.text).err()
        } else {
            let values = serde_json::Deserializer::from_str(self.text);
            values.into_iter::<IgnoredAny>().find_map(Result::err)
        };
        Err(error.map_or(fault, |error| syntax(self.text, &error).into()))
    }

    /// Takes a member of the record being read; gives where its value stands.
    #[inline]
    fn member(&mut self, column: ColumnId, raw: &'d RawValue) -> usize {
        let raw = with_value(raw).unwrap_or(raw);
        let (at, value) = (offset(self.text, raw.get()), raw.get());
        match value.as_bytes().first() {
            Some(b'"') => match string(value) {
                Ok(text) => self.rows.value(column, text, at),
                Err(error) => self.rows.wrong(column, &format!(": {}", reason(&error)), at),
            },
            Some(b'n') => {}
            _ if self.rows.is_id(column) => self.rows.wrong(column, " must be text", at),
            Some(b'{' | b'[') => self.rows.not_scalar(column, at),
            Some(b't' | b'f') => self.rows.value(column, value.into(), at),
            _ if is_in_range(value) => self.rows.value(column, value.into(), at),
            _ => self.rows.wrong(column, ": number out of range", at),
        }
        at
    }
}

/// Whether a number is written out, however long, or has an exponent that doubles have, too.
fn is_in_range(number: &str) -> bool {
    let has_exponent = number.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    !has_exponent || number.parse().is_ok_and(f64::is_finite)
}

/// Reads the elements of an array, each a record.
struct Records<'a, 'r, 'o, 'd> {
    reader: &'a mut Reader<'r, 'o, 'd>,
    /// Why no more are read.
    stopped: &'a mut Option<Fault>,
}

impl<'de> Visitor<'de> for Records<'_, '_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(at) = elements.next_element_seed(Object(self.reader))? {
            if let Err(fault) = self.reader.rows.end(at) {
                *self.stopped = Some(fault);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// Reads a record's members; gives where the last value stands.
struct Object<'a, 'r, 'o, 'd>(&'a mut Reader<'r, 'o, 'd>);

impl<'de> DeserializeSeed<'de> for Object<'_, '_, '_, 'de> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        self.0.rows.begin();
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_, '_, 'de> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<usize, A::Error> {
        let mut at = 0;
        while let Some(column) = members.next_key_seed(Name(self.0.rows))? {
            at = self.0.member(column, members.next_value()?);
        }
        Ok(at)
    }
}

/// Reads the name of a member.
struct Name<'r, 'o, 'd>(&'r mut Rows<'o, 'd>);

impl<'de> DeserializeSeed<'de> for Name<'_, '_, '_> {
    type Value = ColumnId;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ColumnId, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_, '_> {
    type Value = ColumnId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<ColumnId, E> {
        Ok(self.0.column(name))
    }
}
