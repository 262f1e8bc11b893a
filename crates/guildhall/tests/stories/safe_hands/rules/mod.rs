//! Rules change while the hall runs.

mod following;
mod halls;
mod trouble;

use std::fs;
use std::path::PathBuf;

use domain::ids::{GuildId, RevisionId};
use guildhall::commands::facts::facts_of;
use guildhall::settings::Settings;
use guildhall::watch::Watch;
use service::rules::Cause;
use tempfile::TempDir;

use crate::people::Someone;
use crate::{Engine, Hall, World, person, role};

/// The rule that holds from the start.
fn regular() -> String {
    role("Regular", "forum.trust_level >= 2")
}

/// A rule about facts that nobody asked for before.
fn staff() -> String {
    role("Staff", "forum.admin || forum.moderator")
}

/// A harbour in which mira, a moderator, is linked, with a settings file that the hall follows.
struct Harbor {
    world: World,
    hall: Hall,
    mira: Someone,
    file: SettingsFile,
}

async fn harbor(engine: &Engine) -> Harbor {
    let plan = World::plan()
        .forum("Harbor", |forum| forum.user("mira", |mira| (mira.trust_level, mira.moderator) = (2, true)))
        .guild("Harbor", |guild| guild.role("Regular").role("Staff").role("Leader").member("mira_d"));
    let world = plan.start().await.unwrap();
    let hall = Hall::start(&world, engine, &[regular()]).await;
    let mira = person(&world, "mira_d");
    mira.links_with("mira").await;
    hall.settle().await;
    assert_eq!(mira.roles(), ["Regular"]);
    world.transcript();
    let file = SettingsFile::of(&hall, &[regular()]);
    Harbor { world, hall, mira, file }
}

impl Harbor {
    fn guild(&self) -> GuildId {
        self.hall.inside().guild_ids().next().unwrap()
    }

    fn revision(&self) -> RevisionId {
        self.hall.inside().revision(self.guild()).unwrap()
    }

    /// The owner writes other rules, and asks the hall to read them.
    async fn says(&mut self, rules: &[String]) {
        self.file.write(&self.hall, rules);
        self.file.watch.read(self.hall.inside(), Cause::Asked).await;
        self.hall.settle().await;
    }

    fn notes(&self) -> Vec<String> {
        self.hall.inside().notes()
    }
}

/// A settings file on the disk.
pub(super) struct SettingsFile {
    folder: TempDir,
    watch: Watch,
}

impl SettingsFile {
    /// The file with which a hall was started.
    pub(super) fn of(hall: &Hall, rules: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guildhall.toml");
        fs::write(&path, hall.settings_with(&rules.concat())).unwrap();
        let settings = Settings::load_without_secrets(&path, &facts_of).unwrap();
        Self { folder, watch: Watch::new(&settings) }
    }

    /// The owner saves other rules, and asks the hall to read them.
    pub(super) async fn is_saved(&mut self, hall: &Hall, rules: &[String]) {
        self.write(hall, rules);
        self.watch.read(hall.inside(), Cause::Asked).await;
        hall.settle().await;
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("guildhall.toml")
    }

    /// The owner saves it.
    fn write(&self, hall: &Hall, rules: &[String]) {
        self.holds(hall.settings_with(&rules.concat()).as_bytes());
    }

    /// It holds these bytes, by whatever made them.
    fn holds(&self, bytes: &[u8]) {
        // Another file under the same name, as editors do: no two sights of it are the same.
        let beside = self.folder.path().join("new");
        fs::write(&beside, bytes).unwrap();
        fs::rename(beside, self.path()).unwrap();
    }

    /// The hall looks at it, as it does every two seconds.
    async fn is_looked_at(&mut self, hall: &Hall, times: usize) {
        for _ in 0..times {
            self.watch.look(hall.inside()).await;
        }
        hall.settle().await;
    }
}
