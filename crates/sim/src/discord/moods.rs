//! The gateway's moods: what a test makes it do to its clients.

use super::DiscordSim;
use super::gateway::Out;
use super::ids::Snowflake;
use super::refusal::Refusal;

impl DiscordSim {
    /// How often connections made from now on are asked for a heartbeat, in milliseconds of real time.
    pub fn set_heartbeat_ms(&self, every_ms: u64) {
        self.shared.act(|state| state.settings.heartbeat_ms = every_ms);
    }

    /// Whether heartbeats stay without an answer.
    pub fn silence_heartbeats(&self, silent: bool) {
        self.shared.act(|state| state.faults.silent_heartbeats = silent);
    }

    /// Every connection there is goes dead: it stays open, and nothing comes over it any more. New ones are
    /// well, and sessions can be resumed over them.
    pub fn freeze_gateway(&self) {
        self.to_all_sessions(&Out::Freeze);
    }

    /// Breaks every gateway connection without a word; sessions can be resumed.
    pub fn drop_gateway(&self) {
        self.to_all_sessions(&Out::Break);
    }

    /// Breaks every gateway connection and forgets the sessions, as an outage of hours does: who wants to
    /// resume one is told op 9.
    pub fn forget_sessions(&self) {
        self.drop_gateway();
        self.forget_all_sessions();
    }

    /// Tells every gateway client to reconnect (op 7).
    pub fn reconnect_gateway(&self) {
        self.to_all_sessions(&Out::Text(r#"{"t":null,"s":null,"op":7,"d":null}"#.into()));
    }

    /// Tells every gateway client that its session is invalid (op 9).
    pub fn invalidate_sessions(&self, resumable: bool) {
        self.to_all_sessions(&Out::Text(format!(r#"{{"t":null,"s":null,"op":9,"d":{resumable}}}"#).into()));
        if !resumable {
            self.forget_all_sessions();
        }
    }

    /// Closes every gateway connection with a code.
    pub fn close_gateway(&self, code: u16, reason: &'static str) {
        self.to_all_sessions(&Out::Close(code, reason));
    }

    /// The next so many events reach every client twice, word for word.
    pub fn repeat_events(&self, times: usize) {
        self.shared.act(|state| state.faults.repeated_events = times);
    }

    /// The next so many events are kept until the last of them happened, and then told last first. Sequence
    /// numbers rise all the same: it is what they tell that is out of order.
    pub fn reverse_events(&self, count: usize) {
        self.shared.act(|state| state.faults.reverse = count);
    }

    /// Tells of a member as if they had just joined (Discord docs: Guild Member Add "may also be sent for users
    /// who are already members").
    pub fn announce_member(&self, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| state.tell_join(guild, user))
    }

    /// How many sessions an application began in the last 24 hours.
    pub fn identifies(&self, application: Snowflake) -> usize {
        self.shared.read(|state| {
            state.applications.get(&application).map_or(0, |found| found.identified_at_ms.len())
        })
    }

    /// Leaves an application so many sessions to begin until 24 hours have passed.
    pub fn leave_identifies(&self, application: Snowflake, remaining: usize) {
        self.shared.act(|state| {
            let (now_ms, most) = (state.now_ms(), state.settings.identifies_a_day);
            if let Some(found) = state.applications.get_mut(&application) {
                found.identified_at_ms.resize(most.saturating_sub(remaining), now_ms);
            }
        });
    }

    fn to_all_sessions(&self, out: &Out) {
        self.shared.act(|state| state.sessions.all_mut().for_each(|session| session.send(out.clone())));
    }

    fn forget_all_sessions(&self) {
        self.shared.act(|state| {
            let all: Vec<String> = state.sessions.all().map(|session| session.id.clone()).collect();
            all.iter().for_each(|id| state.sessions.forget(id));
        });
    }
}
