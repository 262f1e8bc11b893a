//! What members are told when a role is taken from them: by direct message where the owner wants that, never in
//! public.

use super::guarded::crewed;
use crate::bad_days::{Harbor, STAFF_LOG};
use crate::{Engine, forum_person, person};

/// A regular by trust level.
const REGULAR: &str = "[[guild.role]]\nrole = 'Regular'\nwhen = 'forum.trust_level >= 2'\n";
/// The owner wants members to be told.
const TOLD: &str = "[guild.tell]\nremovals = true\n";
/// The owner wants them not to be told.
const UNTOLD: &str = "[guild.tell]\nremovals = false\n";

/// A crew that read everything there was to read.
async fn reads(engine: &Engine, rules: &[&str]) -> Harbor {
    let harbor = crewed(engine, rules).await;
    assert_eq!(said_in_public(&harbor), 0);
    harbor
}

/// How often the hall said something where everybody reads it.
fn said_in_public(harbor: &Harbor) -> usize {
    harbor.world.discord_sim().posts(harbor.world.guild(), harbor.world.application()).len()
}

stories! {
    async fn whoever_loses_a_role_reads_which_and_why_by_direct_message_and_nobody_else_does(engine) {
        let harbor = reads(&engine, &[TOLD, REGULAR]).await;
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert!(!harbor.has("una", "Regular"));
        assert_told!(harbor.world.transcript(), @r"
        the hall takes Regular from una_d: Harbor: trust level 1 on forum
        the hall writes to una_d
          In Harbor you do not have the role Regular any more, because your trust level is 1. There, /why says more.
        ");
        assert_eq!(said_in_public(&harbor), 0);
    }

    async fn whoever_takes_no_direct_messages_loses_the_role_all_the_same_and_holds_up_nobody(engine) {
        let harbor = reads(&engine, &[TOLD, REGULAR]).await;
        harbor.world.discord_sim().close_dms(person(&harbor.world, "una_d").person.user(), true);
        for name in ["una", "ove"] {
            forum_person(&harbor.world, name).gets_level(1).unwrap();
            harbor.hall.passes(STAFF_LOG).await;
            assert!(!harbor.has(name, "Regular"));
        }
        assert_told!(harbor.world.transcript(), @r"
        the hall takes Regular from ove_d: Harbor: trust level 1 on forum
        the hall takes Regular from una_d: Harbor: trust level 1 on forum
        the hall writes to ove_d
          In Harbor you do not have the role Regular any more, because your trust level is 1. There, /why says more.
        ");
        assert_eq!(said_in_public(&harbor), 0);
        let dead = engine.count("select count(*) from jobs where kind = 'tell_member'").await;
        assert_eq!(dead, 0, "nobody is written to again and again");
    }

    async fn unless_the_owner_wants_it_nobody_is_told_that_a_role_was_taken(engine) {
        let harbor = reads(&engine, &[UNTOLD, REGULAR]).await;
        forum_person(&harbor.world, "una").gets_level(1).unwrap();
        harbor.hall.passes(STAFF_LOG).await;
        assert_told!(
            harbor.world.transcript(),
            @"the hall takes Regular from una_d: Harbor: trust level 1 on forum"
        );
        assert_eq!(said_in_public(&harbor), 0);
    }
}
