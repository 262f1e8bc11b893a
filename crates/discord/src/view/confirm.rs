//! Buttons below a page of a plan that give a role with power to one member each, for those who may press them.

use std::time::Duration;

use domain::ids::{RoleId, UserId};
use domain::time::Timestamp;
use service::plans::{Line, Part, PlanView, What};
use twilight_model::channel::message::component::ButtonStyle;

use super::Message;
use super::message::cut;
use super::plan::places_of;
use crate::press::Press;

/// How long a button works.
const BUTTON_LASTS: Duration = Duration::from_secs(3_600);
/// Lengths in UTF-16 units, so that role and name both show.
const ROLE_UNITS_MAX: usize = 30;
const NAME_UNITS_MAX: usize = 30;

/// Adds a button for each member on the page who needs an admin's word, where `may` says that whoever looks may give it.
pub(crate) fn buttons(
    message: Message,
    view: &PlanView,
    page: u32,
    now: Timestamp,
    may: impl Fn(UserId, RoleId) -> bool,
) -> Message {
    let places = places_of(view, page);
    let until = now.after(BUTTON_LASTS);
    let waiting = view.waits.iter().flat_map(|part| part.lines.iter().map(move |line| (part, line)));
    let shown = waiting.skip(places.start).take(places.len());
    shown.filter_map(|(part, line)| Some((part, line, asked(view, part)?))).fold(
        message,
        |message, (part, line, role)| match may(line.user, role) {
            true => {
                let press = Press::Confirm { user: line.user, role, until };
                message.asks(&label(part, line), ButtonStyle::Secondary, &press)
            }
            false => message,
        },
    )
}

/// The role of a part that needs an admin's word for each person.
fn asked(view: &PlanView, part: &Part) -> Option<RoleId> {
    part.role_id.filter(|role| part.what == What::Give && view.unconfirmed.contains(role))
}

fn label(part: &Part, line: &Line) -> String {
    let name = line.name.clone().unwrap_or_else(|| line.user.to_string());
    format!("Give {} to {}", cut(&part.role, ROLE_UNITS_MAX), cut(&name, NAME_UNITS_MAX))
}

#[cfg(test)]
mod tests {
    use domain::ids::PlanId;

    use super::super::plan;
    use super::*;
    use crate::tests::empty_plan;

    fn labels(page: u32, may: impl Fn(UserId, RoleId) -> bool) -> Vec<String> {
        let line = |user| Line { user: UserId(user), name: None, nickname: None, because: "y".to_owned() };
        let lines = (1..=12).map(line).collect();
        let part =
            |what, role: u64, lines| Part { what, role: "R".to_owned(), role_id: Some(RoleId(role)), lines };
        let view = PlanView {
            plan: Some(PlanId(7)),
            waits: vec![part(What::Take, 22, vec![line(40)]), part(What::Give, 22, lines)],
            unconfirmed: vec![RoleId(22)],
            reasons: vec!["x".to_owned()],
            takes: 1,
            gives: 12,
            ..empty_plan()
        };
        let message = buttons(plan::page(&view, page), &view, page, Timestamp(0), may).body();
        let rows = message["components"].as_array().unwrap().iter();
        let all = rows.flat_map(|row| row["components"].as_array().unwrap());
        let labels = all.map(|button| button["label"].as_str().unwrap().to_owned());
        labels.filter(|label| label.starts_with("Give")).collect()
    }

    #[test]
    fn each_page_has_buttons_for_those_on_it_whom_the_reader_may_confirm() {
        assert_eq!(labels(1, |_, _| true).len(), 9);
        assert_eq!(labels(2, |_, _| true), ["Give R to 10", "Give R to 11", "Give R to 12"]);
        assert_eq!(labels(2, |user, _| user != UserId(11)), ["Give R to 10", "Give R to 12"]);
        assert_eq!(labels(1, |_, _| false), [""; 0]);
    }
}
