//! Gateway sessions: a sequence of events that outlives the connection it was sent over.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::discord::ids::Snowflake;

/// Events that can be heard again after a resume; who missed more must identify anew.
const REPLAY_MOST: usize = 20_000;

/// What goes out over a connection.
#[derive(Clone, Debug)]
pub(in crate::discord) enum Out {
    Text(Arc<str>),
    Close(u16, &'static str),
    /// The connection breaks without a word.
    Break,
    /// The connection stays, and nothing comes over it any more.
    Freeze,
}

/// One session.
#[derive(Debug)]
pub(in crate::discord) struct Session {
    pub(in crate::discord) id: String,
    pub(in crate::discord) application: Snowflake,
    pub(in crate::discord) bot: Snowflake,
    pub(in crate::discord) intents: u64,
    /// Number of this shard, and how many there are.
    pub(in crate::discord) shard: (u64, u64),
    pub(in crate::discord) large_threshold: usize,
    /// The last sequence number sent.
    pub(in crate::discord) sequence: u64,
    /// The last one a heartbeat named.
    pub(in crate::discord) heard: u64,
    /// The connection, while there is one.
    pub(in crate::discord) line: Option<mpsc::Sender<Out>>,
    /// When the connection was lost, in milliseconds since 1970.
    pub(in crate::discord) lost_at_ms: Option<i64>,
    /// When the whole member list of a guild was asked for last.
    pub(in crate::discord) listed_at_ms: BTreeMap<Snowflake, i64>,
    replay: VecDeque<(u64, Arc<str>)>,
}

impl Session {
    pub(in crate::discord) fn new(id: String, application: Snowflake, bot: Snowflake) -> Self {
        Self {
            id,
            application,
            bot,
            intents: 0,
            shard: (0, 1),
            large_threshold: 50,
            sequence: 0,
            heard: 0,
            line: None,
            lost_at_ms: None,
            listed_at_ms: BTreeMap::new(),
            replay: VecDeque::new(),
        }
    }

    /// Whether the guild belongs to this shard.
    pub(in crate::discord) fn serves(&self, guild: Snowflake) -> bool {
        (guild.get() >> 22) % self.shard.1.max(1) == self.shard.0
    }

    /// Numbers an event, keeps it for a resume and sends it if there is a connection.
    pub(in crate::discord) fn dispatch(&mut self, name: &str, data: &str) {
        self.sequence += 1;
        let text: Arc<str> = format!(r#"{{"t":"{name}","s":{},"op":0,"d":{data}}}"#, self.sequence).into();
        if self.replay.len() == REPLAY_MOST {
            self.replay.pop_front();
        }
        self.replay.push_back((self.sequence, text.clone()));
        self.send(Out::Text(text));
    }

    /// Sends the last event once more, under the same number.
    pub(in crate::discord) fn repeat(&mut self) {
        if let Some((_, text)) = self.replay.back().cloned() {
            self.send(Out::Text(text));
        }
    }

    /// Sends something that is no event.
    pub(in crate::discord) fn send(&mut self, out: Out) {
        let sent = self.line.as_ref().map(|line| line.try_send(out));
        if let Some(Err(_)) = sent {
            self.line = None;
        }
    }

    /// The events after `sequence`; none when some of them are forgotten.
    pub(in crate::discord) fn after(&self, sequence: u64) -> Option<Vec<Arc<str>>> {
        let oldest = self.replay.front().map_or(self.sequence + 1, |(number, _)| *number);
        if sequence + 1 < oldest {
            return None;
        }
        let missed = self.replay.iter().filter(|(number, _)| *number > sequence);
        Some(missed.map(|(_, text)| text.clone()).collect())
    }
}

/// All sessions by id.
#[derive(Debug, Default)]
pub(in crate::discord) struct Sessions {
    by_id: BTreeMap<String, Session>,
    /// When each bot identified last, in milliseconds since 1970.
    pub(in crate::discord) identified_at_ms: BTreeMap<Snowflake, i64>,
}

impl Sessions {
    pub(in crate::discord) fn all(&self) -> impl Iterator<Item = &Session> {
        self.by_id.values()
    }

    pub(in crate::discord) fn all_mut(&mut self) -> impl Iterator<Item = &mut Session> {
        self.by_id.values_mut()
    }

    pub(in crate::discord) fn get_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.by_id.get_mut(id)
    }

    pub(in crate::discord) fn get(&self, id: &str) -> Option<&Session> {
        self.by_id.get(id)
    }

    pub(in crate::discord) fn add(&mut self, session: Session) {
        self.by_id.insert(session.id.clone(), session);
    }

    pub(in crate::discord) fn forget(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// Forgets sessions that were without a connection for too long.
    pub(in crate::discord) fn forget_lost_before(&mut self, moment_ms: i64) {
        self.by_id.retain(|_, session| session.lost_at_ms.is_none_or(|lost| lost >= moment_ms));
    }
}
