//! One gateway connection: hello, frames in, frames out, heartbeats, close codes.

use std::collections::VecDeque;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::discord::shared::Shared;

use super::Out;
use super::compress::Packer;
use super::identify::{Arrival, Close};

/// Frames that wait for a slow client before it is dropped.
const WAITING_MOST: usize = 100_000;
/// The largest frame a client may send, in bytes.
const FRAME_MOST_BYTES: usize = 4_096;
/// Frames that a client may send in a minute.
const FRAMES_A_MINUTE: usize = 120;

/// What the address said: `?v=10&encoding=json&compress=zlib-stream`.
#[derive(Clone, Debug, Default)]
pub(in crate::discord) struct Dial {
    pub(in crate::discord) version: Option<String>,
    pub(in crate::discord) encoding: Option<String>,
    pub(in crate::discord) compress: Option<String>,
}

/// Serves a connection until either side ends it.
pub(in crate::discord) async fn serve(mut socket: WebSocket, shared: Shared, dial: Dial) {
    let (line, mut outgoing) = mpsc::channel(WAITING_MOST);
    let packer = match accept(&dial) {
        Ok(packer) => packer,
        Err(close) => return end(&mut socket, close).await,
    };
    let beat_ms = shared.read(|state| state.settings.heartbeat_ms);
    let frames = VecDeque::new();
    let mut connection = Connection { shared, line, packer, session: None, frames, frozen: false };
    let hello = json!({ "t": null, "s": null, "op": 10,
        "d": { "heartbeat_interval": beat_ms, "_trace": ["[\"simulated\"]"] } });
    if connection.write(&mut socket, &hello.to_string()).await.is_err() {
        return;
    }
    // A client that misses a beat and a half is gone.
    let patience = Duration::from_millis(beat_ms + beat_ms / 2);
    let mut deadline = Instant::now() + patience;
    let how = loop {
        tokio::select! {
            incoming = socket.recv() => match connection.hear(incoming) {
                Ok(heartbeat) => if heartbeat { deadline = Instant::now() + patience },
                Err(how) => break how,
            },
            out = outgoing.recv() => match out {
                Some(Out::Text(text)) => if connection.write(&mut socket, &text).await.is_err() {
                    break End::Lost;
                },
                Some(Out::Close(code, reason)) => break End::Close((code, reason)),
                Some(Out::Freeze) => connection.frozen = true,
                Some(Out::Break) | None => break End::Broken,
            },
            () = tokio::time::sleep_until(deadline) => break End::Close((4009, "Session timed out.")),
        }
    };
    connection.finish(&mut socket, how).await;
}

fn accept(dial: &Dial) -> Result<Packer, Close> {
    if !matches!(dial.version.as_deref(), None | Some("9" | "10")) {
        return Err((4012, "Invalid API version."));
    }
    if !matches!(dial.encoding.as_deref(), None | Some("json")) {
        return Err((4002, "Only JSON is spoken here."));
    }
    Packer::named(dial.compress.as_deref()).ok_or((4002, "Unknown compression."))
}

/// How a connection ends.
enum End {
    /// We close it.
    Close(Close),
    /// The client closed it for good.
    Goodbye,
    /// It broke, or the client means to resume.
    Lost,
    /// We break it: nothing is said, and the session belongs to somebody else or waits.
    Broken,
}

struct Connection {
    shared: Shared,
    line: mpsc::Sender<Out>,
    packer: Packer,
    session: Option<String>,
    frames: VecDeque<Instant>,
    /// Whether nothing is written any more.
    frozen: bool,
}

