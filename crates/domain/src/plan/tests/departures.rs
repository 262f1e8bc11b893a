//! What plans say of people who unlinked, and what is left to take back from them.

use super::*;

/// Mira left, and has these roles of what is to be taken back: Regular and Makers.
fn left_behind(held: &[u64]) -> Scene {
    let mut scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact);
    let roles = held.iter().copied().map(RoleId).collect();
    scene.entries.push(Entry { user: MIRA, roles, nickname: 0, bot: false, pending: false });
    scene.departures.push(departure(&[101, 102], None));
    scene
}

fn departure(roles: &[u64], nickname: Option<NicknameBack>) -> Departure {
    Departure { user: MIRA, roles: roles.iter().copied().map(RoleId).collect(), nickname, released: false }
}

fn back(became: &str, before: Option<&str>) -> Option<NicknameBack> {
    let before = before.map(str::to_owned);
    Some(NicknameBack { became: nickname::fingerprint(became), asked: None, before })
}

fn of(left: Option<Departure>, resumed: Option<Departure>) -> Option<Remainder> {
    Some(Remainder { left, resumed })
}

impl Scene {
    fn remainder(&self) -> Option<Remainder> {
        self.situated(|situation| remainder(situation, &self.departures[0]))
    }
}

#[test]
fn unlinking_takes_back_roles_and_gives_the_old_nickname_back_unless_it_was_changed_since() {
    let mut scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact);
    let written = nickname::fingerprint("Mira Lind");
    let roles = vec![RoleId(101), RoleId(102)];
    scene.entries.push(Entry { user: MIRA, roles, nickname: written, bot: false, pending: false });
    let nickname = Some(NicknameBack { became: written, asked: None, before: Some("Captain".to_owned()) });
    scene.departures.push(Departure {
        user: MIRA,
        roles: vec![RoleId(101), RoleId(103)],
        nickname,
        released: false,
    });
    check_plan(&scene, &["3 - Regular", "3 = Captain"]);
    scene.entries[0].nickname = nickname::fingerprint("Chosen since");
    check_plan(&scene, &["3 - Regular"]);
}

#[test]
fn whoever_links_again_is_judged_by_the_rules_not_by_what_was_to_be_taken_back() {
    let mut scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact).member(
        MIRA,
        &[101, 102],
        facts(int(2), Cell::Null),
    );
    scene.departures.push(Departure {
        user: MIRA,
        roles: vec![RoleId(101), RoleId(102)],
        nickname: None,
        released: false,
    });
    check_plan(&scene, &["3 - Makers"]);
}

#[test]
fn what_is_out_of_reach_is_a_finding_and_stays_to_be_taken_back() {
    let mut high = left_behind(&[101, 102]);
    high.guild.roles[3].position = 11;
    let too_high =
        "! Somebody who unlinked still has the role “Makers”: it stands above the hall's own role.";
    check_plan(&high, &["3 - Regular", too_high]);
    assert_eq!(high.remainder(), of(Some(departure(&[101, 102], None)), None));
    let mut owned = left_behind(&[101, 102]);
    owned.guild.roles[3].managed = true;
    check_plan(
        &owned,
        &[
            "3 - Regular",
            "! Somebody who unlinked still has the role “Makers”: it is owned by an integration, and Discord lets \
             nobody else take it.",
        ],
    );
    let mut forbidden = left_behind(&[102]);
    forbidden.guild.roles[1].permissions = 0;
    check_plan(
        &forbidden,
        &[
            "! The hall lacks the permission Manage Roles: roles can be neither given nor taken.",
            "! Somebody who unlinked still has the role “Makers”: the hall lacks the permission Manage Roles.",
        ],
    );
    assert_eq!(forbidden.remainder(), of(Some(departure(&[102], None)), None));
}

#[test]
fn a_role_that_came_to_carry_power_is_taken_back_all_the_same() {
    let mut scene = left_behind(&[102]);
    scene.guild.roles[3].permissions = 1 << 2;
    check_plan(&scene, &["3 - Makers"]);
}

#[test]
fn what_is_left_is_what_the_member_and_the_guild_still_have() {
    assert_eq!(left_behind(&[102]).remainder(), of(Some(departure(&[102], None)), None));
    assert_eq!(left_behind(&[]).remainder(), of(None, None));
    let mut deleted = left_behind(&[102]);
    deleted.guild.roles.remove(3);
    assert_eq!(deleted.remainder(), of(None, None));
    let mut gone = left_behind(&[102]);
    gone.entries.clear();
    assert_eq!(gone.remainder(), of(None, None));
    for completeness in [Completeness::Partial, Completeness::LinkedOnly] {
        gone.completeness = completeness;
        assert_eq!(gone.remainder(), None, "{completeness:?}: absence proves nothing");
    }
}

#[test]
fn a_nickname_that_cannot_be_given_back_stays_to_be_given_back() {
    let mut scene = Scene::new();
    let entry = Entry { user: MIRA, roles: vec![RoleId(103)], nickname: 0, bot: false, pending: false };
    scene.entries.push(entry);
    scene.entries[0].nickname = nickname::fingerprint("Mira Lind");
    scene.departures = vec![departure(&[], back("Mira Lind", Some("Captain")))];
    let cannot = "! The member 3, who unlinked, still has the nickname that the hall wrote: the hall cannot rename them.";
    check_plan(&scene, &[cannot]);
    let left = || Some(departure(&[], back("Mira Lind", Some("Captain"))));
    assert_eq!(scene.remainder(), of(left(), None));
    scene.entries[0].roles.clear();
    check_plan(&scene, &["3 = Captain"]);
    scene.guild.roles[1].permissions = Permissions::MANAGE_ROLES.0;
    check_plan(&scene, &[cannot]);
    assert_eq!(scene.remainder(), of(left(), None));
    scene.entries[0].nickname = nickname::fingerprint("Captain");
    assert_eq!(scene.remainder(), of(None, None));
}

#[test]
fn whoever_links_again_takes_up_what_the_rules_judge_and_their_nickname() {
    let scene = |level: Cell| {
        let mut scene = Scene::new().rule("Regular", "forum.trust_level >= 2", Mode::Exact).member(
            MIRA,
            &[101, 102],
            facts(level, Cell::Null),
        );
        scene.entries[0].nickname = nickname::fingerprint("Mira Lind");
        scene.departures.push(departure(&[101, 102], back("Mira Lind", None)));
        scene
    };
    let makers = departure(&[102], None);
    let regular = departure(&[101], back("Mira Lind", None));
    assert_eq!(scene(int(2)).remainder(), of(Some(makers), Some(regular)));
    let both = departure(&[101, 102], None);
    let nickname = departure(&[], back("Mira Lind", None));
    assert_eq!(scene(Cell::Unknown).remainder(), of(Some(both), Some(nickname)));
}

#[test]
fn of_two_departures_every_role_stays_and_the_earliest_nickname() {
    let cases = [
        (None, None, None),
        (back("Mira Lind", Some("Captain")), None, back("Mira Lind", Some("Captain"))),
        (None, back("Mira Lind", Some("Captain")), back("Mira Lind", Some("Captain"))),
        (back("Mira", Some("Captain")), back("Mira Lind", Some("Mira")), back("Mira Lind", Some("Captain"))),
        (back("Mira", None), back("Mira Lind", Some("Mira")), back("Mira Lind", None)),
    ];
    for (first, last, expected) in cases {
        let both = departure(&[101, 102], first).and(departure(&[102, 103], last));
        assert_eq!(both, departure(&[101, 102, 103], expected));
    }
}
