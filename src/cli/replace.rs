//! Files replaced as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Stop;

/// Puts `content` in the place of a file. It is written beside it first and then renamed, so that
/// whatever goes wrong, the file is whole: as it was or as it is to be.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), Stop> {
    let fault = |error: io::Error| {
        Stop::Message(format!("{}: cannot be written and stays as it is: {error}", path.display()))
    };
    // What a link leads to is replaced, not the link.
    let target = fs::canonicalize(path).map_err(fault)?;
    let metadata = fs::metadata(&target).map_err(fault)?;
    if metadata.permissions().readonly() {
        return Err(fault(io::Error::other("it is read-only")));
    }
    let beside = beside(&target).map_err(fault)?;
    let written = OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|file| {
        let renamed =
            fill(file, content, metadata.permissions()).and_then(|()| fs::rename(&beside, &target));
        if renamed.is_err() {
            // The first error is the one to tell.
            let _ = fs::remove_file(&beside);
        }
        renamed
    });
    written.map_err(fault)
}

fn fill(mut file: File, content: &[u8], permissions: fs::Permissions) -> io::Result<()> {
    file.write_all(content)?;
    file.set_permissions(permissions)?;
    file.sync_all()
}

/// A name in the same folder that no file has.
fn beside(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    Ok(target.with_file_name(format!(".{name}.{}.tmp", std::process::id())))
}
