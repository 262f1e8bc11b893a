//! What root does not do in somebody else's folder.

use std::fs;
use std::os::unix::fs::chown;

use guildhall::settings::document;

use super::documents::guildhall;

/// A user who is nobody's.
const NOBODY: u32 = 65_534;

#[test]
fn root_makes_no_database_in_a_folder_of_the_halls_user_and_says_what_to_type() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("guildhall.toml"), document::example()).expect("the file can be written");
    // Whoever is not root gives nothing away, and makes a database of their own.
    let is_nobodys = chown(folder.path(), Some(NOBODY), None).is_ok();
    let asked = guildhall(&["audit", "--last", "5"], folder.path(), true);
    let told = String::from_utf8_lossy(&asked.stderr);
    assert_eq!(asked.status.success(), !is_nobodys, "{told}");
    assert_eq!(folder.path().join("guildhall.db").exists(), !is_nobodys);
    assert_eq!(told.contains("Type instead: sudo -u "), is_nobodys, "{told}");
    assert_eq!(told.ends_with(" guildhall audit --last 5\n"), is_nobodys, "{told}");
}
