//! Acts upon people.

use sim::forum::{PersonSpec, ProfileChange, UserField};

use super::{FAR_MS, NOTHING, Row, Scene};

pub(super) const PEOPLE: &[Row] = &[
    (
        "user-create",
        NOTHING,
        |s| s.harbor.sim.create_user(PersonSpec::new("newcomer")).map(drop),
        &["user_created", "user_logged_in", "user_added_to_group", "user_confirmed_email"],
        None,
    ),
    (
        "user-create-not-active",
        NOTHING,
        |s| s.harbor.sim.create_user(PersonSpec { active: false, ..PersonSpec::new("sleeper") }).map(drop),
        &["user_added_to_group", "user_created"],
        None,
    ),
    (
        "user-create-staged",
        NOTHING,
        |s| s.harbor.sim.create_user(PersonSpec { staged: true, ..PersonSpec::new("mailer") }).map(drop),
        &["user_added_to_group", "user_created"],
        None,
    ),
    (
        "user-activate",
        |s| s.harbor.sim.deactivate(s.captain, s.mira),
        |s| s.harbor.sim.activate(s.captain, s.mira),
        &["user_confirmed_email"],
        Some("activate_user"),
    ),
    (
        "user-deactivate",
        NOTHING,
        |s| s.harbor.sim.deactivate(s.captain, s.mira),
        &[],
        Some("deactivate_user"),
    ),
    (
        "user-trust-level-up",
        NOTHING,
        |s| s.harbor.sim.set_trust_level(s.captain, s.mira, 3),
        &["user_promoted", "user_added_to_group"],
        Some("change_trust_level"),
    ),
    (
        "user-trust-level-down",
        NOTHING,
        |s| s.harbor.sim.set_trust_level(s.captain, s.mira, 0),
        &[],
        Some("change_trust_level"),
    ),
    (
        "user-trust-level-lock",
        NOTHING,
        |s| s.harbor.sim.lock_trust_level(s.captain, s.mira, true),
        &[],
        Some("lock_trust_level"),
    ),
    (
        "user-grant-moderation",
        NOTHING,
        |s| s.harbor.sim.grant_moderation(s.captain, s.mira),
        &["group_updated", "topic_created", "post_created"],
        Some("grant_moderation"),
    ),
    (
        "user-revoke-moderation",
        |s| s.harbor.sim.grant_moderation(s.captain, s.mira),
        |s| s.harbor.sim.revoke_moderation(s.captain, s.mira),
        &["group_updated"],
        Some("revoke_moderation"),
    ),
    (
        "user-revoke-admin",
        |s| s.harbor.sim.grant_admin(s.captain, s.mira),
        |s| s.harbor.sim.revoke_admin(s.captain, s.mira),
        &["group_updated"],
        Some("revoke_admin"),
    ),
    (
        "user-suspend",
        NOTHING,
        |s| s.harbor.sim.suspend(s.captain, s.mira, FAR_MS, "Loud"),
        &["user_logged_out"],
        Some("suspend_user"),
    ),
    (
        "user-unsuspend",
        |s| s.harbor.sim.suspend(s.captain, s.mira, FAR_MS, "Loud"),
        |s| s.harbor.sim.unsuspend(s.captain, s.mira),
        &[],
        Some("unsuspend_user"),
    ),
    (
        "user-silence",
        NOTHING,
        |s| s.harbor.sim.silence(s.captain, s.mira, None, "Loud"),
        &["topic_created", "post_created"],
        Some("silence_user"),
    ),
    (
        "user-unsilence",
        |s| s.harbor.sim.silence(s.captain, s.mira, None, "Loud"),
        |s| s.harbor.sim.unsilence(s.captain, s.mira),
        &["topic_created", "post_created"],
        Some("unsilence_user"),
    ),
    ("user-log-out", NOTHING, |s| s.harbor.sim.log_out(s.captain, s.mira), &["user_logged_out"], None),
    (
        "user-anonymize",
        NOTHING,
        |s| s.harbor.sim.anonymize(s.captain, s.mira).map(drop),
        &["user_updated"],
        Some("anonymize_user"),
    ),
    (
        "user-merge",
        |s| s.harbor.sim.create_user(PersonSpec::new("survivor")).map(drop),
        |s| {
            let survivor = s.harbor.sim.user_named("survivor").unwrap().id;
            s.harbor.sim.merge(s.captain, s.mira, survivor)
        },
        &["user_updated", "user_destroyed"],
        Some("merge_user"),
    ),
    (
        "user-destroy",
        NOTHING,
        |s| s.harbor.sim.destroy(s.captain, s.mira),
        &["user_destroyed"],
        Some("delete_user"),
    ),
    (
        "user-rename",
        NOTHING,
        |s| s.harbor.sim.rename(s.captain, s.mira, "mira_l"),
        &["user_updated"],
        Some("change_username"),
    ),
    (
        "user-title",
        NOTHING,
        |s| s.harbor.sim.set_title(s.captain, s.mira, "Old Salt"),
        &["user_updated"],
        None,
    ),
    (
        "user-name-and-bio",
        NOTHING,
        |s| s.harbor.sim.set_name(s.captain, s.mira, "Mira L."),
        &["user_updated"],
        Some("change_name"),
    ),
    (
        "user-name by herself",
        NOTHING,
        |s| s.harbor.sim.set_name(s.mira, s.mira, "Mira L."),
        &["user_updated"],
        None,
    ),
    (
        "user-field-set",
        |s| {
            question(s);
            Ok(())
        },
        |s| {
            let user_fields = [(1, "blue".to_owned())].into();
            s.harbor.sim.update_profile(
                s.captain,
                s.mira,
                &ProfileChange { user_fields, ..ProfileChange::default() },
            )
        },
        &["user_updated"],
        None,
    ),
    (
        "user-field-create",
        NOTHING,
        |s| {
            question(s);
            Ok(())
        },
        &[],
        None,
    ),
    (
        "user-primary-group",
        NOTHING,
        |s| s.harbor.sim.set_primary_group(s.captain, s.mira, Some(s.makers)),
        &[],
        None,
    ),
    ("a level that the nightly job takes", NOTHING, |s| s.harbor.sim.drift_to_level(s.mira, 1), &[], None),
];

fn question(scene: &Scene) {
    scene.harbor.sim.add_user_field(UserField {
        id: 0,
        name: "Colour".to_owned(),
        description: "Your colour".to_owned(),
        field_type: "text".to_owned(),
        editable: true,
        required: false,
        show_on_profile: false,
        show_on_user_card: false,
        options: Vec::new(),
    });
}