impl Connection {
    /// Handles one frame; true when it was a heartbeat.
    fn hear(&mut self, incoming: Option<Result<Message, axum::Error>>) -> Result<bool, End> {
        let text = match incoming {
            Some(Ok(Message::Text(text))) => text.to_string(),
            Some(Ok(Message::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(false),
            Some(Ok(Message::Close(Some(frame)))) if matches!(frame.code, 1000 | 1001) => {
                return Err(End::Goodbye);
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Lost),
        };
        self.count_frame()?;
        if text.len() > FRAME_MOST_BYTES {
            return Err(End::Close((4002, "Error while decoding payload.")));
        }
        let frame: Value =
            serde_json::from_str(&text).map_err(|_| End::Close((4002, "Error while decoding payload.")))?;
        let data = frame.get("d").cloned().unwrap_or_default();
        match frame.get("op").and_then(Value::as_u64) {
            Some(1) => self.beat(&data),
            Some(2) => self.arrive(&data, false),
            Some(6) => self.arrive(&data, true),
            Some(3 | 4 | 31 | 43) => self.known().map(|_| false),
            Some(8) => self.known().map(|session| {
                self.shared.act(|state| state.request_members(&session, &data));
                false
            }),
            _ => Err(End::Close((4001, "Unknown opcode."))),
        }
    }

    fn count_frame(&mut self) -> Result<(), End> {
        let limits = self.shared.read(|state| state.settings.limits.clone());
        let minute = Duration::from_secs(60) / limits.speed.max(1);
        let now = Instant::now();
        self.frames.retain(|at| now.duration_since(*at) < minute);
        self.frames.push_back(now);
        match limits.on && self.frames.len() > FRAMES_A_MINUTE {
            true => Err(End::Close((4008, "Rate limited."))),
            false => Ok(()),
        }
    }

    fn known(&self) -> Result<String, End> {
        self.session.clone().ok_or(End::Close((4003, "Not authenticated.")))
    }

    fn beat(&mut self, sequence: &Value) -> Result<bool, End> {
        let session = self.session.clone().unwrap_or_default();
        let silent = self.shared.act(|state| {
            if let (Some(session), Some(sequence)) = (state.sessions.get_mut(&session), sequence.as_u64()) {
                session.heard = session.heard.max(sequence);
            }
            state.faults.silent_heartbeats
        });
        if !silent {
            self.say(&json!({ "t": null, "s": null, "op": 11, "d": null }))?;
        }
        Ok(true)
    }

    fn arrive(&mut self, asked: &Value, resumes: bool) -> Result<bool, End> {
        if self.session.is_some() {
            return Err(End::Close((4005, "Already authenticated.")));
        }
        let packs = asked.get("compress").and_then(Value::as_bool) == Some(true);
        if packs && matches!(self.packer, Packer::Plain) {
            self.packer = Packer::Payload;
        }
        let line = self.line.clone();
        let arrival = self.shared.act(|state| match resumes {
            true => state.resume(asked, line),
            false => state.identify(asked, line),
        });
        match arrival.map_err(End::Close)? {
            Arrival::Session(id) => self.session = Some(id),
            Arrival::Invalid => self.say(&json!({ "t": null, "s": null, "op": 9, "d": false }))?,
        }
        Ok(false)
    }

    /// Queued behind the events, so that the order on the wire is the order of what happened.
    fn say(&self, frame: &Value) -> Result<(), End> {
        self.line.try_send(Out::Text(frame.to_string().into())).map_err(|_| End::Lost)
    }

    async fn write(&mut self, socket: &mut WebSocket, text: &str) -> Result<(), axum::Error> {
        if self.frozen {
            return Ok(());
        }
        let message = match self.packer.pack(text) {
            Some(bytes) => Message::binary(bytes),
            None => Message::text(text),
        };
        socket.send(message).await
    }

    async fn finish(self, socket: &mut WebSocket, how: End) {
        let session = self.session.unwrap_or_default();
        // These codes end the session; after the others it can be resumed.
        let gone = match &how {
            End::Goodbye => true,
            End::Close((code, _)) => matches!(code, 1000 | 1001 | 4004 | 4007 | 4009..=4014),
            End::Lost | End::Broken => false,
        };
        self.shared.act(|state| {
            let now_ms = state.now_ms();
            let ours = |line: &mpsc::Sender<Out>| line.same_channel(&self.line);
            let Some(found) = state.sessions.get_mut(&session) else { return };
            if !found.line.as_ref().is_none_or(ours) {
                return;
            }
            found.line = None;
            found.lost_at_ms = Some(now_ms);
            if gone {
                state.sessions.forget(&session);
            }
        });
        if let End::Close(close) = how {
            end(socket, close).await;
        }
    }
}

async fn end(socket: &mut WebSocket, (code, reason): Close) {
    let frame = CloseFrame { code, reason: reason.into() };
    // The peer may be gone already; there is nobody to tell.
    drop(socket.send(Message::Close(Some(frame))).await);
    // Let the client read it before the connection goes.
    drop(tokio::time::timeout(Duration::from_millis(200), socket.recv()).await);
}
