//! Codes by the names that people write.

use crate::diagnostic::Code;
use crate::diagnostic::suggest::nearest;

/// The code of that name.
pub(super) fn code(name: &str) -> Result<Code, String> {
    let found = Code::ALL.iter().find(|code| code.as_str() == name);
    found.copied().ok_or_else(|| {
        let names = Code::ALL.iter().map(|code| code.as_str());
        let meant = nearest(name, names);
        let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        format!("there is no code `{name}`{meant}")
    })
}

/// The code of that name, if it may be allowed.
pub(super) fn allowable(name: &str) -> Result<Code, String> {
    let code = code(name)?;
    if code.refuses() {
        return Err(format!("`{code}` refuses the query in every mode and cannot be allowed"));
    }
    Ok(code)
}
