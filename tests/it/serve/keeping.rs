//! Changes that outlive the process: restarts, kills, a full disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use super::{GEORGE, Serving};

/// A folder of the test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("encq-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn id_of(answer: &super::Answer) -> String {
    answer.json()["result"].as_str().unwrap().to_owned()
}

#[test]
fn changes_are_there_after_a_restart() {
    let folder = Folder::new("restart");
    let arguments = ["--data-dir", folder.path()];
    let server = Serving::start(&arguments);
    let body = r#"{"name":"Dora","social_channel":"Twitter","social_handle":"@dora"}"#;
    let id = id_of(&server.create(body).unwrap());
    let george = GEORGE.replace("/contact/", "/table/customer_contact/");
    let json = ["Content-Type: application/json"];
    assert_eq!(server.ask(&format!("PATCH {george}"), &json, br#"{"city":"Oslo"}"#).status, 200);
    let jane = "/api/now/table/customer_contact/0a232a0013691200042ab3173244b075";
    assert_eq!(server.ask(&format!("DELETE {jane}"), &[], b"").status, 204);

    let second = Serving::try_start(&arguments).err().unwrap();
    assert!(second.starts_with("Some(2): ") && second.contains("in use"), "{second}");
    drop(server);

    let server = Serving::start(&arguments);
    assert_eq!(server.get(&format!("/api/now/contact/{id}")).json()["result"]["name"], "Dora");
    assert_eq!(server.get(GEORGE).json()["result"]["city"], "Oslo");
    assert_eq!(server.get(jane).status, 404);
    let profiles =
        "/api/now/table/sn_customerservice_social_profile?sysparm_query=contact.name=Dora";
    assert_eq!(server.get(profiles).json()["result"][0]["social_handle"], "@dora");
    assert_eq!(server.get("/api/now/contact").header("x-total-count"), Some("200"));
}

/// Eight writers, a kill in the middle: what was acknowledged is there, and every record is whole.
#[cfg(unix)]
#[test]
fn killed_while_it_writes() {
    let rounds = std::env::var("ENCQ_KILLS").map_or(5, |rounds| rounds.parse().unwrap());
    let folder = Folder::new("killed");
    let arguments = ["--data-dir", folder.path()];
    let kept: Mutex<BTreeMap<String, String>> = Mutex::default();
    for round in 0..rounds {
        let server = Serving::start(&arguments);
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let (server, kept) = (&server, &kept);
                scope.spawn(move || write_on(server, kept, &format!("{round}-{writer}")));
            }
            std::thread::sleep(Duration::from_millis(150 + 90 * (round % 5)));
            server.signal("-KILL");
        });
        drop(server);
        check(&Serving::start(&arguments), &kept.lock().unwrap());
    }
    let kept = kept.into_inner().unwrap().len();
    println!("{rounds} kills, {kept} acknowledged records");
    assert!(kept > 0, "none was acknowledged, so that nothing is shown");
}

/// Creates contacts, whose fields all say the same, until the server is gone.
fn write_on(server: &Serving, kept: &Mutex<BTreeMap<String, String>>, writer: &str) {
    for number in 0.. {
        let text = format!("{writer}-{number}");
        let body = format!(r#"{{"name":"{text}","email":"{text}","street":"{text}"}}"#);
        let created = std::panic::catch_unwind(|| server.create(&body)).ok().flatten();
        let Some(created) = created.filter(|created| created.status == 201) else { return };
        // The answer may be cut off though its head is whole.
        let Ok(answer) = serde_json::from_slice::<serde_json::Value>(&created.body) else { return };
        kept.lock().unwrap().insert(answer["result"].as_str().unwrap().to_owned(), text);
    }
}

fn check(server: &Serving, kept: &BTreeMap<String, String>) {
    let mut found = BTreeMap::new();
    // A page holds 10,000 records at most.
    for page in 0.. {
        let target = format!(
            "/api/now/table/customer_contact?sysparm_query=streetISNOTEMPTY^nameLIKE-\
             &sysparm_fields=sys_id,name,email,street,sys_created_on&sysparm_limit=10000\
             &sysparm_offset={}",
            page * 10_000,
        );
        let all = server.get(&target).json();
        let records = all["result"].as_array().unwrap();
        for record in records {
            assert_eq!(record["name"], record["email"], "torn");
            assert_eq!(record["name"], record["street"], "torn");
            assert_ne!(record["sys_created_on"], "", "torn");
            let text = |field: &str| record[field].as_str().unwrap().to_owned();
            found.insert(text("sys_id"), text("name"));
        }
        if records.is_empty() {
            break;
        }
    }
    for (id, text) in kept {
        assert_eq!(found.get(id), Some(text), "{id} was acknowledged and is lost");
    }
}

/// A small disk of its own, taken away in the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this user cannot mount one.
    fn mount(name: &str, size: &str) -> Option<Self> {
        let path = std::env::temp_dir().join(format!("encq-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "encq-test"])
            .arg(&path)
            .output();
        let is_mounted = mounted.is_ok_and(|output| output.status.success());
        is_mounted.then_some(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let Some(disk) = SmallDisk::mount("full", "6m") else {
        println!("no small disk can be mounted here: NOT CHECKED");
        return;
    };
    let folder = disk.path().join("store");
    let arguments = ["--data-dir", folder.to_str().unwrap()];
    let ballast = disk.path().join("ballast");
    let server = Serving::start(&arguments);
    std::fs::write(&ballast, vec![0; 1024 * 1024]).unwrap();
    let text = "x".repeat(50_000);
    let mut kept = Vec::new();
    let failed = loop {
        let created = server.create(&format!(r#"{{"name":"kept","photo":"{text}"}}"#)).unwrap();
        if created.status != 201 {
            break created;
        }
        kept.push(id_of(&created));
        assert!(kept.len() < 1000, "the disk does not fill");
    };
    assert!([500, 503, 507].contains(&failed.status), "{failed:?}");
    assert_eq!(failed.json()["status"], "failure");
    let count = |server: &Serving| {
        let list = server.get("/api/now/contact?sysparm_query=name=kept&sysparm_limit=1");
        list.header("x-total-count").unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(count(&server), kept.len(), "reading goes on, and shows nothing that was not kept");

    std::fs::remove_file(&ballast).unwrap();
    let small = server.create(r#"{"name":"kept"}"#).unwrap();
    assert_eq!(small.status, 201, "there is room again: {small:?}");
    kept.push(id_of(&small));
    drop(server);

    let server = Serving::start(&arguments);
    assert_eq!(count(&server), kept.len());
    for id in &kept {
        assert_eq!(server.get(&format!("/api/now/contact/{id}")).status, 200, "{id} is lost");
    }
}
