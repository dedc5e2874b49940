//! The operator table: one row per operator of the platform, evaluated or not.
//!
//! Parser, printer, binder, command line and reference pages read it; no token is spelled elsewhere.

mod lookup;

use std::cmp::Ordering;
use std::fmt;

use crate::value::FieldType;

/// What an operator expects after its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OperandShape {
    /// Nothing.
    None,
    /// One value.
    One,
    /// Values separated by commas.
    List,
    /// Two bounds, `from@to`.
    Range,
    /// The name of another field, for some with `@unit`.
    Field,
    /// Parts separated by `@`; the text shows them.
    Parts(&'static str),
}

/// A comparison of two values, as the set of orders it accepts: a bit each for less, equal, greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Relation {
    /// Left is right.
    Equal = 0b010,
    /// Left is not right.
    NotEqual = 0b101,
    /// Left comes before right.
    Less = 0b001,
    /// Left does not come after right.
    LessOrEqual = 0b011,
    /// Left comes after right.
    Greater = 0b100,
    /// Left does not come before right.
    GreaterOrEqual = 0b110,
}

/// Whether a test is meant as it reads or turned round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// As it reads.
    Positive,
    /// Turned round, as `NOT IN` is.
    Negative,
}

/// The place in a text where another text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At its beginning.
    Start,
    /// At its end.
    End,
    /// Anywhere.
    Anywhere,
}

/// A language of patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternSyntax {
    /// `*` and `?`, over the whole text.
    Glob,
    /// A regular expression, found anywhere.
    Regex,
}

/// The family an operator belongs to: operators of one family are bound and tested alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// Compares with a literal.
    Compare(Relation),
    /// Looks for a text in the stored text.
    Contains(Place, Polarity),
    /// One of several values, or none of them.
    OneOf(Polarity),
    /// Empty, or not.
    Empty(Polarity),
    /// True for every row.
    Anything,
    /// Between two bounds, both included.
    Between,
    /// Compares with another field of the row.
    Fields(Relation),
    /// Matches a pattern.
    Pattern(PatternSyntax),
    /// Farther from, or nearer to, another date than a distance.
    Distance(Relation),
    /// Inside or outside a period.
    Period(Polarity),
    /// Against now, moved by a number of units; `Equal` is inside that unit.
    Relative(Relation),
    /// A part of a date.
    DatePart,
    /// A named dynamic value.
    Dynamic,
    /// A table or one that extends it.
    InstanceOf,
    /// Below a record of a hierarchy.
    Hierarchy(Origin),
    /// Needs the record as it was before.
    Change(Change),
    /// Known to the platform, never evaluated here.
    Refused,
}

/// How the record a hierarchy is walked from is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By its `sys_id`.
    Record,
    /// By the `sys_id` of a dynamic value.
    Dynamic,
}

/// What about a change is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// That there is one.
    Any,
    /// What the value was before.
    From,
    /// What it is now.
    To,
}

/// The kinds of field an operator is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    const T: Self = Self(1);
    const N: Self = Self(2);
    const B: Self = Self(4);
    const D: Self = Self(8);
    const R: Self = Self(16);
    const ALL: Self = Self(31);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a field of that type may stand before the operator.
    pub const fn accepts(self, kind: FieldType) -> bool {
        let kind = match kind {
            FieldType::String | FieldType::SysId => Self::T,
            FieldType::Integer | FieldType::Decimal => Self::N,
            FieldType::Boolean => Self::B,
            FieldType::Date | FieldType::DateTime => Self::D,
            FieldType::Reference => Self::R,
        };
        self.0 & kind.0 != 0
    }
}

const TND: Types = Types::T.and(Types::N).and(Types::D);

struct Row {
    token: &'static str,
    aliases: &'static [&'static str],
    label: &'static str,
    shape: OperandShape,
    types: Types,
    meaning: Meaning,
    doc: &'static str,
    example: &'static str,
}

