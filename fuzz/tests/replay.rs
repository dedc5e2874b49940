//! Every seed and every past finding through its target, without libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};

use encoded_query_fuzz::{TARGETS, dictionary};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort_unstable();
    files
}

#[test]
fn replay() {
    for (name, run) in TARGETS {
        let seeds = files(&root().join("seeds").join(name));
        assert!((1..=40).contains(&seeds.len()), "{name} has {} seeds", seeds.len());
        for file in seeds.into_iter().chain(files(&root().join("artifacts").join(name))) {
            println!("{}", file.display());
            run(&fs::read(&file).expect("a file"));
        }
    }
}

/// Each target runs on the shortest inputs, and on the seeds with bytes changed and cut off.
#[test]
fn near_seeds() {
    for (name, run) in TARGETS {
        run(b"");
        (0..=u8::MAX).for_each(|byte| run(&[byte]));
        for file in files(&root().join("seeds").join(name)) {
            let seed = fs::read(&file).expect("a file");
            for place in 0..seed.len().min(200) {
                let mut changed = seed.clone();
                changed[place] = changed[place].wrapping_mul(167).wrapping_add(13);
                run(&changed);
                run(&seed[..place]);
            }
        }
    }
}

#[test]
fn dictionary_is_current() {
    let kept = fs::read_to_string(root().join("encoded-query.dict")).expect("a file");
    assert_eq!(
        kept,
        dictionary::text(),
        "run `cargo run --no-default-features --example dictionary`"
    );
}
