//! The handle to a simulated forum: starts it, acts in it, looks at it.

mod acting;
mod hooks;
mod writing;

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::net::TcpListener;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::acts::account::PersonSpec;
use super::calls::Call;
use super::faults::FaultRule;
use super::groups::{Group, GroupId};
use super::keys::ApiKey;
use super::limits::LimitSettings;
use super::people::{Person, PersonId};
use super::settings::ForumSettings;
use super::staff_log::LogEntry;
use super::state::{Change, Forum};
use super::{Shared, deliver, server};
use crate::clock::Clock;

/// A running forum. Clones are handles to the same one; it stops when the last is dropped.
#[derive(Clone, Debug)]
pub struct ForumSim {
    shared: Arc<Shared>,
    _stops_with_the_last: Option<Arc<DropGuard>>,
}

impl ForumSim {
    /// Starts a forum on 127.0.0.1 with one admin and two keys. Fails when the port is taken.
    pub async fn start(settings: ForumSettings, clock: Clock) -> io::Result<ForumSim> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await?;
        let port = listener.local_addr()?.port();
        let base_url = match settings.https {
            true => format!("https://{}", settings.host),
            false => format!("http://{}:{port}", settings.host),
        };
        let (outgoing, waiting) = mpsc::unbounded_channel();
        let (api_key, read_key) = (settings.api_key.clone(), settings.read_key.clone());
        let admin = settings.admin.clone();
        let mut forum = Forum::new(settings, clock, base_url, outgoing);
        let now_ms = forum.now_ms();
        forum.keys.add(ApiKey::global(&api_key, "everything", now_ms));
        forum.keys.add(ApiKey::global(&read_key, "read only", now_ms).read_only());
        let spec = PersonSpec { admin: true, trust_level: 4, ..PersonSpec::new(&admin) };
        forum.create_person(spec).map_err(io::Error::other)?;
        let stop = CancellationToken::new();
        let shared = Arc::new(Shared { forum: Mutex::new(forum), stop: stop.clone() });
        tokio::spawn(server::run(shared.clone(), listener));
        tokio::spawn(deliver::run(shared.clone(), waiting));
        Ok(ForumSim { shared, _stops_with_the_last: Some(Arc::new(stop.drop_guard())) })
    }

    /// A handle that does not keep the forum running.
    pub(in crate::forum) fn over(shared: Arc<Shared>) -> ForumSim {
        ForumSim { shared, _stops_with_the_last: None }
    }

    pub(in crate::forum) fn forum(&self) -> MutexGuard<'_, Forum> {
        self.shared.forum()
    }
}

/// Addresses and secrets.
impl ForumSim {
    /// Where the forum is, without a slash at the end (`http://127.0.0.1:4000`).
    pub fn url(&self) -> String {
        self.forum().base_url.clone()
    }

    /// The key that may do everything.
    pub fn api_key(&self) -> String {
        self.forum().settings.api_key.clone()
    }

    /// The key that may read everything.
    pub fn read_key(&self) -> String {
        self.forum().settings.read_key.clone()
    }

    /// The name of the admin in whose name the keys are used.
    pub fn admin_name(&self) -> String {
        self.forum().settings.admin.clone()
    }

    /// The number of that admin.
    pub fn admin(&self) -> PersonId {
        let forum = self.forum();
        forum.people.named(&forum.settings.admin).map(|person| person.id).unwrap_or_default()
    }

    /// The first secret of the DiscourseConnect provider.
    pub fn connect_secret(&self) -> String {
        self.forum().settings.connect_secrets.first().map(|(_, secret)| secret.clone()).unwrap_or_default()
    }

    /// The settings as they are now.
    pub fn settings(&self) -> ForumSettings {
        self.forum().settings.clone()
    }

    /// Changes settings while it runs: `login_required`, `connect_enabled`, `connect_secrets`, `version`, …
    pub fn set(&self, change: impl FnOnce(&mut ForumSettings)) {
        change(&mut self.forum().settings);
    }

    /// Read-only mode on or off.
    pub fn set_read_only(&self, read_only: bool) {
        self.forum().read_only = read_only;
    }

    /// Forgets what addresses asked so far: their budgets are whole again.
    pub fn forget_addresses(&self) {
        self.forum().limits.forget_addresses();
    }

    /// New budgets, from the next call on.
    pub fn set_limits(&self, limits: LimitSettings) {
        self.forum().limits.settings = limits;
    }
}

/// Keys.
impl ForumSim {
    /// Adds a key and says its number. `only` narrows it to one person, `scopes` to rights.
    pub fn add_key(&self, key: ApiKey) -> i64 {
        self.forum().keys.add(key)
    }

    /// Takes a key back; callers are told so from the next call on.
    pub fn revoke_key(&self, secret: &str) {
        let mut forum = self.forum();
        let now_ms = forum.now_ms();
        let id = forum.keys.with_secret(secret).map(|key| key.id);
        if let Some(key) = id.and_then(|id| forum.keys.get_mut(id)) {
            key.revoked_at_ms = Some(now_ms);
        }
    }
}

/// Looking at it.
impl ForumSim {
    /// Method and path of every route there is, such as `("GET", "/u/{username}")`, without `.json`.
    pub fn routes() -> Vec<(&'static str, String)> {
        super::routes::names().collect()
    }

    /// A person by number.
    pub fn user(&self, id: PersonId) -> Option<Person> {
        self.forum().person(id).cloned()
    }

    /// A person by name, without regard to case.
    pub fn user_named(&self, username: &str) -> Option<Person> {
        self.forum().people.named(username).cloned()
    }

    /// Everybody but the machines, oldest account first.
    pub fn users(&self) -> Vec<Person> {
        let forum = self.forum();
        let all = forum.people.by_creation(super::people::List::Everybody);
        all.filter(|person| !person.is_machine()).cloned().collect()
    }

    /// A group by number.
    pub fn group(&self, id: GroupId) -> Option<Group> {
        self.forum().groups.get(id).cloned()
    }

    /// A group by name, without regard to case.
    pub fn group_named(&self, name: &str) -> Option<Group> {
        self.forum().groups.named(name).cloned()
    }

    /// The members of a group in the order of its page.
    pub fn members(&self, id: GroupId) -> Vec<PersonId> {
        self.forum().ordered_members(id)
    }

    /// The staff log, newest line first.
    pub fn staff_log(&self) -> Vec<LogEntry> {
        self.forum().staff_log.newest().cloned().collect()
    }

    /// Every call so far, oldest first (the newest 100,000).
    pub fn calls(&self) -> Vec<Call> {
        self.forum().calls.iter().cloned().collect()
    }

    /// Forgets the calls so far; their numbers go on.
    pub fn forget_calls(&self) {
        self.forum().calls.clear();
    }

    /// What changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.forum().changes.subscribe()
    }
}

/// What goes wrong.
impl ForumSim {
    /// Lets something go wrong with calls to come.
    pub fn fault(&self, rule: FaultRule) {
        self.forum().faults.add(rule);
    }

    /// No more faults.
    pub fn clear_faults(&self) {
        self.forum().faults.clear();
    }
}
