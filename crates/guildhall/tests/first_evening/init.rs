//! `guildhall init`, as an owner goes through it.

use std::path::PathBuf;

use sim::cast::{Harbor, Mooring};
use sim::forum::{ForumSim, ProfileChange};

use crate::town::{Town, free_port};
use crate::typist::Typist;

/// A Discord and a forum in which nothing was prepared for a hall, and a folder in which nothing stands but where
/// they are.
pub(crate) struct Evening {
    pub(crate) harbor: Harbor,
    _folder: tempfile::TempDir,
    pub(crate) settings: PathBuf,
    pub(crate) hall: String,
    listen: String,
}

impl Evening {
    pub(crate) async fn begins() -> Self {
        let harbor = Harbor::start(Mooring { generous: true, ..Mooring::default() }).await.unwrap();
        harbor.forum.set(|settings| settings.connect_enabled = false);
        let discord = &harbor.discord;
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("guildhall.toml");
        let text = format!(
            "[discord]\napi_address = '{}'\ngateway_address = '{}'\nauthorize_address = '{}'\ntoken_address = '{}'\n\
             cdn_address = '{}'\n",
            discord.api_url(),
            discord.gateway_url(),
            discord.authorize_url(),
            discord.token_url(),
            discord.cdn_url(),
        );
        std::fs::write(&settings, text).unwrap();
        let listen = format!("127.0.0.1:{}", free_port());
        Self { harbor, _folder: folder, settings, hall: format!("http://{listen}"), listen }
    }

    fn token(&self) -> String {
        self.harbor.discord.bot_token(self.harbor.application).unwrap()
    }

    fn client_secret(&self) -> String {
        self.harbor.discord.client_secret(self.harbor.application).unwrap()
    }

    /// What an owner does in the forum's settings with a secret they were shown.
    fn proves_accounts(&self, shown: &str) {
        let secret = shown.lines().find_map(|line| line.trim().strip_prefix("secret   ")).unwrap().to_owned();
        let host = shown.lines().find_map(|line| line.trim().strip_prefix("domain   ")).unwrap().to_owned();
        let secrets = vec![(host, secret)];
        self.harbor
            .forum
            .set(|settings| (settings.connect_enabled, settings.connect_secrets) = (true, secrets));
    }

    /// Each step is chosen by its number, or by Enter.
    pub(crate) async fn answers_the_hall(&self, step: &str, owner: &mut Typist) {
        owner.chooses(step).await;
        owner.answers("https:// included: ", &self.hall).await;
        owner.answers("[127.0.0.1:8080]: ", &self.listen).await;
        owner.reads("leads here").await;
    }

    pub(crate) async fn answers_discord(&self, steps: [&str; 3], owner: &mut Typist) {
        owner.chooses(steps[0]).await;
        owner.answers("The bot token", &self.token()).await;
        owner.reads("the bot is Guildhall").await;
        owner.chooses(steps[1]).await;
        let shown = owner.answers("The client secret", &self.client_secret()).await;
        let redirect = format!("{}/link/discord", self.hall);
        assert!(shown.contains(&format!("\n     {redirect}\n")), "{shown}");
        owner.reads("BROKEN  redirect address").await;
        self.harbor.discord.add_redirect(self.harbor.application, &redirect).unwrap();
        owner.answers("Enter to look again", "").await;
        owner.reads("is registered").await;
        owner.chooses(steps[2]).await;
        owner.answers("(Enter looks again): ", "1").await;
        owner.reads("The bot is in Harbor.").await;
    }

    pub(crate) async fn answers_the_forum(&self, steps: [&str; 3], owner: &mut Typist, key: &str) {
        owner.chooses(steps[0]).await;
        owner.answers("as in your browser: ", &self.harbor.forum.url()).await;
        owner.reads("Harbor answers.").await;
        owner.chooses(steps[1]).await;
        owner.answers("The API key", key).await;
        owner.reads("It can read one person").await;
        owner.chooses(steps[2]).await;
        let shown = owner.reads("Enter when both are saved: ").await;
        self.proves_accounts(&shown);
        owner.types("").await;
        owner.reads("people can prove their accounts").await;
    }
}

