//! `/help`: what can be asked, made from the table of commands.

use service::{Error, Hall};

use super::{Allowed, COMMANDS, Call, Command, Costs, Reply};
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "help",
    about: "Say what the hall does and what you can ask it",
    allowed: Allowed::Everyone,
    costs: Costs::Nothing,
    options: &[],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, _call: Call) -> Result<Reply, Error> {
    Ok(Reply::private(view::help::commands(hall.name(), &COMMANDS)))
}
