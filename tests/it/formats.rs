//! Formats of data in and out: CSV, XML, gzip; and what they have to say of values and columns.

use std::io::Write;

use encoded_query::load::{Layout, LoadOptions, load};
use encoded_query::{Schema, Table, csv, xml};
use flate2::Compression;
use flate2::write::GzEncoder;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use super::cli::{Temporary, run, run_with};

/// Texts that a format could lose, change or take for its own.
const NASTY: [&str; 24] = [
    "",
    " ",
    " a ",
    "a,b;c\td",
    "\"",
    "\"\"",
    "say \"so\"",
    "\n",
    "two\nlines",
    "two\r\nlines",
    "\r",
    "a\rb",
    "^",
    "a^^b^ORc=d",
    "=1+1",
    "-1",
    "+49 30 1234567",
    "@x",
    "\ttab",
    "\u{feff}mark",
    "\0\u{1}\u{1b}",
    "עברית \u{202e}ltr",
    "𝄞 e\u{301} \u{fffe}",
    "<a href=\"x\">&amp;]]></a>",
];

fn nasty_records() -> Vec<Value> {
    let record = |(number, text): (usize, &&str)| json!({ "sys_id": number.to_string(), "name": text, "u_note": text, "title": "x" });
    NASTY.iter().enumerate().map(record).collect()
}

#[track_caller]
fn query(data: &str, arguments: &[&str]) -> String {
    let ran = run_with(&[&["query", "-", "", "--all"], arguments].concat(), data);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{data:.200}");
    ran.out
}

/// What is written as CSV reads as the same records, whatever they hold.
#[test]
fn json_to_csv_and_back() {
    let data = Value::from(nasty_records()).to_string();
    let records = query(&data, &[]);
    assert_eq!(records.lines().count(), NASTY.len());
    let csv = query(&data, &["-o", "csv"]);
    assert!(csv.starts_with("account,active,") && !csv.contains("'="), "{csv}");
    assert_eq!(query(&csv, &[]), records);
    assert_eq!(query(&format!("\u{feff}{csv}"), &["--from", "csv"]), records);
    // One column whose values may be empty.
    let one = query(&data, &["-o", "csv", "--fields", "name"]);
    let again = query(&one, &["--schema", "infer", "--from", "csv"]);
    let names: Vec<Value> = again.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected: Vec<Value> = NASTY.iter().map(|text| json!({ "name": text })).collect();
    assert_eq!(names, expected);
}

/// Neutral cells begin with none of the signs that begin a formula.
#[test]
fn csv_safe() {
    let data = json!([{"sys_id": "1", "=cmd": "x", "name": "=HYPERLINK(\"http://x/?\"&A1,\"y\")"},
        {"sys_id": "-2", "name": "\r=1", "=cmd": "\t=1"}]);
    let fields = ["--fields", "sys_id,name,=cmd", "-o", "csv"];
    let ran =
        run_with(&[&["query", "-", "", "--csv-safe"], &fields[..]].concat(), &data.to_string());
    assert_eq!(
        ran.out,
        "sys_id,name,'=cmd\n1,\"'=HYPERLINK(\"\"http://x/?\"\"&A1,\"\"y\"\")\",x\n'-2,\"'\r=1\",'\t=1\n"
    );
    let ran = run_with(&[&["query", "-", ""], &fields[..]].concat(), &data.to_string());
    assert!(ran.out.contains("\n1,\"=HYPERLINK(") && ran.out.contains("\n-2,"), "{}", ran.out);
    let ran = run(&["query", "", "--csv-safe"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "encq: --csv-safe is about CSV; give -o csv\n"));
    assert!(run(&["query", "", "-o", "csv"]).err.contains("10 of 200 records"));
}

