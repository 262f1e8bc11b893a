//! This machine: the listener, the address people use, the database, the disk.

use std::path::{Path, PathBuf};

use service::checkup::Check;
use store::Store;

use crate::settings::Settings;
use crate::settings::database::DatabaseAddress;
use crate::wire::database_address;

/// Everything about this machine.
pub(super) async fn look(settings: &Settings) -> Vec<Check> {
    vec![database(&settings.database.address).await]
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

fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_owned)
}
