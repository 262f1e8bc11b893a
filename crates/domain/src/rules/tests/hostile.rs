//! Texts from anywhere: refused or answered, never a panic.

use proptest::prelude::*;

use super::*;

fn checked_and_asked(text: &str) {
    match check(text, &schema()) {
        Ok(condition) => {
            let somebody = person(&[("forum.title", Cell::Null), ("forum.trust_level", Cell::Int(i64::MIN))]);
            let truth = condition.evaluate(&somebody, &bindings(), NOW);
            let explanation = condition.explain(&somebody, &bindings(), NOW, &schema());
            assert_eq!(explanation.truth, truth, "{text}");
            assert!(explanation.reasons.len() <= super::super::REASONS_MAX, "{text}");
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "{text}");
            for mistake in mistakes {
                assert!(text.get(mistake.span.clone()).is_some(), "{text}: {mistake:?} lies outside");
                assert!(!mistake.what.is_empty() && !mistake.remedy.is_empty(), "{text}: {mistake:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered_or_refused(text in any::<String>()) {
        checked_and_asked(&text);
    }

    #[test]
    fn any_heap_of_words_of_the_language_is_answered_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "forum.title", "forum.trust_level", "forum.groups", "forum.admin", "forum.joined_at", "now", "true",
            "null", "1", "-9223372036854775807", "\"x\"", "'", "\"", "\\", "(", ")", "[", "]", ",", ".", "?", ":",
            "&&", "||", "!", "==", "!=", "<", ">=", "in", "+", "-", "*", "/", "%", "size(", "has(", "matches(",
            ".startsWith(", "duration(\"1h\")", "timestamp(\"2026-01-01T00:00:00Z\")", "and", "=", "é", "//",
        ]), 0..40)
    ) {
        checked_and_asked(&words.join(" "));
        checked_and_asked(&words.concat());
    }
}