macro_rules! operators {
    ($($name:ident $token:literal $aliases:expr, $label:literal, $shape:expr, $types:expr, $meaning:expr,
       $doc:literal, $example:literal;)*) => {
        /// An operator of the platform.
        ///
        /// Source: *Operators available for filters and queries*, release Australia.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operator {
            $(#[doc = $doc] $name,)*
        }

        impl Operator {
            /// Every operator, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            const fn row(self) -> &'static Row {
                match self {
                    $(Self::$name => &Row {
                        token: $token, aliases: &$aliases, label: $label, shape: $shape,
                        types: $types, meaning: $meaning, doc: $doc, example: $example,
                    },)*
                }
            }
        }
    };
}

use Meaning as M;
use OperandShape as S;
use Place::{Anywhere, End, Start};
use Polarity::{Negative, Positive};
use Relation as R;

operators! {
    Is "=" [], "is", S::One, Types::ALL, M::Compare(R::Equal),
        "The field has this value; without a value: is empty.", "city=Orlando";
    IsNot "!=" [], "is not", S::One, Types::ALL, M::Compare(R::NotEqual),
        "The field has another value; an empty field does not match, except a boolean one.", "city!=Orlando";
    Less "<" [], "less than", S::One, TND, M::Compare(R::Less),
        "The value comes before this one.", "sys_mod_count<3";
    LessOrEqual "<=" [], "less than or is", S::One, TND, M::Compare(R::LessOrEqual),
        "The value is this one or comes before it.", "sys_mod_count<=3";
    Greater ">" [], "greater than", S::One, TND, M::Compare(R::Greater),
        "The value comes after this one.", "sys_created_on>2019-01-01";
    GreaterOrEqual ">=" [], "greater than or is", S::One, TND, M::Compare(R::GreaterOrEqual),
        "The value is this one or comes after it.", "sys_created_on>=2019-01-01 12:00:00";
    StartsWith "STARTSWITH" [], "starts with", S::One, Types::ALL, M::Contains(Start, Positive),
        "The text begins with this one.", "nameSTARTSWITHge";
    EndsWith "ENDSWITH" ["%"], "ends with", S::One, Types::ALL, M::Contains(End, Positive),
        "The text ends with this one.", "emailENDSWITH@example.com";
    Like "LIKE" ["CONTAINS", "*"], "contains", S::One, Types::ALL, M::Contains(Anywhere, Positive),
        "The text contains this one; `%`, `_` and `*` are ordinary characters.", "nameLIKEwar";
    NotLike "NOT LIKE" ["NOTLIKE", "DOES NOT CONTAIN", "!*"], "does not contain", S::One, Types::ALL,
        M::Contains(Anywhere, Negative),
        "The text does not contain this one; an empty field does not match.", "nameNOT LIKEwar";
    In "IN" [], "is one of", S::List, Types::ALL, M::OneOf(Positive),
        "The value is one of these.", "countryINUSA,DEU,JPN";
    NotIn "NOT IN" ["NOTIN"], "is not one of", S::List, Types::ALL, M::OneOf(Negative),
        "The value is none of these; an empty field does not match, except a boolean one.", "countryNOT INUSA,DEU";
    IsEmpty "ISEMPTY" [], "is empty", S::None, Types::ALL, M::Empty(Positive),
        "The field has no value.", "titleISEMPTY";
    IsNotEmpty "ISNOTEMPTY" [], "is not empty", S::None, Types::ALL, M::Empty(Negative),
        "The field has a value.", "mobile_phoneISNOTEMPTY";
    EmptyString "EMPTYSTRING" ["ISEMPTYSTRING"], "is empty string", S::None, Types::ALL, M::Empty(Positive),
        "The same as ISEMPTY: no value and the empty text are one state.", "titleEMPTYSTRING";
    Anything "ANYTHING" [], "is anything", S::None, Types::ALL, M::Anything,
        "Every row, with or without a value.", "titleANYTHING";
    Between "BETWEEN" [], "between", S::Range, TND, M::Between,
        "The value lies between two bounds, both included.", "sys_mod_countBETWEEN1@5";
    SameAs "SAMEAS" [], "is same", S::Field, Types::ALL, M::Fields(R::Equal),
        "Two fields have the same value; false when either is empty.", "sys_created_bySAMEASsys_updated_by";
    NotSameAs "NSAMEAS" [], "is different", S::Field, Types::ALL, M::Fields(R::NotEqual),
        "Two fields have different values; false when either is empty.", "phoneNSAMEASmobile_phone";
    GreaterField "GT_FIELD" [], "greater than field", S::Field, TND, M::Fields(R::Greater),
        "The value comes after the other field's.", "sys_updated_onGT_FIELDsys_created_on";
    LessField "LT_FIELD" [], "less than field", S::Field, TND, M::Fields(R::Less),
        "The value comes before the other field's.", "sys_created_onLT_FIELDlast_login_time";
    GreaterOrEqualField "GT_OR_EQUALS_FIELD" [], "greater than or is field", S::Field, TND,
        M::Fields(R::GreaterOrEqual),
        "The value is the other field's or comes after it.", "sys_updated_onGT_OR_EQUALS_FIELDsys_created_on";
    LessOrEqualField "LT_OR_EQUALS_FIELD" [], "less than or is field", S::Field, TND,
        M::Fields(R::LessOrEqual),
        "The value is the other field's or comes before it.", "sys_created_onLT_OR_EQUALS_FIELDsys_updated_on";
    MoreThan "MORETHAN" [], "is more than", S::Parts("field@unit@before|after@n"), Types::D,
        M::Distance(R::Greater),
        "Farther than a distance before or after another date.", "last_login_timeMORETHANsys_created_on@day@after@30";
    LessThan "LESSTHAN" [], "is less than", S::Parts("field@unit@before|after@n"), Types::D,
        M::Distance(R::Less),
        "Within a distance before or after another date.", "last_login_timeLESSTHANsys_created_on@day@after@30";
    On "ON" [], "on", S::Parts("label[@start@end]"), Types::D, M::Period(Positive),
        "Inside a period, both ends included.",
        "sys_created_onONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()";
    NotOn "NOTON" [], "not on", S::Parts("label[@start@end]"), Types::D, M::Period(Negative),
        "Outside a period; an empty field does not match.", "sys_created_onNOTONLast 30 days";
    RelativeAfter "RELATIVEGT" [], "relative, after", S::Parts("@unit@ago|ahead@n"), Types::D,
        M::Relative(R::Greater),
        "After now moved by a number of units.", "last_login_timeRELATIVEGT@day@ago@30";
    RelativeOnOrAfter "RELATIVEGE" [], "relative, on or after", S::Parts("@unit@ago|ahead@n"), Types::D,
        M::Relative(R::GreaterOrEqual),
        "At or after now moved by a number of units.", "last_login_timeRELATIVEGE@month@ago@3";
    RelativeBefore "RELATIVELT" [], "relative, before", S::Parts("@unit@ago|ahead@n"), Types::D,
        M::Relative(R::Less),
        "Before now moved by a number of units.", "last_login_timeRELATIVELT@year@ago@1";
    RelativeOnOrBefore "RELATIVELE" [], "relative, on or before", S::Parts("@unit@ago|ahead@n"), Types::D,
        M::Relative(R::LessOrEqual),
        "At or before now moved by a number of units.", "last_login_timeRELATIVELE@hour@ago@12";
    RelativeOn "RELATIVEEE" [], "relative, on", S::Parts("@unit@ago|ahead@n"), Types::D,
        M::Relative(R::Equal),
        "Inside the unit that now, moved by a number of units, falls into.", "sys_created_onRELATIVEEE@quarter@ago@1";
    DatePart "DATEPART" [], "trend", S::Parts("label@javascript:gs.datePart(part,value,comparison)"), Types::D,
        M::DatePart,
        "A part of the date, such as its day of the week.",
        "sys_created_onDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')";
    Dynamic "DYNAMIC" [], "is (dynamic)", S::One, Types::R, M::Dynamic,
        "A named dynamic value, such as the user who asks.", "managerDYNAMIC90d1921e5f510100a9ad2572f2b477fe";
    InstanceOf "INSTANCEOF" [], "is a", S::One, Types::T, M::InstanceOf,
        "The named table or one that extends it.", "sys_class_nameINSTANCEOFcustomer_contact";
    InHierarchy "IN_HIERARCHY" [], "in hierarchy", S::Parts("hierarchy@start"), Types::R,
        M::Hierarchy(Origin::Record), "At or below a record of a hierarchy.", "departmentIN_HIERARCHYcmn_department.parent@221db0edc611228401760aec06c9d929";
    InHierarchyDynamic "IN_HIERARCHY_DYNAMIC" [], "in hierarchy (dynamic)", S::Parts("hierarchy@start"), Types::R,
        M::Hierarchy(Origin::Dynamic),
        "At or below a dynamic value of a hierarchy.",
        "managerIN_HIERARCHY_DYNAMICsys_user.manager@90d1921e5f510100a9ad2572f2b477fe";
    MatchPattern "MATCH_PAT" [], "matches pattern", S::One, Types::ALL, M::Pattern(PatternSyntax::Glob),
        "The whole text matches, `*` being any run and `?` one character; case is ignored.", "nameMATCH_PATg*w?rren";
    MatchRegex "MATCH_RGX" [], "matches regex", S::One, Types::ALL, M::Pattern(PatternSyntax::Regex),
        "The regular expression is found in the text; case is ignored.", "phoneMATCH_RGX^^\\+1 \\d{3}";
    ValueChanges "VALCHANGES" [], "changes", S::None, Types::ALL, M::Change(Change::Any),
        "The value differs from the one before.", "activeVALCHANGES";
    ChangesFrom "CHANGESFROM" [], "changes from", S::One, Types::ALL, M::Change(Change::From),
        "The value was this one and no longer is.", "agent_statusCHANGESFROMOn site";
    ChangesTo "CHANGESTO" [], "changes to", S::One, Types::ALL, M::Change(Change::To),
        "The value is this one and was not before.", "activeCHANGESTOfalse";
    DoesNotHave "DOESNOTHAVE" [], "does not have", S::One, Types::ALL, M::Refused,
        "Known to the platform, undocumented, refused here.", "rolesDOESNOTHAVEadmin";
    Excluding "EXCLUDING" [], "excluding", S::One, Types::ALL, M::Refused,
        "Known to the platform, undocumented, refused here.", "rolesEXCLUDINGadmin";
    DistanceWithin "DISTANCE_SPHERE_WITHIN" [], "within distance", S::One, Types::ALL, M::Refused,
        "Known to the platform, undocumented, refused here.", "locationDISTANCE_SPHERE_WITHIN10";
    InField "IN_FIELD" [], "in field", S::Field, Types::ALL, M::Refused,
        "Known to the platform, undocumented, refused here.", "nameIN_FIELDintroduction";
    MatchRegexField "MATCH_RGX_FIELD" [], "matches regex in field", S::Field, Types::ALL, M::Refused,
        "Known to the platform, undocumented, refused here.", "nameMATCH_RGX_FIELDintroduction";
}

impl Operator {
    /// The main spelling.
    pub const fn token(self) -> &'static str {
        self.row().token
    }

    /// Other spellings the platform reads.
    pub const fn aliases(self) -> &'static [&'static str] {
        self.row().aliases
    }

    /// What people call it, such as `is not one of`.
    pub const fn label(self) -> &'static str {
        self.row().label
    }

    /// What stands after it.
    pub const fn shape(self) -> OperandShape {
        self.row().shape
    }

    /// The types of field it is for.
    pub const fn types(self) -> Types {
        self.row().types
    }

    /// Its family.
    pub const fn meaning(self) -> Meaning {
        self.row().meaning
    }

    /// What it means, in a sentence.
    pub const fn description(self) -> &'static str {
        self.row().doc
    }

    /// A condition on a documented contact field that uses it.
    pub const fn example(self) -> &'static str {
        self.row().example
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.token())
    }
}

impl Relation {
    /// Whether values in that order stand in this relation.
    #[inline]
    pub const fn accepts(self, order: Ordering) -> bool {
        self as u8 >> (order as i8 + 1) & 1 == 1
    }
}
