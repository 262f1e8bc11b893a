//! What an asker may do by what they hold.

use super::*;
use crate::tests::guild_with;

const MANAGE_ROLES: u64 = 1 << 28;
const MANAGE_GUILD: u64 = 1 << 5;

/// A guild with the roles 20, 21 and 22 from the bottom up; 21 holds the permissions.
fn guild(permissions: u64) -> Arc<GuildPicture> {
    guild_with(&[(10, 0), (20, 0), (21, permissions), (22, 0)])
}

fn holder(here: u64, in_guild: u64) -> Powers {
    Powers::new(UserId(8), Permissions(here), vec![RoleId(21)], Some(guild(in_guild)))
}

#[test]
fn a_permission_counts_only_where_it_holds_in_the_whole_server_and_here() {
    for (here, in_guild, may) in [
        (MANAGE_ROLES, MANAGE_ROLES, true),
        (MANAGE_ROLES, 0, false),
        (0, MANAGE_ROLES, false),
        (1 << 3, 1 << 3, true),
    ] {
        assert_eq!(holder(here, in_guild).manage_roles(), may, "{here} {in_guild}");
    }
}

#[test]
fn roles_are_written_by_whoever_manages_the_server_or_could_write_each_by_hand() {
    for (permissions, roles, may) in [
        (MANAGE_ROLES, &[20][..], true),
        (MANAGE_ROLES, &[20, 21], false),
        (MANAGE_ROLES, &[22], false),
        (MANAGE_ROLES, &[20, 99], true),
        (MANAGE_ROLES, &[], true),
        (MANAGE_GUILD, &[22], true),
        (0, &[20], false),
        (0, &[], false),
    ] {
        let roles: Vec<RoleId> = roles.iter().map(|role| RoleId(*role)).collect();
        assert_eq!(
            holder(permissions, permissions).may_write(&roles).is_ok(),
            may,
            "{permissions} {roles:?}"
        );
    }
}

#[test]
fn nobody_writes_roles_by_hand_in_a_server_that_is_not_seen() {
    let powers = Powers::new(UserId(8), Permissions(MANAGE_ROLES), vec![RoleId(21)], None);
    let refused = powers.may_write(&[RoleId(20)]).unwrap_err();
    assert_eq!(refused.to_string(), "The server cannot be seen at the moment. Try again in a minute.");
}
