//! Counting with values: checked, and unknown where 64 bits do not hold the answer.

use super::node::Arithmetic;
use super::value::Value;

/// Counts two values together. Null stays null; what cannot be counted is unknown.
pub(super) fn combine<'a>(arithmetic: Arithmetic, left: Value<'a>, right: Value<'a>) -> Value<'a> {
    use Arithmetic::{Add, Subtract};
    use Value::{Duration, Int, Null, Time, Unknown};
    let counted = match (left, arithmetic, right) {
        (Unknown, ..) | (_, _, Unknown) => None,
        (Null, ..) | (_, _, Null) => Some(Null),
        (Int(a), _, Int(b)) => numbers(arithmetic, a, b).map(Int),
        (Time(a), Subtract, Time(b)) => a.checked_sub(b).map(Duration),
        (Time(a), Add, Duration(b)) | (Duration(a), Add, Time(b)) => a.checked_add(b).map(Time),
        (Time(a), Subtract, Duration(b)) => a.checked_sub(b).map(Time),
        (Duration(a), Add, Duration(b)) => a.checked_add(b).map(Duration),
        (Duration(a), Subtract, Duration(b)) => a.checked_sub(b).map(Duration),
        _ => None,
    };
    counted.unwrap_or(Unknown)
}

/// The number with its sign turned.
pub(super) fn negate(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Int(number) => number.checked_neg().map_or(Value::Unknown, Value::Int),
        Value::Duration(length) => length.checked_neg().map_or(Value::Unknown, Value::Duration),
        Value::Null => Value::Null,
        _ => Value::Unknown,
    }
}

fn numbers(arithmetic: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match arithmetic {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => a.checked_rem(b),
    }
}
