//! Files whose content is replaced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use super::Stop;

/// Puts new content into a file in place, so that links to it, its owner and its permissions stay.
/// What it held stands in a file beside it meanwhile, and is put back if the new content does not fit.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), Stop> {
    let name = path.display();
    let unchanged = |error: io::Error| {
        Stop::Message(format!("{name}: cannot be written and stays as it is: {error}"))
    };
    // The copy stands beside what a link leads to, where there is room for one as long.
    let target = fs::canonicalize(path).map_err(unchanged)?;
    let permissions = fs::metadata(&target).map_err(unchanged)?.permissions();
    if permissions.readonly() {
        return Err(unchanged(io::Error::other("it is read-only")));
    }
    let mut file = OpenOptions::new().write(true).open(&target).map_err(unchanged)?;
    let before = fs::read(&target).map_err(unchanged)?;
    let copy = beside(&target).map_err(unchanged)?;
    keep(&copy, &before, permissions).map_err(unchanged)?;
    let written = fill(&mut file, content);
    if let Err(error) = &written
        && fill(&mut file, &before).is_err()
    {
        let copy = copy.display();
        let message = format!("{name}: is half written: {error}; what it held is in {copy}");
        return Err(Stop::Message(message));
    }
    // A copy that stays is in nobody's way; an error before is the one to tell.
    let _ = fs::remove_file(&copy);
    written.map_err(unchanged)
}

/// Puts a copy where no file is; none stays if that fails.
fn keep(copy: &Path, content: &[u8], permissions: fs::Permissions) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(copy)?;
    let kept = fill(&mut file, content).and_then(|()| file.set_permissions(permissions));
    if kept.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(copy);
    }
    kept
}

/// Writes over what a file holds; its length is cut last, so that what it held fits in again.
fn fill(file: &mut File, content: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(content)?;
    file.set_len(content.len() as u64)?;
    file.sync_all()
}

/// A name in the same folder that no file has.
fn beside(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    Ok(target.with_file_name(format!(".{name}.{}.tmp", std::process::id())))
}