/// Names and texts of an XML document: (element, name of the field if it has one, text).
fn elements(document: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let (mut found, mut name, mut text) = (Vec::new(), String::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                start.name().as_ref().clone_into(&mut name);
                if let Some(field) = start.try_get_attribute("name").unwrap() {
                    name = field
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .unwrap()
                        .into_owned();
                }
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(part) => {
                let part = format!("&{};", &*part);
                text.push_str(&quick_xml::escape::unescape(&part).unwrap());
            }
            Event::End(_) if !name.is_empty() => {
                found.push((std::mem::take(&mut name), std::mem::take(&mut text)));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn xml() {
    let ran = run(&["query", "name=George Warren", "-o", "xml", "--fields", "name,city,vip"]);
    assert_eq!(
        ran.out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><result><name>George Warren</name><city/>\
         <vip>false</vip></result><hasMore>false</hasMore><total>1</total></response>\n"
    );
    let whole = run(&["query", "", "-o", "xml"]).out;
    assert_eq!(whole.matches("<result>").count(), 10);
    assert!(whole.contains("<hasMore>true</hasMore><total>200</total>"), "{whole}");
}

/// Every character there is, in texts and in names, gives a document that reads, and as the same text
/// if XML can hold it.
#[test]
fn xml_of_anything() {
    let held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    for block in (0..=0x10_ffff_u32).collect::<Vec<_>>().chunks(0x1000) {
        let text: String = block.iter().filter_map(|c| char::from_u32(*c)).collect();
        let mut response = xml::Response::new(Vec::new()).unwrap();
        let name = format!("n{text}");
        response.result([("a", text.as_str().into()), (&name, "x".into())]).unwrap();
        let document = String::from_utf8(response.end().unwrap()).unwrap();
        assert!(document.chars().all(held));
        let replaced = |text: &str| {
            text.chars().map(|c| if held(c) { c } else { '\u{fffd}' }).collect::<String>()
        };
        let expected = [("a".to_owned(), replaced(&text)), (replaced(&name), "x".to_owned())];
        if !text.is_empty() {
            assert_eq!(elements(&document), expected);
        }
    }
    for (name, element) in [
        ("u_x-1.y", "<u_x-1.y>1</u_x-1.y>"),
        ("", "<field name=\"\">1</field>"),
        ("1a", "<field name=\"1a\">1</field>"),
        ("xmlns", "<field name=\"xmlns\">1</field>"),
        ("a:b", "<field name=\"a:b\">1</field>"),
        ("é", "<field name=\"é\">1</field>"),
        ("\"><!--", "<field name=\"&quot;&gt;&lt;!--\">1</field>"),
    ] {
        let mut response = xml::Response::new(Vec::new()).unwrap();
        response.element(name, "1").unwrap();
        let document = String::from_utf8(response.end().unwrap()).unwrap();
        assert!(document.ends_with(&format!("<response>{element}</response>")), "{document}");
    }
}

#[test]
fn layouts_are_found_out() {
    let find = |text: &str| {
        let ran = run_with(&["query", "-", "", "--schema", "infer", "--quiet"], text);
        if ran.code == 2 { ran.err } else { ran.out }
    };
    let record = "{\"a\":\"1\",\"b\":\"x\"}\n";
    for text in [
        "[{\"a\":1,\"b\":\"x\"}]",
        " \n {\"a\":1,\n\"b\":\"x\"}",
        "{\"result\":[{\"a\":1,\"b\":\"x\"}]}",
        "\n\n {\"a\":1,\"b\":\"x\"} \n\n ",
        "a,b\n1,x\n",
        "a,b\r\n1,x",
        "\n\n\"a\",\"b\"\n\n\"1\",\"x\"\n\n",
        "a;b\n1;x\n",
        "a\tb\n1\tx\n",
        "\u{feff}a,b\n1,x\n",
    ] {
        assert_eq!(find(text), record, "{text}");
    }
    assert_eq!(find("\"a,1\";b\n1;x\n"), "{\"a,1\":\"1\",\"b\":\"x\"}\n");
    assert_eq!(find("a,b\n"), "", "no records, like []");
    // Objects need no lines; what that costs is linear.
    let object = "{\"a\":1,\n\"b\":\"x\"}{\"a\":1,\"b\":\"x\"} {\"a\":1,\"b\":\"x\"}\n";
    let ran = run_with(&["query", "-", "", "--schema", "infer", "--all"], object);
    assert_eq!(ran.out, record.repeat(3));
    let one_line = "{\"a\":1}".repeat(100_000);
    assert_eq!(run_with(&["count", "-", "", "--schema", "infer"], &one_line).out, "100000\n");
    assert!(find("<a,b>").contains("looks like XML"));
    assert!(find("a\n1\n").contains("line 1, column 1: expected value"));
    let ran = run_with(&["query", "-", "", "--schema", "infer", "--from", "csv"], "a\n1\n");
    assert_eq!(ran.out, "{\"a\":\"1\"}\n");
    let ran = run_with(&["query", "-", "", "--from", "json"], "a,b\n1,x\n");
    assert!(ran.code == 2 && ran.err.contains("looks like CSV"), "{}", ran.err);
}

#[test]
fn bad_csv() {
    for (data, said) in [
        ("sys_id,name\n1,A\n2\n", "line 3, column 1: the row has 1 field, the header 2"),
        (
            "sys_id,name\n\n1,\"a\nb\"\n2,B,C\n",
            "line 5, column 5: the row has 3 fields, the header 2",
        ),
        ("sys_id,name,sys_id\n", "line 1, column 13: the header has `sys_id` twice"),
        ("sys_id,,name\n", "line 1, column 8: the header has an empty name"),
        ("sys_id,name\n1,A\n2,\"B\n3,C\n", "line 3, column 3: the quote is never closed"),
        ("sys_id,name\n1,\"ä\"x\n", "line 2, column 6: there is text after a closing quote"),
        (
            "sys_id,name\n1,A\n1,B\n",
            "line 3, column 1: record 2: it has the sys_id `1` of record 1 on line 2",
        ),
        (
            "name,city\nA,B\n",
            "line 2, column 1: record 1: it has no `sys_id` (--make-sys-ids makes them)",
        ),
    ] {
        let ran = run_with(&["query", "-", ""], data);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{data}");
        assert_eq!(ran.err, format!("encq: standard input: {said}\n"));
    }
    let header: Vec<String> = (0..10_001).map(|n| format!("c{n}")).collect();
    let ran = run_with(&["query", "-", ""], &format!("{}\n", header.join(",")));
    assert!(ran.err.contains("over 10000 columns"), "{}", ran.err);
    // A quote inside a bare field is part of it.
    assert_eq!(run_with(&["count", "-", "name=5\" pipe"], "sys_id,name\n1,5\" pipe\n").out, "1\n");
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip() {
    let two = [packed("{\"sys_id\":\"1\"}\n{\"sys"), packed("_id\":\"2\"}\n")].concat();
    let file = Temporary::new("members.gz", &two);
    assert_eq!(run(&["count", file.path(), ""]).out, "2\n");
    let file = Temporary::new("contacts.csv.gz", &packed("sys_id,name\n1,A\n"));
    assert_eq!(run(&["count", file.path(), "name=a"]).out, "1\n");
    let related = format!("customer_account={}", file.path());
    let ran = run(&["count", "account.name=a", "--related", &related]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("0\n", ""));

    let whole = packed(&"{\"sys_id\":\"1\"}\n".repeat(100));
    let mebibyte = packed(&"!".repeat(1 << 20));
    let mut damaged = whole.clone();
    damaged[20] ^= 0xff;
    for (data, said) in [
        (&whole[..whole.len() - 3], "is a gzip file that is cut off"),
        (&whole[..3], "is a gzip file that is cut off"),
        (&damaged, "is a gzip file that is damaged"),
        (&[whole.as_slice(), b"rest"].concat(), "bytes, with 4 bytes after them that are no gzip"),
        (&[whole.as_slice(), b"\0"].concat(), "bytes, with 1 byte after them that is no gzip"),
        (&[whole.as_slice(), &whole[..15]].concat(), "is a gzip file that is cut off"),
        (&packed(""), "is empty"),
        (&packed("[{]"), "line 1, column 3"),
        (&[0x1f, 0x8b, 8, 0], "is a gzip file that is cut off"),
        // A small file may unpack to 64 MiB.
        (&mebibyte.repeat(64), "line 1, column 1: expected value"),
        (&[mebibyte.repeat(64), packed("!")].concat(), "unpacks to over 67108864 bytes"),
    ] {
        let file = Temporary::new(&format!("bad-{}.gz", data.len()), data);
        let ran = run(&["query", file.path(), ""]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{said}");
        let line = ran.err.strip_prefix(&format!("encq: {}: ", file.path())).unwrap();
        assert!(line.contains(said) && line.lines().count() == 1, "{said}: {}", ran.err);
    }
}

#[test]
fn columns_are_renamed() {
    let data = r#"[{"Sys ID":"1","LOCATION":"x","city":"Rome","city!":"y","Über Ort":"z","Name":"n","!":"q"}]"#;
    let ran = run_with(&["query", "-", "", "--rename-columns", "snake"], data);
    let record: Value = serde_json::from_str(&ran.out).unwrap();
    for (name, text) in [
        ("sys_id", "1"),
        ("location", "x"),
        ("city", "Rome"),
        ("city_2", "y"),
        ("uber_ort", "z"),
        ("Name", "n"),
        ("column", "q"),
    ] {
        assert_eq!(record[name], text, "{name}");
    }
    let said: Vec<&str> =
        ran.err.lines().filter_map(|line| line.rsplit("the column ").next()).collect();
    assert_eq!(
        said,
        [
            "`Sys ID` is renamed to `sys_id`",
            "`LOCATION` is renamed to `location`",
            "`city!` is renamed to `city_2`",
            "`Über Ort` is renamed to `uber_ort`",
            "`!` is renamed to `column`",
            "`Name` is another than `name`, as the case of names counts; rename it if `name` is meant",
        ]
    );
    let csv = "Sys ID,isVIP contact,LIKE\n1,true,a\n2,false,b\n";
    let ran = run_with(
        &[
            "query",
            "-",
            "is_vip_contact=true^like=a",
            "--schema",
            "infer",
            "--rename-columns",
            "snake",
        ],
        csv,
    );
    assert_eq!(ran.out, "{\"sys_id\":\"1\",\"is_vip_contact\":\"true\",\"like\":\"a\"}\n");
    // A schema file's table takes only the columns that become fields of it.
    let schema = r#"{"table":"t","fields":[{"name":"sys_id","type":"sys_id"}]}"#;
    let schema = Temporary::new("rename-schema.json", schema.as_bytes());
    let ran =
        run_with(&["query", "-", "", "--schema", schema.path(), "--rename-columns", "snake"], csv);
    assert_eq!(ran.out, "{\"sys_id\":\"1\"}\n{\"sys_id\":\"2\"}\n");
    assert!(
        ran.err.contains("`isVIP contact` is not in the schema and is left out"),
        "{}",
        ran.err
    );
    let ran = run(&["query", "", "--rename-columns", "snake"]);
    assert!(ran.code == 2 && ran.err.contains("--rename-columns is about data"), "{}", ran.err);
}

/// Values that do not read stay as they are and are named by the place of the first.
#[test]
fn values_that_do_not_read() {
    for (data, place) in [
        (
            "[{\"sys_id\":\"1\",\"vip\":\"true\"},\n  {\"sys_id\":\"ä\", \"vip\": \"maybe\"},{\"sys_id\":\"3\",\"vip\":2}]",
            "record 2, line 2, column 25",
        ),
        (
            "{\"sys_id\":\"1\",\"vip\":\"ma\\u0079be\"}\n{\"sys_id\":\"2\",\"vip\":\"x\"}\n",
            "record 1, line 1, column 21",
        ),
        (
            "{\"result\":[{\"vip\":{\"display_value\":\"x\",\"value\":\"maybe\"},\"sys_id\":\"1\"},{\"sys_id\":\"2\",\"vip\":7}]}",
            "record 1, line 1, column 48",
        ),
        (
            "sys_id,name,vip\n1,\"a\n,\"\"\",true\n2,\"é\",maybe\n3,x,y\n",
            "record 2, line 4, column 7",
        ),
        ("sys_id;vip;x\n1;\"maybe\";1\n2;3;4", "record 1, line 2, column 3"),
    ] {
        let ran = run_with(&["query", "-", "vipLIKEmaybe", "--fields", "vip"], data);
        assert_eq!(ran.out, "{\"vip\":\"maybe\"}\n", "{data}: {}", ran.err);
        let said = format!(
            "`vip`: values that do not read as boolean and count as empty: 2, the first in {place}: `maybe`\n"
        );
        assert!(ran.err.ends_with(&said), "{}", ran.err);
    }
    // Texts that read, but not as they would be printed, stay too.
    let texts = ["+5", "007", "-0", "1.0", "99999999999999999999"];
    let records =
        texts.map(|text| format!("{{\"sys_id\":\"{text}\",\"sys_mod_count\":\"{text}\"}}\n"));
    let ran = run_with(&["query", "-", "", "--fields", "sys_mod_count"], &records.concat());
    assert_eq!(ran.out, texts.map(|text| format!("{{\"sys_mod_count\":\"{text}\"}}\n")).concat());
    assert_eq!(ran.err, "");
}

/// A sys_id that only later records have is missing in those before.
#[test]
fn late_sys_ids() {
    let data = "{\"name\":\"A\"}\n{\"name\":\"B\",\"sys_id\":\"1\"}\n{\"name\":\"C\"}\n";
    let infer = ["query", "-", "", "--schema", "infer", "--fields", "sys_id,name"];
    let ran = run_with(&infer, data);
    assert!(ran.code == 2 && ran.err.contains("record 1: it has no `sys_id`"), "{}", ran.err);
    let ran = run_with(&[&infer[..], &["--make-sys-ids"]].concat(), data);
    let made = |number, name| format!("{{\"sys_id\":\"{number:032}\",\"name\":\"{name}\"}}\n");
    let expected = [&made(1, "A"), "{\"sys_id\":\"1\",\"name\":\"B\"}\n", &made(2, "C")].concat();
    assert_eq!((ran.out, ran.err.as_str()), (expected, ""));
    // One that is made is none that is there.
    let taken = format!("[{{\"name\":\"A\"}},{{\"name\":\"B\",\"sys_id\":\"{:032}\"}}]", 1);
    let ran = run_with(&[&infer[..], &["--make-sys-ids"]].concat(), &taken);
    assert_eq!(ran.out, [made(2, "A"), made(1, "B")].concat());
}

/// Names that would read as another format, another separator or a mark stand in quotes.
#[test]
fn odd_headers_read_back() {
    for name in [
        "[x",
        "{x",
        "<x",
        " [x",
        "\u{feff}x",
        "a;b",
        "a\tb",
        "a\nb",
        "a\r\nb",
        "\"",
        "a\"b",
        "=a",
        " ",
    ] {
        let data = json!([{name: "1", "y": "2"}, {name: "3", "y": ""}]).to_string();
        let infer = ["--schema", "infer", "--quiet"];
        let through = |data: &str, more: &[&str]| {
            let arguments = [&["query", "-", ""], &infer[..], more].concat();
            let ran = run_with(&arguments, data);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name:?}: {data:?}");
            ran.out
        };
        let records = through(&data, &[]);
        let csv = through(&data, &["-o", "csv"]);
        assert_eq!(through(&csv, &[]), records, "{csv:?}");
        let one = json!([{name: "1"}, {name: "3"}]).to_string();
        let csv = through(&one, &["-o", "csv"]);
        assert_eq!(through(&csv, &["--from", "csv"]), through(&one, &[]), "{csv:?}");
    }
}

#[test]
fn the_library_reads_and_writes_too() {
    let mut options = LoadOptions::default();
    options.layout = Some(Layout::Csv);
    let loaded = load(b"sys_id\n1\n", Schema::customer_contact(), &options).unwrap();
    assert_eq!((loaded.table.len(), loaded.notices.len()), (1, 0));
    let mut out = Vec::new();
    let records = Table::demo_contacts();
    csv::write(&mut out, &["vip"], records.records().take(1), csv::Formulas::Keep).unwrap();
    assert_eq!(out, b"vip\nfalse\n");
}
