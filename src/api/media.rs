//! The formats of answers and bodies, and which of them a request asks for.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName};

/// A format of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

/// A format under the name it is asked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Media {
    format: Format,
    /// Type and subtype.
    name: (&'static str, &'static str),
    content_type: &'static str,
}

impl Media {
    pub(super) const JSON: Self = Self {
        format: Format::Json,
        name: ("application", "json"),
        content_type: "application/json;charset=UTF-8",
    };
    const XML: Self = Self {
        format: Format::Xml,
        name: ("application", "xml"),
        content_type: "application/xml;charset=UTF-8",
    };
    const TEXT_XML: Self =
        Self { format: Format::Xml, name: ("text", "xml"), content_type: "text/xml;charset=UTF-8" };

    /// What records are answered in, the preferred first.
    pub(super) const RECORDS: &'static [Self] = &[Self::JSON, Self::XML, Self::TEXT_XML];

    pub(super) fn format(self) -> Format {
        self.format
    }

    pub(super) fn content_type(self) -> &'static str {
        self.content_type
    }

    /// The format of those offered that the request likes best; `None` if it takes none of them. Without
    /// an Accept header any will do. Of formats liked alike the one named first counts.
    ///
    /// Source: RFC 9110, section 12.5.1.
    pub(super) fn accepted(headers: &HeaderMap, offered: &[Self]) -> Option<Self> {
        let lines = texts(headers, &ACCEPT);
        let ranges: Vec<Range<'_>> =
            lines.iter().flat_map(|line| line.split(',')).filter_map(Range::read).collect();
        if ranges.is_empty() {
            return offered.first().copied();
        }
        let mut best: Option<(u32, usize, Self)> = None;
        for media in offered {
            let Some((quality, place)) = media.liked(&ranges) else { continue };
            let is_better = best.is_none_or(|(most, first, _)| {
                quality > most || (quality == most && place < first)
            });
            if is_better {
                best = Some((quality, place, *media));
            }
        }
        best.map(|(_, _, media)| media)
    }

    /// How much it is liked, in thousandths, and which range says so: the most specific one that fits.
    fn liked(self, ranges: &[Range<'_>]) -> Option<(u32, usize)> {
        let fits = |(place, range): (usize, &Range<'_>)| {
            range.fits(self).map(|specific| (specific, range.quality, place))
        };
        // Of equally specific ones the first, which `max_by_key` would not give.
        let most =
            ranges.iter().enumerate().rev().filter_map(fits).max_by_key(|(specific, ..)| *specific);
        most.filter(|(_, quality, _)| *quality > 0).map(|(_, quality, place)| (quality, place))
    }
}

/// A range of the Accept header.
struct Range<'h> {
    kind: &'h str,
    subtype: &'h str,
    /// In thousandths.
    quality: u32,
}

impl<'h> Range<'h> {
    /// Reads a range; `None` if it is none.
    fn read(text: &'h str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut quality = 1000;
        for parameter in parts {
            let Some((name, value)) = parameter.split_once('=') else { continue };
            if name.trim().eq_ignore_ascii_case("q") {
                quality = thousandths(value.trim())?;
            }
        }
        Some(Self { kind, subtype, quality })
    }

    /// Whether it means that format, and how specific it is: by name, by its suffix, by kind, or as
    /// anything.
    fn fits(&self, media: Media) -> Option<u8> {
        let (kind, subtype) = media.name;
        if self.kind == "*" && self.subtype == "*" {
            return Some(0);
        }
        if !self.kind.eq_ignore_ascii_case(kind) {
            return None;
        }
        if self.subtype == "*" {
            return Some(1);
        }
        if self.subtype.eq_ignore_ascii_case(subtype) {
            return Some(3);
        }
        let (_, suffix) = self.subtype.rsplit_once('+')?;
        suffix.eq_ignore_ascii_case(subtype).then_some(2)
    }
}

/// A weight, `0` to `1` with up to three decimals.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_read = matches!(whole, "0" | "1")
        && decimals.len() <= 3
        && decimals.bytes().all(|digit| digit.is_ascii_digit());
    let thousandths: u32 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (is_read && thousandths <= 1000).then_some(thousandths)
}

/// What a body is said to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum BodyType<'h> {
    Json,
    Form,
    Other(&'h str),
}

impl<'h> BodyType<'h> {
    /// The name of the type.
    pub(super) fn name(self) -> &'h str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Other(name) => name,
        }
    }

    /// The type by the header, if there is one.
    pub(super) fn of(headers: &'h HeaderMap) -> Option<Self> {
        let given = headers.get(CONTENT_TYPE)?.to_str().unwrap_or("not readable");
        let name = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match name.as_str() {
            "application/json" | "text/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            name if name.starts_with("application/") && name.ends_with("+json") => Self::Json,
            _ => Self::Other(given),
        })
    }
}

fn texts<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<&'h str> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
}
