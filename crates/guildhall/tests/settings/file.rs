//! Files that are odd as files.

use std::fs;
use std::path::Path;

use guildhall::commands::facts::facts_of;
use guildhall::settings::Settings;

use crate::written::{IN_ORDER, environment};

/// Loads a file with these bytes: "in order" or the report, with the folder left out.
fn load(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("guildhall.toml");
    fs::write(&file, bytes).expect("the file can be written");
    loaded(&file, folder.path())
}

fn loaded(file: &Path, folder: &Path) -> String {
    match Settings::load(file, &environment, &facts_of) {
        Ok(_) => "in order".to_owned(),
        Err(problems) => problems.to_string().replace(&format!("{}/", folder.display()), ""),
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    assert_eq!(load(format!("\u{feff}{IN_ORDER}").as_bytes()), "in order");
    assert_eq!(load(IN_ORDER.replace('\n', "\r\n").as_bytes()), "in order");
    let spoilt =
        format!("\u{feff}{}", IN_ORDER.replace("public_address", "public_adress").replace('\n', "\r\n"));
    assert!(load(spoilt.as_bytes()).contains("guildhall.toml:2:1: hall.public_adress\n"));
}

#[test]
fn an_empty_file_is_told_all_that_it_lacks() {
    insta::assert_snapshot!(load(b""));
}

#[test]
fn a_file_that_is_not_text_is_refused() {
    insta::assert_snapshot!(
        [
            load(b"[hall]\nname = \"Caf\xe9\"\n"),
            load(b"\xff\xfe[\0h\0"),
            load(b"SQLite format 3\0"),
            load(&vec![b'#'; 10 * 1024 * 1024]),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_missing_file_and_a_folder_are_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let missing = loaded(&folder.path().join("absent.toml"), folder.path());
    assert!(missing.starts_with("absent.toml:\n  there is no such file\n  help: make one: "), "{missing}");
    fs::create_dir(folder.path().join("hall.toml")).expect("a folder can be made");
    let is_folder = loaded(&folder.path().join("hall.toml"), folder.path());
    assert!(is_folder.starts_with("hall.toml:\n  this is a folder, not a file\n"), "{is_folder}");
}

/// Root may read everything, so there this shows nothing and says so.
#[cfg(unix)]
#[test]
fn an_unreadable_file_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("guildhall.toml");
    fs::write(&file, IN_ORDER).expect("the file can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("the mode can be set");
    let may_read_everything = fs::read(&file).is_ok();
    let expected = if may_read_everything { "in order" } else { "guildhall.toml:\n  it may not be read\n" };
    assert!(loaded(&file, folder.path()).starts_with(expected));
}
