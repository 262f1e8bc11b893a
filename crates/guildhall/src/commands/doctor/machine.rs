//! This machine: the listener, the address people use, the database, the disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use service::checkup::Check;
use store::Store;

use super::address;
use crate::settings::Settings;
use crate::settings::database::DatabaseAddress;
use crate::wire::database_address;

/// Below so much free room the database may fill the disk any day, in KiB; and below this it soon will.
const ROOM_SMALL_KIB: u64 = 1024 * 1024;
const ROOM_GONE_KIB: u64 = 100 * 1024;

/// Everything about this machine.
pub(super) async fn look(settings: &Settings) -> Vec<Check> {
    let mut checks = address::look(settings).await;
    checks.push(database(&settings.database.address).await);
    checks.extend(disk(&settings.database.address));
    checks
}

async fn database(address: &DatabaseAddress) -> Check {
    let looked_at = "database";
    if let DatabaseAddress::Sqlite(file) = address
        && !file.exists()
    {
        return not_made_yet(file);
    }
    let looked = async {
        let store = Store::look(&database_address(address)).await?;
        let answer = async { store.read().await?.meta("guildhall").await }.await;
        store.close().await;
        answer
    };
    match looked.await {
        Ok(_) => Check::ok(looked_at, "It answers, and is not damaged."),
        Err(error) => Check::broken(
            looked_at,
            format!("{error}."),
            "Correct `address` under [database], or let the user \
             who runs the hall read and write there.",
        ),
    }
}

fn not_made_yet(file: &Path) -> Check {
    let looked_at = "database";
    let folder = folder_of(file);
    if folder.is_dir() {
        return Check::ok(
            looked_at,
            format!("{} is not there yet: the hall makes it when it starts.", file.display()),
        );
    }
    Check::broken(
        looked_at,
        format!("There is no folder {}: the hall makes its file, not the folder.", folder.display()),
        "Make the folder, and let the user who runs the hall write in it.",
    )
}

/// The room where the database's file is; nothing for a database elsewhere.
fn disk(address: &DatabaseAddress) -> Option<Check> {
    let DatabaseAddress::Sqlite(file) = address else { return None };
    let folder = folder_of(file);
    let Some(free) = free_kib(&folder) else {
        return Some(Check::not_tried("disk", "This machine does not say how much room there is."));
    };
    let says = format!("{} MiB are free in {}.", free / 1024, folder.display());
    let remedy = "Make room there, or move the database to a larger disk (address under [database]).";
    Some(match free {
        0..ROOM_GONE_KIB => Check::broken("disk", says, remedy),
        ROOM_GONE_KIB..ROOM_SMALL_KIB => Check::warning("disk", says, remedy),
        _ => Check::ok("disk", says),
    })
}

/// The free room of a folder's disk as `df` says it (POSIX: the fourth column of the second line).
fn free_kib(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_owned)
}
