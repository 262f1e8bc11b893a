//! Who owns a file, where the system tells.

use std::path::Path;

/// The name of the user who owns a file, or their number where that has no name here.
#[cfg(unix)]
pub(crate) fn owner_of(file: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let number = std::fs::metadata(file).ok()?.uid();
    Some(name_of(number).unwrap_or_else(|| format!("user {number}")))
}

/// The user whose folder a file would stand in that is not there yet, where root runs this program and the folder is
/// somebody else's: what root made there they could not open.
#[cfg(unix)]
pub(crate) fn is_for_another(file: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let number = |path: &Path| std::fs::metadata(path).ok().map(|known| known.uid());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A process owns what the system tells of it.
    let (owner, runner) = (number(folder)?, number(Path::new("/proc/self"))?);
    let is_for_another = runner == ROOT && owner != ROOT && !file.exists();
    is_for_another.then(|| name_of(owner).unwrap_or_else(|| format!("'#{owner}'")))
}

/// Windows has no root.
#[cfg(not(unix))]
pub(crate) fn is_for_another(_: &Path) -> Option<String> {
    None
}

/// The number of the user who may do everything.
#[cfg(unix)]
const ROOT: u32 = 0;

/// Windows is not asked.
#[cfg(not(unix))]
pub(crate) fn owner_of(_: &Path) -> Option<String> {
    None
}

/// The most of the list of users that is read, in bytes.
#[cfg(unix)]
const USERS_BYTES_MAX: u64 = 1024 * 1024;

#[cfg(unix)]
fn name_of(number: u32) -> Option<String> {
    use std::io::Read;
    let mut users = String::new();
    let list = std::fs::File::open("/etc/passwd").ok()?;
    list.take(USERS_BYTES_MAX).read_to_string(&mut users).ok()?;
    let line = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == number.to_string()).then(|| name.to_owned())
    };
    users.lines().find_map(line)
}
