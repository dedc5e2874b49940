//! Guards, invalid parts and the text of what ran, where queries hold blocks and hierarchies.

use encoded_query::{Code, OnInvalid, PageRequest, Plan};
use proptest::prelude::*;

use super::blocks::{World, inner, world};
use super::{IGNORE, NO_ROWS, any_of, bind, cases, find, found, numbers};

const CONDITIONS: &[&str] = &[
    "state=open",
    "size>1",
    "account.state!=open",
    "account.owner.sizeIN1,2",
    "bossISNOTEMPTY",
    "accountSAMEASboss.account",
    "bossIN_HIERARCHYboss@contact1",
    "sys_idLIKE1",
];
const INVALID: &[&str] = &[
    "nope=1",
    "size=abc",
    "junk",
    "accountLESSTHANboss@day@before@1",
    "account.nope.x=1",
    "state=x^^ORjunk^^1DYNAMIC",
    "bossIN_HIERARCHYaccount@contact1",
    "sizeBETWEEN1",
];
/// Around conditions of fields that every table asked about has.
const BLOCKS: &[(&str, &str, &str)] = &[
    ("RLQUERYincident.contact,>=1", "^", "^ENDRLQUERY"),
    ("RLQUERYincident.contact,=0", "^", "^ENDRLQUERY"),
    ("SUBQUERYaccount,sys_id,account", "^", "^ENDSUBQUERY"),
    ("JOINcontact.state=account.state!size>0", "^^", ""),
    ("SUBQUERYboss,sys_id,contact^RLQUERYincident.contact,>1", "^", "^ENDRLQUERY^ENDSUBQUERY"),
];
const STRANGE_BLOCKS: &[&str] = &[
    "RLQUERYnope.contact,>=1^size=1^ENDRLQUERY",
    "RLQUERYincident.state,>=1^size=1^ENDRLQUERY",
    "SUBQUERYnope,sys_id,account^state=open^ENDSUBQUERY",
    "JOINaccount.state=contact.state!state=open",
    "RLQUERYincident.contact,>=1^nope=1^ENDRLQUERY",
];

/// A block with conditions that are valid.
fn block() -> impl Strategy<Value = String> {
    (prop::sample::select(BLOCKS), inner())
        .prop_map(|((head, carets, end), inner)| format!("{head}{}{end}", inner.text(carets, "")))
}

/// A block with an invalid condition beside the valid ones.
fn spoilt_block() -> impl Strategy<Value = String> {
    (
        prop::sample::select(BLOCKS),
        inner(),
        any_of(&["", "OR", "NQ"]),
        any_of(&["nope=1", "size=abc"]),
    )
        .prop_map(|((head, carets, end), inner, join, bad)| {
            format!("{head}{}{carets}{join}{bad}{end}", inner.text(carets, ""))
        })
}

fn joined(part: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let part =
        (any_of(&["", "", "OR", "NQ"]), part).prop_map(|(join, part)| join.to_owned() + &part);
    prop::collection::vec(part, 1..5).prop_map(|parts| parts.join("^"))
}

fn valid_query() -> impl Strategy<Value = String> {
    let condition = any_of(CONDITIONS).prop_map(str::to_owned);
    joined(prop_oneof![3 => condition, 2 => block()].boxed())
}

fn any_query() -> impl Strategy<Value = String> {
    let condition = any_of(CONDITIONS).prop_map(str::to_owned);
    let invalid = any_of(INVALID).prop_map(str::to_owned);
    let strange = any_of(STRANGE_BLOCKS).prop_map(str::to_owned);
    let sort = any_of(&["ORDERBYstate", "ORDERBYDESCaccount.size", "ORDERBYnope", "EQ"]);
    let sort = sort.prop_map(str::to_owned);
    let part = prop_oneof![3 => condition, 3 => block(), 2 => spoilt_block(), 1 => strange, 2 => invalid, 1 => sort];
    joined(part.boxed())
}

