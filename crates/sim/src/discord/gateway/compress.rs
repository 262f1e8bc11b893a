//! Transport compression: one stream for a whole connection, flushed after each message.

use flate2::{Compress, Compression, FlushCompress, Status};
use zstd_safe::zstd_sys::ZSTD_EndDirective;
use zstd_safe::{CCtx, InBuffer, OutBuffer};

/// Bytes by which an output buffer grows.
const STEP_BYTES: usize = 32 * 1024;

/// How a connection's messages are packed.
pub(super) enum Packer {
    /// As text.
    Plain,
    /// As text; but larger ones each as a zlib file of their own (identify's `compress`).
    Payload,
    Zlib(Box<Compress>),
    Zstd(Box<CCtx<'static>>),
}

impl Packer {
    /// By the name in the address; none when there is no such way.
    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("") => Some(Self::Plain),
            Some("zlib-stream") => Some(Self::Zlib(Box::new(Compress::new(Compression::fast(), true)))),
            Some("zstd-stream") => Some(Self::Zstd(Box::new(CCtx::create()))),
            Some(_) => None,
        }
    }

    /// The bytes of a binary frame, or none when the message goes out as text.
    pub(super) fn pack(&mut self, message: &str) -> Option<Vec<u8>> {
        match self {
            Self::Plain => None,
            Self::Payload if message.len() < 1024 => None,
            Self::Payload => {
                let mut stream = Compress::new(Compression::fast(), true);
                deflate(&mut stream, message.as_bytes(), FlushCompress::Finish)
            }
            Self::Zlib(stream) => deflate(stream, message.as_bytes(), FlushCompress::Sync),
            Self::Zstd(stream) => squeeze(stream, message.as_bytes()),
        }
    }
}

/// With `Sync` the output ends in `00 00 FF FF`, by which clients know that a message is whole.
fn deflate(stream: &mut Compress, input: &[u8], flush: FlushCompress) -> Option<Vec<u8>> {
    let mut output = Vec::with_capacity(STEP_BYTES);
    let before = stream.total_in();
    loop {
        let read = usize::try_from(stream.total_in() - before).ok()?;
        let rest = input.get(read..)?;
        let status = stream.compress_vec(rest, &mut output, flush).ok()?;
        let full = output.len() == output.capacity();
        if status == Status::StreamEnd || (rest.is_empty() && !full) {
            return Some(output);
        }
        // A buffer with room left means that everything was flushed.
        let read = usize::try_from(stream.total_in() - before).ok()?;
        if !full && read == input.len() && flush == FlushCompress::Sync {
            return Some(output);
        }
        output.reserve(STEP_BYTES);
    }
}

fn squeeze(stream: &mut CCtx<'static>, input: &[u8]) -> Option<Vec<u8>> {
    let mut output = Vec::with_capacity(STEP_BYTES);
    let mut from = InBuffer::around(input);
    loop {
        let written = output.len();
        let mut into = OutBuffer::around_pos(&mut output, written);
        let left = stream.compress_stream2(&mut into, &mut from, ZSTD_EndDirective::ZSTD_e_flush).ok()?;
        if left == 0 {
            return Some(output);
        }
        output.reserve(STEP_BYTES);
    }
}
