//! The demo's own page, as somebody who tries Guildhall meets it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::chromium::Chromium;
use crate::driver::{Driver, left_out};
use crate::looks::{looks_right, needs_width};

/// How often a story looks for something for 25 seconds, less than WebDriver gives a script.
const LOOKS: u32 = 3;

/// A running demo; ended with the story, however that ends.
struct Demo {
    child: Child,
    says: BufReader<ChildStdout>,
    page: String,
}

impl Demo {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_guildhall"))
            .args(["demo", "--no-open", "--port-base", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        says.read_line(&mut first).unwrap();
        let page = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        Self { child, says, page }
    }

    /// Ends it as Ctrl-C does, and gives what it said meanwhile.
    fn ends(mut self) -> String {
        assert!(
            Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success()
        );
        let mut rest = String::new();
        self.says.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
        rest
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Ended already, as a rule.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// How a person's row in the forum is found by the script of a step.
const ROW: &str = "const row = (name) => [...document.querySelectorAll('#people > li')]\
     .find((row) => row.querySelector('bdi')?.textContent === name);\
     const member = (name) => [...document.querySelectorAll('#members li')]\
     .find((row) => row.querySelector('bdi')?.textContent === name);";

/// Waits until the page shows something, or says what it shows instead.
async fn shows(chromium: &Chromium, what: &str, condition: &str) {
    let promise = format!(
        "new Promise((done) => {{ {ROW} const begun = Date.now(); const look = () => {condition} ? done(true) \
         : Date.now() - begun > 25000 ? done(false) : setTimeout(look, 50); look(); }})"
    );
    for _ in 0..LOOKS {
        if chromium.awaits(&promise).await == true {
            return;
        }
    }
    panic!("not shown: {what}\n{}", chromium.text().await);
}

async fn presses(chromium: &Chromium, button: &str) {
    chromium.runs(&format!("{ROW} ({button}).click()")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demos_page_lets_people_click_and_shows_what_follows() {
    let Some(driver) = Driver::start() else { return left_out() };
    let demo = Demo::start();
    let chromium = Chromium::fresh(&driver).await;
    chromium.opens(&demo.page).await;
    shows(&chromium, "people come", "document.querySelectorAll('#people > li').length > 8").await;
    shows(&chromium, "mira is linked", "member('mira_d')?.textContent.includes('Regular')").await;
    let settled = "document.getElementById('hall-state').textContent.startsWith('in step')";
    shows(&chromium, "the beginning is over", settled).await;

    presses(&chromium, "row('mira').querySelector('.levels button:last-child')").await;
    shows(&chromium, "mira becomes a leader", "member('mira_d').textContent.includes('Leader')").await;
    let deed = "[...document.querySelectorAll('#deeds > li')].some((deed) => deed.textContent.includes('gets Leader'))";
    shows(&chromium, "the hall says what it did", deed).await;
    presses(&chromium, "row('ana').querySelector('.levels button:last-child')").await;
    let told = "document.getElementById('latest').textContent.includes('ana is not linked')";
    shows(&chromium, "nothing is promised for ana", told).await;
    presses(
        &chromium,
        "[...member('mira_d').querySelectorAll('button')].find((b) => b.textContent === '/why')",
    )
    .await;
    shows(&chromium, "the hall answers", "member('mira_d').textContent.includes('Only mira_d sees this')")
        .await;
    shows(
        &chromium,
        "with a reason",
        "/trust level/.test(member('mira_d').querySelector('.answer')?.textContent)",
    )
    .await;

    looks_right(&chromium, "demo", 200).await;
    for world in ["hall", "discord", "forum"] {
        presses(&chromium, &format!("document.querySelector('#tabs [data-world={world}]')")).await;
        assert!(needs_width(&chromium).await <= 360, "{world} on a phone");
    }
    let page = chromium.address().await;
    assert_eq!(chromium.visit().await.complaints(&page), Vec::<&str>::new());
    drop(chromium);
    assert!(demo.ends().contains("Closing"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demos_owner_agrees_takes_back_and_ends_an_override() {
    let Some(driver) = Driver::start() else { return left_out() };
    let demo = Demo::start();
    let chromium = Chromium::fresh(&driver).await;
    chromium.opens(&demo.page).await;
    let settled = "document.getElementById('hall-state').textContent.startsWith('in step, 2 wait for you')";
    shows(&chromium, "a plan waits", settled).await;
    let says =
        "document.getElementById('waits').textContent.includes('held the role “Veteran” before its rule')";
    shows(&chromium, "the page says why", says).await;
    let by_hand =
        "document.getElementById('overrides').textContent.includes('done by hand by Leo Ström; until')";
    shows(&chromium, "what the owner did by hand is an override", by_hand).await;
    presses(&chromium, "document.querySelector('#tabs [data-world=hall]')").await;
    looks_right(&chromium, "demo-waits", 200).await;

    chromium.fills("to agree", "3").await;
    presses(&chromium, "document.querySelector('#waits form .main')").await;
    let refused =
        "document.querySelector('#waits [role=alert]').textContent.includes('has 2 changes, not 3')";
    shows(&chromium, "another number is refused", refused).await;
    chromium.runs("document.querySelector('#waits input').value = ''").await;
    chromium.fills("to agree", "2").await;
    presses(&chromium, "document.querySelector('#waits form .main')").await;
    shows(&chromium, "what was agreed to is written", "!member('pip_m').textContent.includes('Veteran')")
        .await;
    presses(&chromium, "document.querySelector('#runs button')").await;
    let back = "member('pip_m').textContent.includes('Veteran') \
         && document.getElementById('runs').textContent.includes('taken back as plan')";
    shows(&chromium, "the run is taken back", back).await;
    let left = "document.getElementById('overrides').textContent.includes('left by an undo')";
    shows(&chromium, "the undo left overrides", left).await;
    chromium.visit().await;
    chromium.opens(&demo.page).await;
    shows(&chromium, "another visitor sees the same", left).await;
    presses(&chromium, "document.querySelector('#tabs [data-world=hall]')").await;
    looks_right(&chromium, "demo-undone", 200).await;
    let k7 = "[...document.querySelectorAll('#overrides button')].find((b) => /for k7/.test(b.ariaLabel))";
    presses(&chromium, k7).await;
    shows(&chromium, "the rule holds again", "!member('k.seven').textContent.includes('Veteran')").await;
    drop(chromium);
    demo.ends();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_simulated_pages_on_the_way_can_be_read_by_everybody() {
    let Some(driver) = Driver::start() else { return left_out() };
    let demo = Demo::start();
    let chromium = Chromium::fresh(&driver).await;
    chromium.opens(&demo.page).await;
    shows(&chromium, "ana can link", "member('ana.b')?.textContent.includes('/link as ana.b')").await;
    shows(
        &chromium,
        "the beginning is over",
        "document.getElementById('hall-state').textContent.startsWith('in step')",
    )
    .await;
    presses(
        &chromium,
        "[...member('ana.b').querySelectorAll('button')].find((b) => b.textContent.startsWith('/link'))",
    )
    .await;
    shows(&chromium, "the address comes", "member('ana.b').querySelector('a.button')").await;
    let address =
        chromium.runs(&format!("{ROW} return member('ana.b').querySelector('a.button').href")).await;
    chromium.visit().await;
    chromium.opens(address.as_str().unwrap()).await;
    looks_right(&chromium, "simulated-discord", 200).await;
    chromium.clicks("@ana.b").await;
    looks_right(&chromium, "simulated-consent", 200).await;
    chromium.clicks("Authorise").await;
    looks_right(&chromium, "simulated-forum", 200).await;
    chromium.fills("Username or email", "ana").await;
    chromium.fills("Password", sim::cast::PASSWORD).await;
    chromium.clicks("Log in").await;
    assert!(!chromium.text().await.contains("Harbourmaster"), "that rule does not mean ana");
    chromium.clicks("Link my accounts").await;
    chromium.clicks("Back to Discord").await;
    assert!(chromium.text().await.contains("You can close this tab"));
    looks_right(&chromium, "simulated-application", 200).await;
    chromium.opens(&demo.page).await;
    shows(&chromium, "ana is a newcomer", "member('ana.b')?.textContent.includes('Newcomer')").await;
    shows(&chromium, "her old address is gone", "!member('ana.b').querySelector('a.button')").await;
    drop(chromium);
    demo.ends();
}
