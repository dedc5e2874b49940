//! Near misses: what people write where an operator or a separator should stand.

use memchr::memchr3;

use crate::operator::Operator;

/// Spellings of other languages, longer ones before those they begin with.
const FOREIGN: [(&str, Operator); 18] = [
    ("IS NOT EMPTY", Operator::IsNotEmpty),
    ("IS NOT NULL", Operator::IsNotEmpty),
    ("ISNOTNULL", Operator::IsNotEmpty),
    ("NOTEMPTY", Operator::IsNotEmpty),
    ("IS EMPTY", Operator::IsEmpty),
    ("IS NULL", Operator::IsEmpty),
    ("ISNULL", Operator::IsEmpty),
    ("GREATERTHAN", Operator::Greater),
    ("NOT EQUALS", Operator::IsNot),
    ("NOTEQUALS", Operator::IsNot),
    ("EQUALS", Operator::Is),
    ("BEGINSWITH", Operator::StartsWith),
    ("NOTCONTAINS", Operator::NotLike),
    ("NOT CONTAINS", Operator::NotLike),
    ("!LIKE", Operator::NotLike),
    ("!IN", Operator::NotIn),
    ("EMPTY", Operator::IsEmpty),
    ("IS ", Operator::Is),
];

/// A stretch of text, counted in bytes from its beginning, that was probably meant as an operator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slip {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) operator: Operator,
}

/// An operator in lower case, or one of another language, in a text that holds none.
pub(super) fn operator_slip(text: &str) -> Option<Slip> {
    let upper = text.to_ascii_uppercase();
    let spellings = Operator::ALL.iter().flat_map(|op| {
        std::iter::once(op.token()).chain(op.aliases().iter().copied()).map(|t| (t, *op))
    });
    let words = spellings.filter(|(token, _)| token.starts_with(|c: char| c.is_ascii_uppercase()));
    words
        .chain(FOREIGN)
        .filter_map(|(token, operator)| {
            find_word(&upper, token).map(|start| (start, token, operator))
        })
        .min_by_key(|(start, token, _)| (*start, std::cmp::Reverse(token.len())))
        .map(|(start, token, operator)| {
            let blank = |at: usize| text.as_bytes().get(at) == Some(&b' ');
            let end = start + token.len();
            let start = if blank(start - 1) { start - 1 } else { start };
            let end = if blank(end) { end + 1 } else { end };
            Slip { start, end, operator }
        })
}

/// Finds `word` behind what may be a field; a short one only between blanks, since `description` holds `on`
/// and `in` by chance.
fn find_word(text: &str, word: &str) -> Option<usize> {
    const SHORT: usize = 3;
    let is_behind_field =
        |at: &usize| text.get(..*at).is_some_and(|before| !before.trim().is_empty());
    let find = |word: &str| text.match_indices(word).map(|(at, _)| at).find(is_behind_field);
    if word.len() > SHORT {
        return find(word);
    }
    find(&format!(" {} ", word.trim())).map(|at| at + 1)
}

/// The operator meant by a field that ends as one begins: `name!` before `LIKE`.
pub(crate) fn operator_in_field(field: &str, operator: Operator) -> Option<(&str, Operator)> {
    const NEGATED: [(Operator, Operator); 3] = [
        (Operator::Like, Operator::NotLike),
        (Operator::In, Operator::NotIn),
        (Operator::On, Operator::NotOn),
    ];
    let negated = NEGATED.iter().find(|(plain, _)| *plain == operator)?.1;
    field.strip_suffix('!').map(|field| (field, negated))
}

/// The separator meant by a field that begins with one in lower case: `orname`.
pub(crate) fn prefix_in_field(field: &str) -> Option<(&'static str, &str)> {
    const MEANT: [(&str, &str); 5] = [
        ("orderbydesc", "ORDERBYDESC"),
        ("orderby", "ORDERBY"),
        ("or", "OR"),
        ("nq", "NQ"),
        ("and", ""),
    ];
    MEANT.into_iter().find_map(|(written, meant)| {
        let (head, rest) = field.split_at_checked(written.len())?;
        let rest = rest.trim_start();
        (head.eq_ignore_ascii_case(written) && !rest.is_empty()).then_some((meant, rest))
    })
}

/// A join inside a value where the caret was forgotten: `1ORstate=2`, `1 AND state=2`. Gives where
/// it stands and the separator that was meant.
pub(super) fn join_slip(value: &str) -> Option<(usize, usize, &'static str)> {
    const JOINS: [(&str, &str); 5] =
        [(" AND ", "^"), (" OR ", "^OR"), ("AND", "^"), ("OR", "^OR"), ("&&", "^")];
    // Few values hold any of these; that is seen at once.
    memchr3(b'A', b'O', b'&', value.as_bytes())?;
    JOINS.into_iter().find_map(|(written, meant)| {
        value.match_indices(written).find_map(|(start, _)| {
            let end = start + written.len();
            let caret_before = value.get(..start).is_some_and(|before| before.ends_with('^'));
            let condition_follows = value.get(end..).is_some_and(begins_as_condition);
            (!caret_before && condition_follows).then_some((start, end, meant))
        })
    })
}

/// Whether a plain field name and an operator stand there; looks no further than a name may be long.
fn begins_as_condition(text: &str) -> bool {
    const LONGEST: usize = 80;
    let in_name =
        |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.".contains(byte);
    let length = text.bytes().take(LONGEST + 1).take_while(in_name).count();
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    starts && length <= LONGEST && text.get(length..).and_then(Operator::leading).is_some()
}
