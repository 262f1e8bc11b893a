//! What is counted is given out, in both formats.

use domain::ids::GuildId;

use super::*;

fn counted() -> Metrics {
    let metrics = Metrics::default();
    let forum = SourceName::new("forum").unwrap();
    metrics.begin(&[&forum], &[GuildId(7)]);
    metrics.discord_answered("roles", Some(204));
    metrics.discord_answered("roles", None);
    metrics.discord_limited("user");
    metrics.source_answered(&forum, Some(429));
    metrics.followed(Duration::from_millis(1_500));
    metrics
}

#[test]
fn what_is_counted_is_given_out_with_its_unit_and_help() {
    let text = counted().text();
    for line in [
        "# TYPE guildhall_discord_requests counter",
        "guildhall_discord_requests_total{family=\"roles\",answer=\"2xx\"} 1",
        "guildhall_discord_requests_total{family=\"roles\",answer=\"none\"} 1",
        "guildhall_discord_limited_total{scope=\"user\"} 1",
        "guildhall_discord_limited_total{scope=\"global\"} 0",
        "guildhall_source_requests_total{source=\"forum\",answer=\"429\"} 1",
        "# UNIT guildhall_hint_to_write_seconds seconds",
        "guildhall_hint_to_write_seconds_bucket{le=\"1.0\"} 0",
        "guildhall_hint_to_write_seconds_bucket{le=\"2.5\"} 1",
        "guildhall_hint_to_write_seconds_sum 1.5",
        "guildhall_changes_total{kind=\"give_role\",guild=\"7\"} 0",
    ] {
        assert!(text.lines().any(|told| told == line), "{line} is not in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn a_reader_of_the_older_format_finds_counters_by_their_whole_name() {
    let text = plain(&counted().text());
    assert!(text.contains("# TYPE guildhall_discord_requests_total counter\n"), "{text}");
    assert!(text.contains("# HELP guildhall_discord_requests_total Requests to Discord.\n"), "{text}");
    assert!(text.contains("# TYPE guildhall_hint_to_write_seconds histogram\n"), "{text}");
    assert!(!text.contains("# EOF") && !text.contains("# UNIT"), "{text}");
}

#[test]
fn what_waits_is_counted_until_it_waits_no_more() {
    let metrics = Metrics::default();
    let (one, other) = (metrics.discord_waits(), metrics.discord_waits());
    assert!(metrics.text().contains("guildhall_discord_requests_waiting 2.0\n"), "{}", metrics.text());
    drop((one, other));
    assert!(metrics.text().contains("guildhall_discord_requests_waiting 0.0\n"));
}

#[test]
fn findings_are_those_of_the_last_look() {
    let metrics = Metrics::default();
    let missing = |role: &str| Finding::RoleMissing { role: role.to_owned() };
    metrics.found(GuildId(7), &[missing("Pilot"), missing("Cook"), Finding::GuildUnreadable]);
    let kinds = metrics.all_found().get(&GuildId(7)).cloned().unwrap();
    assert_eq!(kinds, BTreeMap::from([("role_missing".to_owned(), 2), ("guild_unreadable".to_owned(), 1)]));
    metrics.found(GuildId(7), &[]);
    assert!(metrics.all_found().get(&GuildId(7)).unwrap().is_empty());
}