pub(crate) fn saves_their_profile(forum: &ForumSim) {
    let admin = forum.admin();
    let change = ProfileChange { title: Some("Keeper".to_owned()), ..ProfileChange::default() };
    forum.update_profile(admin, admin, &change).unwrap();
}

#[tokio::test]
async fn an_evening_from_nothing_to_a_hall_in_order() {
    let evening = Evening::begins().await;
    let mut owner = Typist::runs("init", &evening.settings);
    evening.answers_the_hall("1", &mut owner).await;
    evening.answers_discord(["2", "3", "4"], &mut owner).await;
    evening.answers_the_forum(["5", "6", "7"], &mut owner, &evening.harbor.forum.api_key()).await;
    owner.chooses("8").await;
    owner.reads("The forum has it now, with its kinds of events named.").await;
    owner.reads("Enter stops the waiting.").await;
    saves_their_profile(&evening.harbor.forum);
    owner.reads("A real event came and was taken.").await;
    owner.chooses("9").await;
    let shown = owner.answers("b to take the last one back: ", "7").await;
    assert!(shown.contains("    7  trust level 4\n"), "{shown}");
    let shown = owner.answers("Enter for none: ", "2").await;
    assert!(shown.contains("    2  Leader\n"), "{shown}");
    let shown = owner.answers("b to take the last one back: ", "b").await;
    assert!(shown.contains("  Leader: trust level 4\n"), "{shown}");
    let shown = owner.answers("b to take the last one back: ", "b").await;
    assert!(shown.contains("Taken back: Leader for trust level 4."), "{shown}");
    let shown = owner.answers("b to take the last one back: ", "99").await;
    assert!(shown.contains("There is nothing to take back."), "{shown}");
    let shown = owner.answers("b to take the last one back: ", "7").await;
    assert!(shown.contains("Type a number from 1 to "), "{shown}");
    owner.answers("Enter for none: ", "2").await;
    owner.answers("b to take the last one back: ", "7").await;
    let shown = owner.answers("Enter for none: ", "").await;
    assert!(shown.contains("    2  Leader (now for trust level 4; then for either)\n"), "{shown}");
    owner.answers("b to take the last one back: ", "").await;
    owner.chooses("10").await;
    owner.answers("Its number: ", "3").await;
    let menu = owner.chooses("f").await;
    assert_eq!(menu.matches("done").count(), 10, "{menu}");
    let told = owner.reads("let the hall run").await;
    let plan = told.split_once("The first plan: ").unwrap().1;
    assert!(plan.contains("The server Harbor ("), "{plan}");
    assert!(plan.contains("by revision 1 of its rules"), "{plan}");
    assert!(plan.contains("Everything is as the rules say: nothing would change."), "{plan}");
    let again = format!("guildhall plan --settings {}", evening.settings.display());
    assert!(plan.contains(&again), "{plan}");
    assert!(plan.contains("View Audit Log") && !plan.contains("Send Messages"), "{plan}");
    owner.leaves().await;

    let text = std::fs::read_to_string(&evening.settings).unwrap();
    assert!(text.contains("\n# Where people reach the hall with their browsers.\n"), "{text}");
    assert!(text.contains("\nwhen = \"forum.trust_level == 4\"\n"), "{text}");
    for secret in [evening.token(), evening.client_secret(), evening.harbor.forum.api_key()] {
        assert!(!text.contains(&secret), "{text}");
    }
    let checked = std::process::Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .args(["check", "--settings"])
        .arg(&evening.settings)
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test]
async fn who_goes_on_with_something_broken_is_told_how_to_see_the_plan_later() {
    let evening = Evening::begins().await;
    let mut owner = Typist::runs("init", &evening.settings);
    evening.answers_the_hall("1", &mut owner).await;
    evening.answers_discord(["2", "3", "4"], &mut owner).await;
    evening.answers_the_forum(["5", "6", "7"], &mut owner, &evening.harbor.forum.api_key()).await;
    owner.chooses("8").await;
    owner.reads("Enter stops the waiting.").await;
    saves_their_profile(&evening.harbor.forum);
    owner.reads("A real event came and was taken.").await;
    owner.chooses("9").await;
    owner.answers("b to take the last one back: ", "7").await;
    owner.answers("Enter for none: ", "2").await;
    owner.answers("b to take the last one back: ", "").await;
    let (discord, guild) = (&evening.harbor.discord, evening.harbor.guild);
    discord.leave(guild, evening.harbor.application).unwrap();
    owner.chooses("f").await;
    owner.answers("d is done all the same: ", "d").await;
    let told = owner.reads("let the hall run").await;
    let plan = format!("    guildhall plan --settings {}\n", evening.settings.display());
    assert!(told.contains(&plan) && !told.contains("nothing would change"), "{told}");
    assert!(!told.contains("The first plan: "), "{told}");
    owner.leaves().await;
}

