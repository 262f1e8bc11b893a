//! Names that people think of, as nicknames.

use super::{SWEEP, harbor_with};
use crate::{forum_person, nickname};

stories! {
    async fn no_name_turns_text_around_pings_or_loops(engine) {
        let harbor = harbor_with(&engine, |forum| forum, &[nickname("{forum.name}")]).await;
        let discord = harbor.world.discord_sim();
        let emoji = "🦀".repeat(60);
        for (name, shown) in [
            ("Mira \u{202e}elaV", "Mira elaV"),
            (emoji.as_str(), &*"🦀".repeat(16)),
            ("@everyone", "@everyone"),
            ("**Mira** ||Vale||", "**Mira** ||Vale||"),
            ("M\u{200b}i\u{200d}ra\u{0}", "Mira"),
            ("  Mira   Vale  ", "Mira Vale"),
        ] {
            forum_person(&harbor.world, "mira").calls_themselves(name).unwrap();
            harbor.hall.settle().await;
            assert_eq!(harbor.mira.nickname().as_deref(), Some(shown), "{name:?}");
            discord.forget_calls();
            harbor.hall.passes(SWEEP).await;
            assert_eq!(harbor.writes(), 0, "{name:?} is written again and again");
        }
        harbor.world.transcript();
    }
}
