//! A small real PNG, one colour for each name. Follows the PNG specification (third edition), §5 and §11.2.

/// Width and height in pixels.
const SIDE: u32 = 8;

/// A square of one colour that depends on the seed alone.
pub(crate) fn png(seed: &str) -> Vec<u8> {
    let hash = crc(seed.as_bytes());
    let [red, green, blue, _] = hash.to_be_bytes();
    let mut rows = Vec::new();
    for _ in 0..SIDE {
        // Each row says first that it is not filtered.
        rows.extend([0]);
        rows.extend((0..SIDE).flat_map(|_| [red, green, blue]));
    }
    let mut header = Vec::new();
    header.extend(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    // Eight bits a channel, RGB, the only compression and filter there are, no interlace.
    header.extend([8, 2, 0, 0, 0]);
    let mut file = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &stored(&rows));
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or_default();
    file.extend(length.to_be_bytes());
    let mut body = kind.to_vec();
    body.extend(data);
    file.extend(&body);
    file.extend(crc(&body).to_be_bytes());
}

/// A zlib stream that stores its bytes as they are (RFC 1950, RFC 1951 §3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or_default();
    let mut stream = vec![0x78, 0x01, 0x01];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(bytes);
    stream.extend(adler(bytes).to_be_bytes());
    stream
}

fn adler(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn checksums_are_those_of_the_specification() {
        assert_eq!((super::crc(b"IEND"), super::adler(b"Wikipedia")), (0xae42_6082, 0x11e6_0398));
    }
}
