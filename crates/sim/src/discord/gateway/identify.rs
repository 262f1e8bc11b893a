//! Identify (op 2) and resume (op 6).

use serde_json::Value;
use tokio::sync::mpsc;

use crate::discord::ids::Snowflake;
use crate::discord::state::State;

use super::{Out, Session, intent};

/// Sessions may be started so often, in milliseconds.
const IDENTIFY_EVERY_MS: i64 = 5_000;
/// The span of the identify budget, in milliseconds.
pub(in crate::discord) const IDENTIFY_BUDGET_MS: i64 = 86_400_000;

/// Why a connection is closed: `Discord docs: Gateway Close Event Codes`.
pub(super) type Close = (u16, &'static str);

/// What an identify or a resume leads to.
pub(super) enum Arrival {
    /// The session of that id listens on this connection now.
    Session(String),
    /// op 9: start again.
    Invalid,
}

pub(super) const AUTHENTICATION_FAILED: Close = (4004, "Authentication failed.");

impl State {
    pub(super) fn identify(&mut self, asked: &Value, line: mpsc::Sender<Out>) -> Result<Arrival, Close> {
        let token =
            asked.get("token").and_then(Value::as_str).ok_or((4002, "Error while decoding payload."))?;
        let application = self.by_token(token).ok_or(AUTHENTICATION_FAILED)?;
        let intents = asked.get("intents").and_then(Value::as_u64).ok_or((4013, "Invalid intent(s)."))?;
        if intents & !intent::KNOWN != 0 {
            return Err((4013, "Invalid intent(s)."));
        }
        let (bot, switched_on) = match self.applications.get(&application) {
            Some(found) => (found.bot, found.privileged_intents),
            None => return Err(AUTHENTICATION_FAILED),
        };
        if intents & intent::PRIVILEGED & !switched_on != 0 {
            return Err((4014, "Disallowed intent(s)."));
        }
        let shard = shard(asked.get("shard")).ok_or((4010, "Invalid shard."))?;
        if self.too_soon(application) {
            return Ok(Arrival::Invalid);
        }
        self.spend_identify(application)?;
        let mut session = Session::new(self.secrets.hex(), application, bot);
        session.intents = intents;
        session.shard = shard;
        session.large_threshold = large_threshold(asked.get("large_threshold"));
        session.line = Some(line);
        let id = session.id.clone();
        self.sessions.add(session);
        self.welcome(&id);
        Ok(Arrival::Session(id))
    }

    pub(super) fn resume(&mut self, asked: &Value, line: mpsc::Sender<Out>) -> Result<Arrival, Close> {
        let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
        let application = self.by_token(text("token")).ok_or(AUTHENTICATION_FAILED)?;
        let oldest_ms = self.now_ms() - self.settings.resumable_ms;
        self.sessions.forget_lost_before(oldest_ms);
        let sequence = asked.get("seq").and_then(Value::as_u64).unwrap_or(0);
        let found = self.sessions.get_mut(text("session_id"));
        let Some(session) = found.filter(|session| session.application == application) else {
            return Ok(Arrival::Invalid);
        };
        if sequence > session.sequence {
            return Err((4007, "Invalid seq."));
        }
        let Some(missed) = session.after(sequence) else { return Ok(Arrival::Invalid) };
        // A connection that is still there loses the session to the new one.
        session.send(Out::Break);
        session.line = Some(line);
        session.lost_at_ms = None;
        for text in missed {
            session.send(Out::Text(text));
        }
        session.dispatch("RESUMED", r#"{"_trace":["[\"simulated\"]"]}"#);
        Ok(Arrival::Session(session.id.clone()))
    }

    pub(in crate::discord) fn by_token(&self, token: &str) -> Option<Snowflake> {
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        let mut all = self.applications.values();
        all.find(|application| application.token.as_deref() == Some(token)).map(|found| found.id)
    }

    /// One identify in five seconds: `max_concurrency` is 1.
    fn too_soon(&mut self, application: Snowflake) -> bool {
        let now_ms = self.now_ms();
        let limits = &self.settings.limits;
        let every_ms = IDENTIFY_EVERY_MS / i64::from(limits.speed.max(1));
        let last_ms = self.sessions.identified_at_ms.insert(application, now_ms);
        limits.on && last_ms.is_some_and(|last_ms| (0..every_ms).contains(&(now_ms - last_ms)))
    }

    /// Who spends the whole day's budget gets a new token, and so is locked out.
    fn spend_identify(&mut self, application: Snowflake) -> Result<(), Close> {
        let (now_ms, most) = (self.now_ms(), self.settings.identifies_a_day);
        let Some(found) = self.applications.get_mut(&application) else { return Err(AUTHENTICATION_FAILED) };
        found.identified_at_ms.retain(|at_ms| now_ms - at_ms < IDENTIFY_BUDGET_MS);
        if found.identified_at_ms.len() >= most {
            found.token = None;
            return Err(AUTHENTICATION_FAILED);
        }
        found.identified_at_ms.push(now_ms);
        Ok(())
    }
}

fn shard(asked: Option<&Value>) -> Option<(u64, u64)> {
    let Some(asked) = asked.filter(|asked| !asked.is_null()) else { return Some((0, 1)) };
    let number = |index: usize| asked.get(index).and_then(Value::as_u64);
    let (this, all) = (number(0)?, number(1)?);
    (this < all).then_some((this, all))
}

fn large_threshold(asked: Option<&Value>) -> usize {
    let asked = asked.and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    asked.unwrap_or(50).clamp(50, 250)
}
