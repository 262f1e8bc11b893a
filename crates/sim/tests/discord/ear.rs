//! A gateway client of the simplest kind.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use sim::discord::DiscordSim;
use tokio_tungstenite::tungstenite::Message;

use crate::harbor::Harbor;

/// A gateway client of the simplest kind.
pub(crate) struct Ear(
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>,
);

impl Ear {
    pub(crate) async fn dial(sim: &DiscordSim) -> Self {
        let mut ear = Self::dial_with(sim, "").await;
        assert_eq!(ear.next().await["op"], 10);
        ear
    }

    /// A line whose address asks for more.
    pub(crate) async fn dial_with(sim: &DiscordSim, more: &str) -> Self {
        Self::dial_at(&format!("{}/?v=10&encoding=json{more}", sim.gateway_url())).await
    }

    pub(crate) async fn dial_at(address: &str) -> Self {
        let (socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
        Self(socket)
    }

    /// A line with a session over it; gives what READY said.
    pub(crate) async fn arrives(harbor: &Harbor, intents: u64) -> (Self, Value) {
        let mut ear = Self::dial(&harbor.sim).await;
        ear.say(2, json!({ "token": harbor.token(), "intents": intents, "properties": {} })).await;
        let ready = ear.event("READY").await;
        (ear, ready)
    }

    pub(crate) async fn say(&mut self, op: u64, data: Value) {
        self.0.send(Message::text(json!({ "op": op, "d": data }).to_string())).await.unwrap();
    }

    /// A frame as it is.
    pub(crate) async fn send(&mut self, frame: String) {
        self.0.send(Message::text(frame)).await.unwrap();
    }

    pub(crate) async fn raw(&mut self) -> Message {
        tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.unwrap().unwrap().unwrap()
    }

    pub(crate) async fn next(&mut self) -> Value {
        serde_json::from_str(self.raw().await.to_text().unwrap()).unwrap()
    }

    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["t"] == name {
                return frame;
            }
        }
    }

    pub(crate) async fn code(&mut self) -> u16 {
        match self.raw().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("not closed: {other}"),
        }
    }

    /// The code with which the line is closed, whatever comes before.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(Some(frame)) = self.raw().await {
                return frame.code.into();
            }
        }
    }
}
