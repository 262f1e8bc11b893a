//! Lengths of time as CEL writes them: `720h`, `1h30m`, `-1.5s`.

/// Units, longer names first, with their milliseconds.
const UNITS: [(&str, i64); 4] = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

/// Why a text is not a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotDuration {
    /// It is not written as CEL writes one.
    Shape,
    /// It says days, weeks or years, which CEL does not know.
    Days,
    /// It is finer than a millisecond.
    Fine,
    /// It is too long for 64 bits of milliseconds.
    Large,
}

/// Reads a length of time into milliseconds.
pub(super) fn parse(text: &str) -> Result<i64, NotDuration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(NotDuration::Shape);
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let (part, after) = part(rest)?;
        total = total.checked_add(part).ok_or(NotDuration::Large)?;
        rest = after;
    }
    Ok(total * sign)
}

fn part(rest: &str) -> Result<(i64, &str), NotDuration> {
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(NotDuration::Shape);
    }
    if rest.starts_with(['d', 'w', 'y']) {
        return Err(NotDuration::Days);
    }
    if ["us", "µs", "μs", "ns"].iter().any(|unit| rest.starts_with(unit)) {
        return Err(NotDuration::Fine);
    }
    let unit = UNITS.iter().find_map(|(name, factor)| Some((*factor, rest.strip_prefix(name)?)));
    let (factor, rest) = unit.ok_or(NotDuration::Shape)?;
    let whole = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| NotDuration::Large)? };
    let whole: i64 = factor.checked_mul(whole).ok_or(NotDuration::Large)?;
    let milliseconds = whole.checked_add(share(fraction, factor)?).ok_or(NotDuration::Large)?;
    Ok((milliseconds, rest))
}

/// The milliseconds of the digits behind the point.
fn share(fraction: &str, factor: i64) -> Result<i64, NotDuration> {
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        return Ok(0);
    }
    let digits: i64 = fraction.parse().map_err(|_| NotDuration::Fine)?;
    let places = u32::try_from(fraction.len()).map_err(|_| NotDuration::Fine)?;
    let scale = 10_i64.checked_pow(places).ok_or(NotDuration::Fine)?;
    let product = digits.checked_mul(factor).ok_or(NotDuration::Fine)?;
    if product % scale == 0 { Ok(product / scale) } else { Err(NotDuration::Fine) }
}

fn digits(rest: &str) -> (&str, &str) {
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.split_at(length)
}

#[cfg(test)]
mod tests {
    use super::{NotDuration, parse};

    #[test]
    fn lengths_of_time_are_read_as_cel_writes_them() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("720h", Ok(2_592_000_000)),
            ("1h30m", Ok(5_400_000)),
            ("1.5s", Ok(1500)),
            (".5s", Ok(500)),
            ("-2m", Ok(-120_000)),
            ("+250ms", Ok(250)),
            ("0.250s", Ok(250)),
            ("", Err(NotDuration::Shape)),
            ("-", Err(NotDuration::Shape)),
            ("h", Err(NotDuration::Shape)),
            ("5", Err(NotDuration::Shape)),
            ("5 h", Err(NotDuration::Shape)),
            ("30d", Err(NotDuration::Days)),
            ("10us", Err(NotDuration::Fine)),
            ("0.0001s", Err(NotDuration::Fine)),
            ("99999999999999999999h", Err(NotDuration::Large)),
            ("9223372036854775807h", Err(NotDuration::Large)),
        ] {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }
}
