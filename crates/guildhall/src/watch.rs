//! The settings file while the hall runs: read anew when it changed or when asked to, and followed as far as that
//! goes without a restart.

mod sight;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use service::Hall;
use service::ports::Clock;
use service::rules::{Cause, Concern, Origin, RulesLost};
use tokio_util::sync::CancellationToken;

use self::sight::{Hangups, Sight};
use crate::commands::facts::facts_of;
use crate::settings::Settings;
use crate::settings::fixed::Fixed;
use crate::settings::owner::owner_of;
use crate::settings::problem::Problems;
use crate::wire;

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Where the rules of a settings file come from.
pub(crate) fn origin(file: &Path, cause: Cause, read_at: Timestamp) -> Origin {
    Origin { cause, owner: owner_of(file), read_at }
}

/// A settings file that a running hall follows.
#[derive(Debug)]
pub struct Watch {
    file: PathBuf,
    /// What the hall was started with, which holds until its end.
    fixed: Fixed,
    /// The sources that rules may name, in the order by which the hall knows them.
    sources: Vec<String>,
    hangups: Hangups,
    /// How the file looked when it was read last.
    read: Sight,
    /// How it looked since, once; it is read when it still looks so: somebody may be writing.
    unread: Option<Sight>,
}

/// What a reading gave: the settings, or what is wrong with them; `None` of a file that changed meanwhile.
type Reading = Option<Result<Settings, Problems>>;

impl Watch {
    /// Watches the file of the settings with which a hall was started.
    pub fn new(settings: &Settings) -> Self {
        Self {
            file: settings.file.clone(),
            fixed: settings.fixed.clone(),
            sources: names(settings),
            hangups: Hangups::new(),
            read: Sight::of(&settings.file),
            unread: None,
        }
    }

    /// Follows the file until told to stop: whenever it changes, and whenever the process gets SIGHUP.
    pub async fn follow(mut self, hall: Arc<Hall>, clock: Arc<dyn Clock>, stop: CancellationToken) {
        if self.read.is_stream() {
            tracing::info!(
                "the settings came from a stream, which is not read again: they hold until the end"
            );
            return stop.cancelled().await;
        }
        loop {
            let next = clock.now().after(LOOK_EVERY);
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.hangups.next() => self.read(&hall, Cause::Asked).await,
                () = clock.sleep_until(next) => self.look(&hall).await,
            }
        }
    }

    /// Looks at the file, and reads it when it has changed and stayed so since the last look.
    pub async fn look(&mut self, hall: &Hall) {
        let now = Sight::of(&self.file);
        if now == self.read || now.is_stream() {
            self.unread = None;
        } else if self.unread.as_ref() == Some(&now) {
            self.read(hall, Cause::FileChanged).await;
        } else {
            self.unread = Some(now);
        }
    }

    /// Reads the file now. Whatever is wrong with it is noted, and the rules stay as they were.
    pub async fn read(&mut self, hall: &Hall, cause: Cause) {
        let file = self.file.clone();
        let before = Sight::of(&file);
        let reading = tokio::task::spawn_blocking(move || read_whole(&file, &before)).await;
        // A file that is being written, and a reading that broke, come again with the next look.
        let Ok((sight, Some(reading))) = reading else { return };
        (self.read, self.unread) = (sight, None);
        match reading {
            Ok(settings) => self.take(hall, &settings, cause).await,
            Err(problems) => hall.note(Concern::SettingsUnusable, Some(unusable(&self.file, &problems))),
        }
    }

    async fn take(&mut self, hall: &Hall, settings: &Settings, cause: Cause) {
        hall.note(Concern::SettingsUnusable, None);
        let rules_wait = names(settings) != self.sources;
        hall.note(Concern::NeedsRestart, self.waiting(settings, rules_wait));
        if rules_wait {
            return;
        }
        let guilds = wire::seats(&settings.guilds);
        if let (Cause::FileChanged, Some(lost)) = (cause, hall.rules_lost(&guilds)) {
            return hall.note(Concern::SettingsUnusable, Some(cut_off(&lost)));
        }
        let origin = origin(&self.file, cause, hall.now());
        match hall.change_rules(guilds, origin).await {
            Ok(changed) if changed.is_empty() => {
                tracing::info!("the settings file was read anew; the rules are what they were");
            }
            // Whoever numbers new rules says so.
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "could not take the new rules over; trying again");
                self.read = Sight::Unread;
            }
        }
    }

    /// What takes effect at the next start only, as a sentence.
    fn waiting(&self, settings: &Settings, rules_wait: bool) -> Option<String> {
        let differing = self.fixed.differing(&settings.fixed);
        if differing.is_empty() && !rules_wait {
            return None;
        }
        let rules = if rules_wait { ", and so do the rules, since they may name other sources" } else { "" };
        Some(format!(
            "{} changed, and needs a restart to take effect{rules}: {}",
            self.file.display(),
            differing.join(", ")
        ))
    }
}

/// Reads a file that looked so before; how it looked behind, and what it says.
fn read_whole(file: &Path, before: &Sight) -> (Sight, Reading) {
    if before.is_stream() {
        return (before.clone(), None);
    }
    let reading = Settings::load_without_secrets(file, &facts_of);
    let behind = Sight::of(file);
    let same = behind == *before;
    (behind, same.then_some(reading))
}

fn cut_off(lost: &RulesLost) -> String {
    let RulesLost { guild, before, lost } = lost;
    format!(
        "the settings file lacks {lost} of the {before} rules of the server {guild}, as if it had been cut off while it \
         was saved, so the rules stay as they were: save the whole file again, or, if the rules are to go, send SIGHUP \
         to the hall or restart it"
    )
}

fn names(settings: &Settings) -> Vec<String> {
    settings.schema.sources.iter().map(|source| source.name.to_string()).collect()
}

/// The first problem in one line, and how many more there are.
fn unusable(file: &Path, problems: &Problems) -> String {
    let words = problems.list().first().map(|first| {
        let place = first.place.map(|place| format!(" line {place}")).unwrap_or_default();
        let key = if first.key.is_empty() { String::new() } else { format!(" {}", first.key) };
        // Whoever runs a hall has had a file, and needs no other.
        let remedy = if file.exists() { first.remedy.as_str() } else { "put your file back" };
        let at =
            if first.place.is_none() && key.is_empty() { " ".to_owned() } else { format!("{place}{key}: ") };
        format!("{at}{}; {remedy}", first.what)
    });
    let words = words.unwrap_or_default();
    let more = match problems.count() {
        0 | 1 => "`guildhall check` says so too".to_owned(),
        count => format!("{} more: `guildhall check` lists them", count - 1),
    };
    format!(
        "the settings file cannot be used as it is now, so the rules stay as they were:{}{} {more}",
        words,
        if words.ends_with('?') { "" } else { "." }
    )
}
