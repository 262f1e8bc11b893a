//! The ways in which the gateway packs what it says.

use flate2::{Decompress, FlushDecompress};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use zstd_safe::{DCtx, InBuffer, OutBuffer};

use crate::ear::Ear;
use crate::harbor::Harbor;

/// More than any frame of these tests unpacks to.
const FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;
/// All of a small guild, members too.
const EVERYTHING: u64 = 1 | 1 << 1 | 1 << 8;

/// Unpacks frames, one after the other.
trait Unpacks {
    fn unpack(&mut self, packed: &[u8]) -> Vec<u8>;
}

/// One zlib stream for a whole line.
impl Unpacks for Decompress {
    fn unpack(&mut self, packed: &[u8]) -> Vec<u8> {
        assert!(packed.ends_with(&[0, 0, 0xFF, 0xFF]), "each message ends in a flush");
        let mut plain = Vec::with_capacity(FRAME_BYTES_MAX);
        self.decompress_vec(packed, &mut plain, FlushDecompress::Sync).unwrap();
        plain
    }
}

/// One zstd stream for a whole line.
impl Unpacks for DCtx<'_> {
    fn unpack(&mut self, packed: &[u8]) -> Vec<u8> {
        let mut plain = Vec::with_capacity(FRAME_BYTES_MAX);
        let mut from = InBuffer::around(packed);
        while from.pos() < packed.len() {
            let written = plain.len();
            self.decompress_stream(&mut OutBuffer::around_pos(&mut plain, written), &mut from).unwrap();
        }
        plain
    }
}

/// What a client hears from its arrival to the guild in full, and how many of the frames were packed.
async fn hears(
    ear: &mut Ear,
    harbor: &Harbor,
    compress: bool,
    unpacks: &mut dyn Unpacks,
) -> (Vec<Value>, usize) {
    let identify = json!({ "token": harbor.token(), "intents": EVERYTHING, "large_threshold": 250,
        "compress": compress, "properties": {} });
    let (mut heard, mut packed): (Vec<Value>, usize) = (Vec::new(), 0);
    while heard.last().is_none_or(|frame| frame["t"] != "GUILD_CREATE") {
        let frame: Value = match ear.raw().await {
            Message::Binary(bytes) => {
                packed += 1;
                serde_json::from_slice(&unpacks.unpack(&bytes)).unwrap()
            }
            other => serde_json::from_str(other.to_text().unwrap()).unwrap(),
        };
        if frame["op"] == 10 {
            ear.say(2, identify.clone()).await;
        }
        heard.push(frame);
    }
    (heard, packed)
}

async fn crowd() -> Harbor {
    let harbor = Harbor::quiet().await;
    for number in 0..200 {
        let user = harbor.sim.create_user(&format!("member{number}"), Some("Ünïcode Näme 🚀"));
        harbor.sim.join(harbor.guild, user).unwrap();
    }
    harbor
}

fn is_whole(heard: &[Value]) {
    let names: Vec<_> = heard.iter().map(|frame| frame["t"].as_str().unwrap_or("HELLO")).collect();
    assert_eq!(names, ["HELLO", "READY", "GUILD_CREATE"]);
    assert_eq!(heard[2]["d"]["members"].as_array().unwrap().len(), 203);
}

#[tokio::test]
async fn a_zlib_stream_carries_every_frame_of_a_line() {
    let harbor = crowd().await;
    let mut ear = Ear::dial_with(&harbor.sim, "&compress=zlib-stream").await;
    let (heard, packed) = hears(&mut ear, &harbor, false, &mut Decompress::new(true)).await;
    is_whole(&heard);
    assert_eq!(packed, 3);
}

#[tokio::test]
async fn a_zstd_stream_carries_every_frame_of_a_line() {
    let harbor = crowd().await;
    let mut ear = Ear::dial_with(&harbor.sim, "&compress=zstd-stream").await;
    let (heard, packed) = hears(&mut ear, &harbor, false, &mut DCtx::create()).await;
    is_whole(&heard);
    assert_eq!(packed, 3);
}

/// Each frame by itself, not one stream.
struct Alone;

impl Unpacks for Alone {
    fn unpack(&mut self, packed: &[u8]) -> Vec<u8> {
        let mut plain = Vec::with_capacity(FRAME_BYTES_MAX);
        Decompress::new(true).decompress_vec(packed, &mut plain, FlushDecompress::Finish).unwrap();
        plain
    }
}

#[tokio::test]
async fn payload_compression_packs_each_large_frame_by_itself() {
    let harbor = crowd().await;
    let mut ear = Ear::dial_with(&harbor.sim, "").await;
    let (heard, packed) = hears(&mut ear, &harbor, true, &mut Alone).await;
    is_whole(&heard);
    assert!((1..=2).contains(&packed), "HELLO and what is small stay plain: {packed}");
}

#[tokio::test]
async fn a_packing_or_an_encoding_that_nobody_knows_is_refused() {
    let harbor = Harbor::quiet().await;
    for (query, code) in [("v=10&compress=brotli", 4002), ("v=10&encoding=etf", 4002), ("v=5", 4012)] {
        let address = format!("{}/?{query}", harbor.sim.gateway_url());
        assert_eq!(Ear::dial_at(&address).await.closed().await, code, "{query}");
    }
}
