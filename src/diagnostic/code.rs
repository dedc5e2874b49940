//! The table of codes: one row for each kind of diagnostic. Severities, reference pages, SARIF rules and
//! tests read it.

use std::borrow::Cow;
use std::fmt;

use super::Severity;

/// A query that draws a diagnostic of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    start: &'static str,
    /// What stands behind it, and how many times.
    rest: (&'static str, usize),
    /// What it takes besides the query.
    pub setting: Setting,
}

/// What it takes, besides the query, to be told of something. The table is always the documented
/// `customer_contact`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setting {
    /// Nothing: `encq check` says it.
    Checking,
    /// The query is run.
    Running,
    /// The binder has no environment.
    WithoutEnvironment,
    /// The caller is trusted, and the field hidden.
    ByTrustedCaller,
}

impl Example {
    const fn of(start: &'static str) -> Self {
        Self { start, rest: ("", 0), setting: Setting::Checking }
    }

    const fn under(start: &'static str, setting: Setting) -> Self {
        Self { setting, ..Self::of(start) }
    }

    const fn repeated(start: &'static str, rest: &'static str, times: usize) -> Self {
        Self { rest: (rest, times), ..Self::of(start) }
    }

    /// The query.
    pub fn query(&self) -> Cow<'static, str> {
        let (rest, times) = self.rest;
        if times == 0 {
            self.start.into()
        } else {
            (self.start.to_owned() + &rest.repeat(times)).into()
        }
    }

    /// What the query begins with, what it goes on with, and how many times; most do not go on.
    pub const fn parts(&self) -> (&'static str, &'static str, usize) {
        (self.start, self.rest.0, self.rest.1)
    }
}

macro_rules! codes {
    ($($name:ident $text:literal $severity:ident $doc:literal $cause:literal $fix:literal $example:expr;)*) => {
        /// The kind of a diagnostic; its text form is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $doc] $name,)*
        }

        impl Code {
            /// Every code, errors first.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable text form, such as `unknown-field`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The usual severity of its diagnostics.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// What it says, in a sentence.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$name => $doc,)* }
            }

            /// How it comes about.
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$name => $cause,)* }
            }

            /// What to do about it.
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$name => $fix,)* }
            }

            /// A query that draws it, and nothing else as far as that can be.
            pub const fn example(self) -> Example {
                match self { $(Self::$name => $example,)* }
            }
        }
    };
}

use Setting::{ByTrustedCaller, Running, WithoutEnvironment};

