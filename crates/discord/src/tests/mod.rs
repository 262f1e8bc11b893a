//! What the tests of this crate stand on: a clock that jumps, and a peer that says what it is told to say.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::ids::{GuildId, RoleId, UserId};
use domain::situation::{GuildPicture, GuildRole};
use domain::time::Timestamp;
use secrecy::SecretString;
use service::plans::PlanView;
use service::ports::{Clock, Guilds as _};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use crate::Discord;
use crate::settings::{Addresses, DiscordSettings};

/// A clock on which waiting is done at once: the moment jumps there.
#[derive(Debug, Default)]
pub(crate) struct JumpingClock(Mutex<i64>);

impl JumpingClock {
    /// Somebody turns the clock.
    pub(crate) fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = now.0;
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        Timestamp(*self.0.lock().unwrap())
    }

    async fn sleep_until(&self, moment: Timestamp) {
        tokio::task::yield_now().await;
        let mut now = self.0.lock().unwrap();
        *now = moment.0.max(*now);
    }
}

/// A plan with nothing in it.
pub(crate) fn empty_plan() -> PlanView {
    PlanView {
        plan: None,
        guild: GuildId(10),
        guild_name: "Harbor".to_owned(),
        revision: None,
        made_at: Timestamp(0),
        waits: Vec::new(),
        reasons: Vec::new(),
        held_before: Vec::new(),
        unconfirmed: Vec::new(),
        at_once: Vec::new(),
        findings: Vec::new(),
        takes: 0,
        gives: 0,
        renames: 0,
    }
}

/// A server that gives one scripted answer after the other and remembers what it was asked.
pub(crate) struct Peer {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Gives these answers, one for each connection, and then is gone.
    pub(crate) async fn saying(answers: &[String]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (answers, record) = (answers.to_vec(), asked.clone());
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !complete(&request) {
                    let mut bytes = [0; 4_096];
                    let count = stream.read(&mut bytes).await.unwrap();
                    assert!(count > 0, "the request broke off");
                    request.extend_from_slice(&bytes[..count]);
                }
                record.lock().unwrap().push(String::from_utf8(request).unwrap());
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { address, asked }
    }

    /// What it was asked, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// An answer of the peer.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

/// A Discord that has read guild 10 once, from the first answers, and whose peer then gives the others.
pub(crate) async fn refreshed(first: &[String], then: &[String]) -> (Peer, Discord) {
    let peer = Peer::saying(&[first, then].concat()).await;
    let discord =
        Discord::new(settings(&peer.address), Arc::new(JumpingClock::default()), service::Metrics::default())
            .unwrap();
    discord.refresh(GuildId(10)).await.unwrap();
    (peer, discord)
}

/// A guild with these roles: id, and what it permits, from the bottom up. Account 1 owns it, and 5 is the bot.
pub(crate) fn guild_with(roles: &[(u64, u64)]) -> Arc<GuildPicture> {
    let role = |((id, permissions), position): (&(u64, u64), i64)| GuildRole {
        id: RoleId(*id),
        name: String::new(),
        color: 0,
        position,
        managed: false,
        permissions: *permissions,
    };
    let roles = roles.iter().zip(0..).map(role).collect();
    let (id, name, owner, bot) = (GuildId(10), "Harbor".to_owned(), UserId(1), UserId(5));
    Arc::new(GuildPicture { id, name, owner, bot, bot_roles: Vec::new(), roles })
}

/// Settings for a Discord at an address.
pub(crate) fn settings(address: &str) -> DiscordSettings {
    let at = |path: &str| format!("{address}{path}").parse::<Url>().unwrap();
    DiscordSettings {
        token: SecretString::from("bot-token-secret"),
        application_id: 5,
        client_secret: SecretString::from("client-secret"),
        members_intent: true,
        addresses: Addresses {
            api: at("/api/v10"),
            gateway: "ws://127.0.0.1:1".parse().unwrap(),
            authorize: at("/oauth2/authorize"),
            token: at("/api/oauth2/token"),
            cdn: at("/cdn"),
        },
        project: "https://guildhall.example".parse().unwrap(),
        version: "0.1.0".to_owned(),
    }
}