#[cfg(unix)]
#[tokio::test]
async fn who_leaves_finds_every_answer_again_and_secrets_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let evening = Evening::begins().await;
    let mut owner = Typist::runs("init", &evening.settings);
    evening.answers_the_hall("1", &mut owner).await;
    owner.chooses("2").await;
    owner.answers("The bot token", "this is no token").await;
    owner.reads("BROKEN  bot token: Discord does not accept it.").await;
    owner.answers("The bot token", &evening.token()).await;
    owner.reads("the bot is Guildhall").await;
    let said = owner.leaves().await;
    assert!(said.contains("What you answered is kept in"), "{said}");

    let secret = evening.settings.with_file_name("secrets").join("discord_bot_token");
    assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(&secret).unwrap().trim(), evening.token());

    let mut owner = Typist::runs("init", &evening.settings);
    let menu = owner.reads("q to leave: ").await;
    assert!(menu.contains("Looking at what you answered before …"), "{menu}");
    assert!(menu.contains(&format!("  1  done      The hall's address: {}\n", evening.hall)), "{menu}");
    assert!(menu.contains("  2  done      The Discord bot: application "), "{menu}");
    assert!(menu.contains("  3  to do     Signing in with Discord\n"), "{menu}");
    // A wrong one in its place is not kept.
    owner.types("2").await;
    owner.answers("The bot token", "this is no token").await;
    owner.reads("Discord does not accept it.").await;
    owner.answers("The bot token", "").await;
    owner.reads("the bot is Guildhall").await;
    assert_eq!(std::fs::read_to_string(&secret).unwrap().trim(), evening.token());
    owner.chooses("f").await;
    let missing = owner.reads("q to leave: ").await;
    assert!(missing.contains("This is still missing:"), "{missing}");
    assert!(missing.contains("discord.client_secret"), "{missing}");
    owner.leaves().await;
}

#[tokio::test]
async fn a_key_that_may_only_read_leaves_the_webhook_to_the_owner_with_each_click_named() {
    let evening = Evening::begins().await;
    let mut owner = Typist::runs("init", &evening.settings);
    evening.answers_the_hall("1", &mut owner).await;
    evening.answers_the_forum(["5", "6", "7"], &mut owner, &evening.harbor.forum.read_key()).await;
    owner.chooses("8").await;
    let shown = owner.reads("Enter when it is saved: ").await;
    let address = format!("{}/hooks/forum", evening.hall);
    assert!(shown.contains(&format!("Payload URL: {address}")), "{shown}");
    assert!(shown.contains("never \"Send me everything\""), "{shown}");
    let secret = shown.trim_end().lines().last().unwrap().trim().to_owned();
    evening.harbor.forum.add_webhook(&address, &secret, &["user"]);
    owner.types("").await;
    owner.reads("It does not send these kinds of events: group, group_user, user_promoted.").await;
    owner.reads("Enter stops the waiting.").await;
    owner.types("").await;
    let menu = owner.reads("q to leave: ").await;
    assert!(menu.contains("  8  not yet   The forum's webhook"), "{menu}");
    owner.leaves().await;
}