codes! {
    Unreadable "unreadable" Error "The part does not read as anything."
        "A sort key lists several fields, or the head of a block is none."
        "Write one sort key a field, and a block's head as the message shows it."
        Example::of("ORDERBYcity,name");
    MissingOperator "missing-operator" Error "No operator stands in the part."
        "The operator is misspelt or in lower case, or a caret in a value was not doubled."
        "Write the operator in upper case, and a caret that belongs to a value twice."
        Example::of("namestartswithGeo");
    MissingField "missing-field" Error "No field stands before the operator or after the sort keyword."
        "The name of the field was left out, often because a variable was empty."
        "Put the name of a field there, or take the part out."
        Example::of("=5");
    UnknownField "unknown-field" Error "The table has no such field."
        "The name is misspelt, a custom column is not in the schema, or the table a reference leads to is not loaded."
        "Correct the name, give a schema that has the field, or load the table."
        Example::of("active=true^fist_name=George");
    PathTooDeep "path-too-deep" Error "The field follows too many references."
        "A field may follow eight references."
        "Start from a table that is nearer."
        Example::of("manager.manager.manager.manager.manager.manager.manager.manager.manager.manager=x");
    OperatorNotForType "operator-not-for-type" Error "The operator is not for fields of this type."
        "Dates, numbers and references have operators of their own, whose meaning on another type would be a guess."
        "Use an operator that `encq schema` lists for the type."
        Example::of("vip>true");
    UnsupportedOperator "unsupported-operator" Error "The operator is recognised and not evaluated."
        "Nobody documents what it does, or its hierarchy is not loaded."
        "Say the same with documented operators."
        Example::of("nameDOESNOTHAVEx");
    BadValue "bad-value" Error "The value does not read as the type of the field."
        "A number, a boolean or a range has the wrong form."
        "Write it in the form that the message gives."
        Example::of("sys_mod_count>abc");
    BadDate "bad-date" Error "The value is no date."
        "The day does not exist, or it is not written as year, month, day."
        "Write `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`, in UTC."
        Example::of("sys_created_on>2018-02-30");
    BadScriptArgument "bad-script-argument" Error "A function has an argument it does not take."
        "An argument is missing, is one too many, or is of another kind."
        "See the arguments of each function in `encq functions`."
        Example::of("sys_created_on>=javascript:gs.daysAgo('x')");
    UnsupportedScript "unsupported-script" Error "The script is not evaluated; nothing is ever executed."
        "It is more than one call of a listed function, or calls one that only an instance can answer."
        "Put the value itself in its place."
        Example::of("name=javascript:gs.getProperty('x')");
    UnresolvedDynamic "unresolved-dynamic" Error "The dynamic value is not known."
        "Dynamic values are records of an instance; two are built in."
        "Say what it stands for: `--dynamic SYS_ID=VALUES`, or `FixedEnvironment::with_dynamic`."
        Example::of("managerDYNAMIC0123456789abcdef0123456789abcdef");
    UnresolvedEnvironment "unresolved-environment" Error "The time or the user is asked for and not known."
        "Nothing is guessed: neither the clock nor the user of the process counts."
        "Give an `Environment` to the `Binder`; on the command line, `--as` and `--groups`."
        Example::under("sys_created_onONToday", WithoutEnvironment);
    FieldNotQueryable "field-not-queryable" Error "The field exists and may not be asked; said to trusted callers only."
        "The schema or the options hide the field from the caller; others read `unknown-field`."
        "Ask for other fields, or let the caller ask for this one."
        Example::under("phone=5", ByTrustedCaller);
    BadRegex "bad-regex" Error "The regular expression does not read."
        "A bracket is open, a range is reversed, or a repetition has nothing to repeat."
        "Mend the pattern; `\\` in front makes a sign ordinary."
        Example::of("nameMATCH_RGX[z-a]");
    UnsupportedRegex "unsupported-regex" Error "The regular expression uses look-around or a back-reference."
        "Both can take time without bound, so they are not evaluated."
        "Use a plain pattern, or several conditions."
        Example::of("nameMATCH_RGX(?=x)");
    UnclosedBlock "unclosed-block" Error "A block has no end token."
        "`ENDSUBQUERY` is required; `ENDRLQUERY` may be missing at the end, which is a hint only."
        "Write the end token behind the conditions of the block."
        Example::of("SUBQUERYaccount,sys_id,customer_account^active=true");
    UnsupportedBlock "unsupported-block" Error "The block is recognised and not evaluated."
        "Its table is not loaded, its field does not refer to this table, or blocks nest too deeply."
        "Load the table: `--related TABLE=FILE`, or a `Database`."
        Example::of("RLQUERYincident.caller_id,>=1^active=true^ENDRLQUERY");
    EverythingIgnored "everything-ignored" Error "Every condition was invalid and ignored: all rows match."
        "The query runs with invalid parts ignored, as the platform does it, and nothing else was in it."
        "Mend the parts that the other diagnostics name, or run with `--on-invalid none` or `forbid`."
        Example::under("u_missing=abc", Running);
    RegexTooBig "regex-too-big" Error "The regular expression is over the limit; the query is refused."
        "It is over 256 bytes, compiles to over 64 KiB, or is one of more than 64."
        "Take counted repetitions apart, or use `LIKE`."
        Example::of("nameMATCH_RGX(?:a{999}){999}");
    TooLong "too-long" Error "A text is over the limit; the query is refused."
        "The query is over 64 KiB or an operand over 4 KiB."
        "Split the query, or raise `Limits`."
        Example::repeated("nameLIKE", "x", 4097);
    TooManyConditions "too-many-conditions" Error "There are more conditions than the limit; the query is refused."
        "There are over 10,000."
        "Put values of one field into a list with `IN`, or raise `Limits`."
        Example::repeated("vip=1", "^vip=1", 10000);
    TooManyBranches "too-many-branches" Error "There are more branches than the limit; the query is refused."
        "There are over 256 parts that `^NQ` opens."
        "Put alternatives of one field into a list with `IN`, or raise `Limits`."
        Example::repeated("vip=1", "^NQvip=1", 256);
    TooManyValues "too-many-values" Error "A list has more values than the limit; the query is refused."
        "There are over 10,000."
        "Ask in several queries, or raise `Limits`."
        Example::repeated("cityIN1", ",1", 10000);
    TooManySortKeys "too-many-sort-keys" Error "There are more sort keys than the limit; the query is refused."
        "There are over 8."
        "Sort by fewer fields, or raise `Limits`."
        Example::repeated("ORDERBYname", "^ORDERBYname", 8);
    IgnoredValue "ignored-value" Warning "Text after an operator that takes none is not used."
        "Something was left behind the operator, often a full stop or a blank."
        "Take the text away."
        Example::of("titleISEMPTY.");
    EmptyOperand "empty-operand" Warning "The operator has no value to look for."
        "The value was left out, often because a variable was empty; every text contains the empty one."
        "Put a value there, or take the condition out."
        Example::of("nameLIKE");
    EmptyList "empty-list" Warning "The list has no values."
        "The values were left out, often because a variable was empty."
        "Put values there, or take the condition out."
        Example::of("nameIN");
    UnknownClass "unknown-class" Warning "The class is no known table; only rows of exactly this class match."
        "The table is not loaded, so that nobody knows which tables extend it."
        "Give a schema file with the tables and what they extend."
        Example::of("sys_class_nameINSTANCEOFcsm_x");
    NeedsHistory "needs-history" Warning "The operator compares with the row as it was before; stored rows have no such row."
        "`VALCHANGES`, `CHANGESFROM` and `CHANGESTO` are for triggers."
        "Give the rows as they were: `--before FILE`, or `Plan::run_changes`."
        Example::under("activeVALCHANGES", Running);
    ReversedBounds "reversed-bounds" Warning "The bounds are the wrong way round: nothing lies between them."
        "The greater bound stands first."
        "Swap the bounds."
        Example::of("sys_mod_countBETWEEN9@1");
    DoubledCaret "doubled-caret" Warning "Two carets are one literal caret; they separate nothing."
        "A separator was written twice, so that what follows belongs to the value."
        "Write one caret to separate; two where the value holds one."
        Example::of("city=x^^ORvip=true");
    SuspiciousValue "suspicious-value" Warning "The value looks as if part of an operator or a separator were in it."
        "An operator of another language was used, such as `==`, or a caret was left out."
        "Write the operator as `encq operators` lists it, and a caret between parts."
        Example::of("name==George");
    LeadingOr "leading-or" Warning "OR has no condition before it to join."
        "The condition before it was taken out, or it opens a branch; the part is joined as by `^`."
        "Take the `OR` away, or put a condition before it."
        Example::of("^ORvip=true");
    GroupingIgnored "grouping-ignored" Warning "Grouping does not change which rows match."
        "`GROUPBY` and its kin are for reports."
        "Take the part out."
        Example::of("vip=true^GROUPBYcity");
    ExcludesEmpty "excludes-empty" Hint "Rows where the field is empty are left out."
        "A field without a value matches no negative operator, as in SQL."
        "Add `^ORfieldISEMPTY` if those rows are wanted."
        Example::of("city!=Orlando");
    NoDisplayValue "no-display-value" Hint "The stored sys_id is compared, since the referenced table is not loaded."
        "Text operators and sorting go by the display value of a reference, which the other table has."
        "Load the table: `--related TABLE=FILE`, or a `Database`."
        Example::of("accountLIKEacme");
    NoEffect "no-effect" Hint "The part changes nothing."
        "It ranks the results of a text search, or sorts inside a block."
        "Take the part out."
        Example::of("123TEXTINDEXGROUP321=x");
    LowerCaseNull "lower-case-null" Hint "Only upper-case NULL means empty."
        "`null` is a text like any other."
        "Write `NULL`, or use `ISEMPTY`."
        Example::of("account=null");
    NotASysId "not-a-sys-id" Hint "The value is no sys_id, 32 hexadecimal digits."
        "A name stands where a reference is compared, which goes by sys_id."
        "Compare a field behind the reference, such as `account.name`, or give the sys_id."
        Example::of("account=Acme");
}

impl Code {
    /// Whether it refuses the query in every mode.
    pub const fn refuses(self) -> bool {
        matches!(
            self,
            Self::RegexTooBig
                | Self::TooLong
                | Self::TooManyConditions
                | Self::TooManyBranches
                | Self::TooManyValues
                | Self::TooManySortKeys
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
