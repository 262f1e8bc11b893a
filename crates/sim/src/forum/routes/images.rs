//! Pictures: one small PNG for everybody, coloured by who it is.

use super::{Ask, Gate, Route, get};
use crate::forum::answer::Answer;
use crate::forum::picture;
use crate::forum::state::Forum;

pub(super) const ROUTES: &[Route] = &[
    get(
        "letter_avatar_proxy/v4/letter/{letter}/{colour}/{size}",
        "user_avatars/show_proxy_letter",
        Gate::Open,
        letter,
    ),
    get("user_avatar/{host}/{username}/{size}/{version}", "user_avatars/show", Gate::Open, uploaded),
    get("uploads/default/original/1X/{file}", "uploads/show", Gate::Open, |_, ask| {
        picture_of(ask.param("file"))
    }),
    get("images/{file}", "static/image", Gate::Open, |_, ask| picture_of(ask.param("file"))),
];

fn letter(_: &mut Forum, ask: &Ask) -> Answer {
    picture_of(ask.param("colour"))
}

fn uploaded(forum: &mut Forum, ask: &Ask) -> Answer {
    match forum.people.named(ask.param("username")) {
        Some(person) => picture_of(&person.username),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn picture_of(seed: &str) -> Answer {
    Answer::bytes("image/png", picture::png(seed))
        .header("Cache-Control", "public, max-age=31536000, immutable")
}
