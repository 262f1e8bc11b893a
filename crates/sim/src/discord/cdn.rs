//! Pictures: a small square for each user, drawn here.

use std::io::Write;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::secrets::fingerprint;

/// Pixels along one side.
const SIDE: u32 = 64;
/// Pixels along one side of a block of the pattern.
const BLOCK: u32 = 8;

/// `avatars/{user}/{hash}.png` or `embed/avatars/{n}.png`.
pub(super) fn picture(path: &str) -> Response {
    let name = path.trim_start_matches('/');
    let known = name.starts_with("avatars/") || name.starts_with("embed/avatars/");
    let drawn = name.strip_suffix(".png").filter(|_| known).and_then(|name| png(&fingerprint(name)));
    let lasts = "public, max-age=31536000";
    match drawn {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, lasts)], bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A PNG (W3C PNG, third edition) of true colour: a mirrored pattern in the colour that the seed says.
fn png(seed: &str) -> Option<Vec<u8>> {
    let seed = seed.as_bytes();
    let at = |index: u32| usize::try_from(index).ok().and_then(|index| seed.get(index % seed.len())).copied();
    let color = [at(0)?.wrapping_mul(5), at(1)?.wrapping_mul(7), at(2)?.wrapping_mul(3)];
    let mut rows = Vec::new();
    for y in 0..SIDE {
        rows.push(0);
        for x in 0..SIDE {
            let column = (x / BLOCK).min((SIDE - 1 - x) / BLOCK);
            let on = at(3 + column + y / BLOCK * 4)? & 1 == 1;
            rows.extend_from_slice(if on { &color } else { &[0xF2, 0xF3, 0xF5] });
        }
    }
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::fast());
    pixels.write_all(&rows).ok()?;
    let pixels = pixels.finish().ok()?;
    let mut header = Vec::new();
    header.extend_from_slice(&SIDE.to_be_bytes());
    header.extend_from_slice(&SIDE.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [(b"IHDR", header.as_slice()), (b"IDAT", &pixels), (b"IEND", &[])] {
        chunk(&mut file, name, data)?;
    }
    Some(file)
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) -> Option<()> {
    file.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(name);
    sum.update(data);
    file.extend_from_slice(name);
    file.extend_from_slice(data);
    file.extend_from_slice(&sum.sum().to_be_bytes());
    Some(())
}
