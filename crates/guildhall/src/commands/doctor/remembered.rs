//! What the hall remembers, where its database can be opened: nothing in it is changed. Checks about what the hall
//! did, and what waits for a person, belong into `from`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::ids::{GuildId, RoleId};
use domain::plan::Reason;
use service::checkup::Check;
use store::plans::PlanRow;
use store::{Error, Store, Tx};

use crate::settings::Settings;
use crate::settings::database::DatabaseAddress;
use crate::wire::database_address;

/// Below so much free room the database may fill the disk any day, in KiB; and below this it soon will.
const ROOM_SMALL_KIB: u64 = 1024 * 1024;
const ROOM_GONE_KIB: u64 = 100 * 1024;

/// How many pieces of work that was given up are counted.
const DEAD_COUNTED_MAX: usize = 1000;
/// How many reasons of a plan are said.
const REASONS_MAX: usize = 8;

/// The state of a plan that waits for a person, as the service writes it.
const PARKED: &str = "parked";

const DATABASE: &str = "database";

/// What was found in the database, and about it.
pub(super) struct Remembered {
    /// Which role each name was bound to, by server.
    pub(super) roles: BTreeMap<GuildId, BTreeMap<String, RoleId>>,
    /// Whether the database answers, and whether there is room.
    pub(super) checks: Vec<Check>,
    /// What the hall has to tell its owner.
    pub(super) told: Vec<Check>,
}

/// Looks into the database, if there is one.
pub(super) async fn look(settings: &Settings) -> Remembered {
    let mut remembered = Remembered { roles: BTreeMap::new(), checks: Vec::new(), told: Vec::new() };
    let address = &settings.database.address;
    let is_there = !matches!(address, DatabaseAddress::Sqlite(file) if !file.exists());
    let check = match address {
        DatabaseAddress::Sqlite(file) if !is_there => not_made_yet(file),
        _ => match read(settings, &mut remembered).await {
            Ok(()) => Check::ok(DATABASE, "It answers, and is not damaged."),
            Err(error) => Check::broken(
                DATABASE,
                format!("{error}."),
                "Correct `address` under [database], or let the user who runs the hall read and write there.",
            ),
        },
    };
    remembered.checks.push(check);
    remembered.checks.extend(disk(address));
    remembered
}

async fn read(settings: &Settings, remembered: &mut Remembered) -> Result<(), Error> {
    let store = Store::look(&database_address(&settings.database.address)).await?;
    let answered = from(&store, settings, remembered).await;
    store.close().await;
    answered
}

async fn from(store: &Store, settings: &Settings, remembered: &mut Remembered) -> Result<(), Error> {
    let mut tx = store.read().await?;
    for guild in &settings.guilds {
        // A hall of another version may not have all tables yet; what it has is in order.
        let Ok(roles) = tx.role_bindings(guild.id).await else { return Ok(()) };
        remembered.roles.insert(guild.id, roles);
        let Ok(parked) = tx.plan_in_state(guild.id, PARKED).await else { return Ok(()) };
        remembered.told.extend(parked.as_ref().map(waits));
    }
    remembered.told.extend(given_up(&mut tx).await?);
    Ok(())
}

/// A plan that waits for a person.
fn waits(row: &PlanRow) -> Check {
    let PlanRow { id, plan, .. } = row;
    let parts =
        [(plan.takes, "take", "role"), (plan.gives, "give", "role"), (plan.renames, "write", "nickname")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, verb, thing)| format!("{verb} {count} {thing}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    let would = match parts.is_empty() {
        true => String::new(),
        false => format!(": it would {}", parts.join(", ")),
    };
    let reasons: Vec<Reason> = serde_json::from_str(&plan.reasons).unwrap_or_default();
    let why: Vec<String> =
        reasons.iter().take(REASONS_MAX).map(|reason| format!(" {}", reason.says())).collect();
    let more = match reasons.len().saturating_sub(REASONS_MAX) {
        0 => String::new(),
        more => format!(" And {more} more reasons."),
    };
    Check::warning(
        "plan",
        format!(
            "Plan {} of the server {} waits for your word{would}.{}{more}",
            id.0,
            plan.guild,
            why.concat()
        ),
        "In the server, /plan shows it, and /apply agrees to it; on this machine `guildhall plan` and `guildhall apply` \
         do the same.",
    )
}

/// Work that the hall gave up.
async fn given_up(tx: &mut Tx) -> Result<Option<Check>, Error> {
    let dead = tx.dead(DEAD_COUNTED_MAX).await?.len();
    if dead == 0 {
        return Ok(None);
    }
    let many = if dead == DEAD_COUNTED_MAX { "or more " } else { "" };
    let says = format!("Work was given up after many tries: {dead} {many}times.");
    let remedy = "The log says why: `journalctl -u guildhall`. The next sweep does what is still needed.";
    Ok(Some(Check::warning("work", says, remedy)))
}

fn not_made_yet(file: &Path) -> Check {
    let folder = folder_of(file);
    if folder.is_dir() {
        let says = format!("{} is not there yet: the hall makes it when it starts.", file.display());
        return Check::ok(DATABASE, says);
    }
    Check::broken(
        DATABASE,
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
    let says = format!("{} MiB are free in {}.", free / 1024, called(&folder));
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

fn called(folder: &Path) -> String {
    match folder == Path::new(".") {
        true => "this folder".to_owned(),
        false => folder.display().to_string(),
    }
}

fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_owned)
}
