//! What buttons carry, who may press them, and what is asked before.

use std::sync::Arc;

use domain::plan::Permissions;
use domain::situation::GuildPicture;
use proptest::prelude::*;

use super::*;
use crate::tests::guild_with;

const MANAGE_ROLES: u64 = 1 << 28;
const MANAGE_GUILD: u64 = 1 << 5;
const ADMIN: RoleId = RoleId(22);

fn mine() -> Mine {
    let source = SourceName::new(&"f".repeat(SourceName::CHARS_MAX)).unwrap();
    Mine { user: UserId(u64::MAX), source, until: Timestamp(i64::MAX) }
}

/// One of each, as long as they get.
fn all() -> [(Press, &'static str); 13] {
    let (user, role, until) = (UserId(u64::MAX), RoleId(u64::MAX), Timestamp(i64::MIN));
    [
        (Press::AskUnlink(mine()), "unlink-ask:18446744073709551615:ffff"),
        (Press::Unlink(mine()), "unlink:18446744073709551615:ffff"),
        (Press::Stay(mine()), "stay:18446744073709551615:ffff"),
        (
            Press::Confirm { user, role, until },
            "confirm:18446744073709551615:18446744073709551615:-9223372036854775808",
        ),
        (Press::EndOverride { user: UserId(7), role: ADMIN, until: Timestamp(5) }, "end-override:7:22:5"),
        (Press::Plan { plan: 3, page: 12 }, "plan:3:12"),
        (Press::Apply { plan: 3 }, "apply:3"),
        (Press::Release { plan: 3 }, "release:3"),
        (Press::Undo { run: 3 }, "undo:3"),
        (Press::Keep { role: ADMIN }, "keep:22"),
        (Press::Remove { role: ADMIN }, "remove:22"),
        (Press::Overrides { user: None, page: 2 }, "overrides:0:2"),
        (Press::Overrides { user: Some(UserId(7)), page: 1 }, "overrides:7:1"),
    ]
}

#[test]
fn each_button_is_written_in_one_way_and_read_back() {
    for (press, id) in all() {
        assert!(press.id().starts_with(id) && press.id().len() <= ID_CHARS_MAX, "{}", press.id());
        assert_eq!(Press::read(&press.id()), Some(press));
    }
}

#[test]
fn what_no_button_carries_is_not_read() {
    for id in [
        "",
        "unlink",
        "unlink:7:forum",
        "unlink:7:forum:1:",
        "unlink:7:forum:+1",
        "unlink:07:forum:1",
        "unlink:7:Forum:1",
        "erase:7:forum:1",
        "unlink:-7:forum:1",
        " unlink:7:forum:1",
        "confirm:7:22",
        "confirm:7:022:5",
        "plan:3",
        "plan:3:+1",
        "plan:3:-1",
        "apply:",
        "apply:03",
        "apply:3:5",
        "undo:9223372036854775808",
        "keep:18446744073709551616",
        "Keep:22",
    ] {
        assert_eq!(Press::read(id), None, "{id}");
    }
}

proptest! {
    #[test]
    fn whatever_a_button_carries_it_is_read_back_or_refused(id in ".{0,120}|[a-z-]{4,12}(:[0-9a-z]{0,21}){0,4}") {
        if let Some(press) = Press::read(&id) {
            prop_assert_eq!(press.id(), id);
        }
    }
}

/// A guild in which role 20 may do this, and the dangerous role 22 stands between 20 and 23.
fn guild(may: u64) -> Arc<GuildPicture> {
    guild_with(&[(10, 0), (20, may), (22, 1 << 3), (23, may)])
}

fn powers(user: u64, roles: &[u64], may: u64) -> Powers {
    let roles = roles.iter().map(|role| RoleId(*role)).collect();
    Powers::new(UserId(user), Permissions(may), roles, Some(guild(may)))
}

#[test]
fn who_may_press_what() {
    let until = Timestamp(5);
    let confirm = Press::Confirm { user: UserId(7), role: ADMIN, until };
    let end = Press::EndOverride { user: UserId(7), role: ADMIN, until };
    let unlink = Press::Unlink(Mine { user: UserId(8), ..mine() });
    let (apply, keep) = (Press::Apply { plan: 3 }, Press::Keep { role: ADMIN });
    for (who, powers, may) in [
        ("anybody", powers(8, &[20], 0), [true, false, false, false, false]),
        ("somebody else", powers(9, &[20], 0), [false; 5]),
        ("a moderator below the role", powers(8, &[20], MANAGE_ROLES), [true, false, false, true, false]),
        ("a moderator above the role", powers(8, &[23], MANAGE_ROLES), [true, true, true, true, true]),
        ("somebody above without the permission", powers(8, &[23], 0), [true, false, false, false, false]),
        ("a manager of the server", powers(8, &[20], MANAGE_GUILD), [true, false, true, true, true]),
        (
            "the owner",
            Powers::new(UserId(1), Permissions(u64::MAX), Vec::new(), Some(guild(0))),
            [false, true, true, true, true],
        ),
    ] {
        let presses = [&unlink, &confirm, &end, &apply, &keep];
        let permitted = presses.map(|press| press.permit(&powers, Timestamp(5)).is_ok());
        assert_eq!(permitted, may, "{who}");
    }
}

#[test]
fn a_button_that_is_too_old_does_nothing() {
    let end = Press::EndOverride { user: UserId(7), role: ADMIN, until: Timestamp(5) };
    let moderator = powers(8, &[23], MANAGE_ROLES);
    assert!(end.permit(&moderator, Timestamp(5)).is_ok());
    let late = end.permit(&moderator, Timestamp(6)).unwrap_err();
    assert_eq!(late.to_string(), "This button is too old. Run the command again.");
}

#[test]
fn only_the_buttons_that_release_what_waits_ask_for_something_to_be_typed() {
    for (press, id) in all() {
        assert_eq!(press.form().is_some(), ["release:3", "remove:22"].contains(&id), "{id}");
    }
}