fn ids(world: &World, query: &str) -> Vec<usize> {
    find(&world.database(), "contact", query, IGNORE)
}

proptest! {
    #![proptest_config(cases(600))]

    /// §9: rows(q guarded g) = rows(q) ∩ rows(g), also where both look into other tables.
    #[test]
    fn a_guard_intersects(world in world(), query in any_query(), guards in prop::collection::vec(valid_query(), 1..3)) {
        let database = world.database();
        let mut plan = Plan::new(bind(&database, "contact", &query, None), IGNORE).unwrap();
        let mut expected = ids(&world, &query);
        for guard in &guards {
            plan = plan.guarded(bind(&database, "contact", guard, None)).unwrap();
            let passes = found(&database, "contact", guard);
            expected.retain(|row| passes.contains(row));
        }
        prop_assert_eq!(numbers(&plan.run(&database, PageRequest::ALL)), expected, "{} {:?}", query, guards);
    }

    /// §9: an invalid condition next to a valid one in a block changes nothing under ignore and
    /// leaves no rows under none.
    #[test]
    fn an_invalid_condition_in_a_block_changes_nothing(
        world in world(),
        block in prop::sample::select(BLOCKS),
        inner in inner(),
        before in any::<bool>(),
        bad in any_of(&["nope=1", "size=abc", "junk", "stateSAMEASnope"]),
        outer in any_of(&["", "state=open^", "sizeISEMPTY^"]),
    ) {
        let ((head, carets, end), mut inner) = (block, inner.text(block.1, ""));
        if inner.is_empty() {
            inner = format!("{carets}size<3");
        }
        let query = format!("{outer}{head}{inner}{end}");
        let spoilt = if before && !head.contains('!') {
            format!("{outer}{head}{carets}{bad}{inner}{end}")
        } else {
            format!("{outer}{head}{inner}{carets}OR{bad}{carets}{bad}{end}")
        };
        prop_assert_eq!(ids(&world, &spoilt), ids(&world, &query), "{}", spoilt);
        prop_assert!(find(&world.database(), "contact", &spoilt, NO_ROWS).is_empty());
        prop_assert!(Plan::new(bind(&world.database(), "contact", &spoilt, None), OnInvalid::Forbid).is_err());
    }

    /// §9, our choice: a block that has conditions and none that is valid is ignored as a whole.
    #[test]
    fn a_block_without_valid_conditions_goes(
        world in world(),
        block in prop::sample::select(&BLOCKS[..3]),
        bad in prop::collection::vec(any_of(&["nope=1", "ORsize=abc", "NQjunk"]), 1..4),
        outer in any_of(CONDITIONS),
    ) {
        let (head, carets, end) = block;
        let block = format!("{head}{carets}{}{end}", bad.join(carets));
        for query in [format!("{outer}^{block}"), format!("{block}^{outer}"), format!("{outer}^{block}^OR{outer}")] {
            prop_assert_eq!(ids(&world, &query), ids(&world, outer), "{}", query);
            prop_assert!(find(&world.database(), "contact", &query, NO_ROWS).is_empty());
        }
        let plan = Plan::new(bind(&world.database(), "contact", &block, None), IGNORE).unwrap();
        prop_assert!(plan.report().diagnostics().contains(Code::EverythingIgnored));
        prop_assert_eq!(ids(&world, &block), ids(&world, ""));
    }

    /// §9, §12: the text of the query that really ran gives the same rows and has no invalid part.
    #[test]
    fn what_ran_runs_again(world in world(), query in any_query()) {
        let database = world.database();
        let plan = Plan::new(bind(&database, "contact", &query, None), IGNORE).unwrap();
        let ran = plan.report().effective().unwrap();
        prop_assert_eq!(found(&database, "contact", ran), ids(&world, &query), "{} -> {}", query, ran);
        let again = Plan::new(bind(&database, "contact", ran, None), OnInvalid::Forbid).unwrap();
        prop_assert_eq!(again.report().effective(), Some(ran));
    }
}