#[tokio::test]
async fn what_an_owner_wrote_by_hand_is_kept_beside_and_its_answers_stay() {
    let evening = Evening::begins().await;
    let before = std::fs::read_to_string(&evening.settings).unwrap();
    let mut owner = Typist::runs("init", &evening.settings);
    evening.answers_the_hall("1", &mut owner).await;
    owner.leaves().await;
    let kept = evening.settings.with_file_name("guildhall.toml.before-init");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), before);
    let now = std::fs::read_to_string(&evening.settings).unwrap();
    assert!(now.contains(&format!("\napi_address = \"{}\"\n", evening.harbor.discord.api_url())), "{now}");
}

#[tokio::test]
async fn an_answer_the_settings_refuse_is_refused_at_once_in_their_words() {
    let town = Town::new().await;
    let file = town.folder.path().join("new.toml");
    let mut owner = Typist::runs("init", &file);
    owner.chooses("1").await;
    owner.answers("https:// included: ", "http://hall.example.net").await;
    let said = owner.answers("(Enter leaves this step): ", "").await;
    assert!(said.contains("http is for this machine alone"), "{said}");
    owner.chooses("1").await;
    owner.answers("https:// included: ", "hall").await;
    let said = owner.answers("(Enter leaves this step): ", "hall.example.net").await;
    assert!(said.contains("such as https://hall.your-community.org\n"), "{said}");
    let said = owner.answers("(Enter leaves this step): ", "").await;
    assert!(said.contains("such as https://hall.example.net\n"), "{said}");
    let menu = owner.reads("q to leave: ").await;
    assert!(menu.contains(" 10  optional  Nicknames (may be left out)\n"), "{menu}");
    owner.leaves().await;
    assert!(!file.exists());
}

#[tokio::test]
async fn a_secret_that_is_wrong_is_asked_for_unseen_again_and_what_is_broken_is_known_another_day() {
    let evening = Evening::begins().await;
    let mut owner = Typist::runs("init", &evening.settings);
    evening.answers_the_hall("1", &mut owner).await;
    owner.chooses("2").await;
    owner.answers("The bot token", &evening.token()).await;
    owner.chooses("3").await;
    owner.answers("The client secret (it is not shown", "this is no secret").await;
    let said = owner.answers("The client secret (it is not shown", &evening.client_secret()).await;
    assert!(said.contains("BROKEN  client secret") && !said.contains("Enter to look again"), "{said}");
    owner.reads("BROKEN  redirect address").await;
    owner.answers("Enter to look again", "s").await;
    owner.chooses("5").await;
    owner.answers("as in your browser: ", &evening.harbor.forum.url()).await;
    owner.chooses("6").await;
    owner.answers("The API key (it is not shown", "this is no key").await;
    let said = owner.answers("The API key (it is not shown", &evening.harbor.forum.read_key()).await;
    assert!(said.contains("BROKEN") && !said.contains("Enter to look again"), "{said}");
    owner.reads("It can read one person").await;
    owner.leaves().await;

    let mut owner = Typist::runs("init", &evening.settings);
    let menu = owner.reads("q to leave: ").await;
    assert!(menu.contains("  3  not yet   Signing in with Discord\n"), "{menu}");
    assert!(menu.contains("  6  done      The forum's API key\n"), "{menu}");
    owner.types("").await;
    owner.answers("The client secret [Enter tries the one that is kept", "s").await;
    owner.leaves().await;
}
