//! A list, of which the owner picks one by its number.

use super::Session;
use crate::commands::init::terminal::Left;

/// What an owner made of a list.
pub(super) enum Picked {
    /// The one at this place in the list, from 0.
    One(usize),
    /// An empty answer.
    Nothing,
    /// The last one is to be taken back.
    Back,
}

/// Shows a list, and asks for the number of one; `None` for an empty answer. Asks again for what is no number of it.
pub(super) async fn pick(session: &mut Session, all: &[&str], question: &str) -> Result<Option<usize>, Left> {
    show(session, all)?;
    loop {
        let answer = session.ask(&format!("{question}: ")).await?;
        if answer.is_empty() {
            return Ok(None);
        }
        match place(session, all, &answer)? {
            Some(place) => return Ok(Some(place)),
            None => continue,
        }
    }
}

/// The same where `b` takes the last one back.
pub(super) async fn pick_or_back(
    session: &mut Session,
    all: &[&str],
    question: &str,
) -> Result<Picked, Left> {
    show(session, all)?;
    loop {
        let answer = session.ask(&format!("{question}: ")).await?;
        match answer.as_str() {
            "" => return Ok(Picked::Nothing),
            "b" => return Ok(Picked::Back),
            number => {
                if let Some(place) = place(session, all, number)? {
                    return Ok(Picked::One(place));
                }
            }
        }
    }
}

fn show(session: &Session, all: &[&str]) -> Result<(), Left> {
    for (number, one) in all.iter().enumerate() {
        session.say(&format!("{:>5}  {one}", number + 1))?;
    }
    Ok(())
}

/// Where in the list a number stands; says which numbers there are for any other.
fn place(session: &Session, all: &[&str], number: &str) -> Result<Option<usize>, Left> {
    let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let place = place.filter(|place| *place < all.len());
    if place.is_none() {
        session.say(&match all.len() {
            1 => "Type 1, the only number there is.".to_owned(),
            last => format!("Type a number from 1 to {last}."),
        })?;
    }
    Ok(place)
}
