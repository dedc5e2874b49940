//! What texts end with, asked of very many different ones at once, as of their text.

use encoded_query::{Binder, Field, FieldType, OnInvalid, PageRequest, Plan, Query, Schema, Table};

/// Different texts: some shorter than what they should end with, some alike in their last eight bytes, some of
/// several bytes a character, and no whole number of words.
fn texts() -> Vec<String> {
    let ends = [
        "",
        "g",
        "ng",
        "hing",
        "Nothing",
        "something",
        "everything",
        "é",
        "ßé",
        "日本語",
        "x日本語",
    ];
    let numbered = |number: usize| {
        let end = ends[number % ends.len()];
        match number {
            0..11 => end.to_owned(),
            _ if number.is_multiple_of(3) => format!("{end}{number}"),
            _ => format!("{number} {end}"),
        }
    };
    (0..300).map(numbered).collect()
}

/// Source: the language, `ENDSWITH`: case does not count, and an empty field ends with nothing.
#[test]
fn texts_end_as_they_do() {
    let fields = [Field::new("sys_id", FieldType::SysId), Field::new("text", FieldType::String)];
    let mut table = Table::eager(Schema::new("t", fields));
    let texts = texts();
    for (number, text) in texts.iter().enumerate() {
        let id = format!("{number:032x}");
        table.push([("sys_id", id.into()), ("text", text.as_str().into())]).unwrap();
    }
    // One that changed is asked as it is now.
    table.update(&format!("{:032x}", 70), [("text", "changed to anything".into())]).unwrap();
    let now = |number: usize| if number == 70 { "changed to anything" } else { &texts[number] };
    let ends = [
        "g",
        "NG",
        "thing",
        "nothing",
        "omething",
        "something",
        "verything",
        "everything",
        "xeverything",
        " something",
        "2 something",
        "é",
        "ßé",
        " ßé",
        "語",
        "本語",
        "日本語",
        "x日本語",
        " x日本語",
        "changed to anything",
        "anything",
        "0",
        "nothing2",
    ];
    let mut found = 0;
    for end in ends {
        for operator in ["ENDSWITH", "%"] {
            let query = Query::parse(format!("text{operator}{end}"));
            let bound = Binder::for_table(table.schema()).bind(&query);
            let plan = Plan::new(bound, OnInvalid::Forbid).unwrap();
            let page = plan.run(&table, PageRequest::ALL);
            let ids: Vec<usize> = page
                .records
                .iter()
                .map(|record| usize::from_str_radix(&record.text("sys_id").unwrap(), 16).unwrap())
                .collect();
            let holds = |number: &usize| now(*number).to_lowercase().ends_with(&end.to_lowercase());
            let expected: Vec<usize> = (0..texts.len()).filter(holds).collect();
            assert_eq!(ids, expected, "{operator}{end}");
            found += ids.len();
        }
    }
    assert!(found > 1000, "{found}");
}
