//! Where the hall may write: the channels of a guild, and what is in the way. (Discord docs: Permission
//! Overwrites.)

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::ChannelId;
use domain::plan::{Permissions, Standing};
use domain::situation::GuildPicture;

use crate::wire::{Channel, Overwrite};

/// Discord docs: Channel Types. Text, voice, announcements and stages take messages; threads are not in a guild's
/// list, and the others hold channels or threads alone.
const TAKE_MESSAGES: [u64; 4] = [0, 2, 5, 13];

/// The channels of one guild.
#[derive(Debug, Default)]
pub(super) struct Channels {
    /// `None` until they were seen.
    known: Option<BTreeMap<ChannelId, Channel>>,
    /// Where Discord did not let the hall write, for a reason that is not seen here.
    refused: BTreeSet<ChannelId>,
}

/// Why the hall cannot write in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// There is no such channel.
    Gone,
    /// It takes no messages; with its name.
    NoMessages(String),
    /// The hall may not see it; with its name.
    NotSeen(String),
    /// The hall may not write there; with its name.
    NotWritten(String),
    /// Discord refused.
    Refused,
}

impl Channels {
    pub(super) fn are_known(&self) -> bool {
        self.known.is_some()
    }

    /// Every channel there is.
    pub(super) fn set(&mut self, channels: &[Channel]) {
        self.known = Some(channels.iter().map(|channel| (channel.id(), channel.clone())).collect());
        self.refused.clear();
    }

    /// A channel was made or changed.
    pub(super) fn put(&mut self, channel: &Channel) {
        self.refused.remove(&channel.id());
        if let Some(known) = &mut self.known {
            known.insert(channel.id(), channel.clone());
        }
    }

    pub(super) fn remove(&mut self, channel: ChannelId) {
        if let Some(known) = &mut self.known {
            known.remove(&channel);
        }
    }

    /// Discord refused to let the hall write there.
    pub(super) fn refuse(&mut self, channel: ChannelId) {
        self.refused.insert(channel);
    }

    /// The roles changed: what was refused may be allowed now.
    pub(super) fn try_again(&mut self) {
        self.refused.clear();
    }

    /// What is in the way of writing there, as far as it is known.
    pub(super) fn closed(&self, picture: &GuildPicture, id: ChannelId) -> Option<Closed> {
        let refused = self.refused.contains(&id).then_some(Closed::Refused);
        let Some(known) = &self.known else { return refused };
        let Some(channel) = known.get(&id) else { return Some(Closed::Gone) };
        let (may, name) = (permitted(picture, &channel.overwrites), || channel.name.clone());
        if !TAKE_MESSAGES.contains(&channel.kind) {
            Some(Closed::NoMessages(name()))
        } else if !may.holds(Permissions::VIEW_CHANNEL) {
            Some(Closed::NotSeen(name()))
        } else if !may.holds(Permissions::SEND_MESSAGES) {
            Some(Closed::NotWritten(name()))
        } else {
            refused
        }
    }
}

impl Closed {
    /// A sentence for the owner, with what can be done.
    pub(super) fn says(&self, guild: &str, id: ChannelId) -> String {
        let allow = "In Discord, open Edit Channel, Permissions, and allow the bot's role View Channel and Send \
                     Messages.";
        match self {
            Self::Gone => format!(
                "There is no channel {id} in {guild}: it was deleted, or it is a thread. Put the id of a text \
                 channel into staff_channel."
            ),
            Self::NoMessages(name) => format!(
                "Nobody can write in {name} in {guild}, for it is no text channel. Put the id of one into \
                 staff_channel."
            ),
            Self::NotSeen(name) => format!("The hall may not see the channel {name} in {guild}. {allow}"),
            Self::NotWritten(name) => {
                format!("The hall may not write in the channel {name} in {guild}. {allow}")
            }
            Self::Refused => {
                format!("Discord did not let the hall write in the channel {id} in {guild}. {allow}")
            }
        }
    }
}

/// What the bot may in a channel: first everyone, then its roles together, then the bot itself.
fn permitted(picture: &GuildPicture, overwrites: &[Overwrite]) -> Permissions {
    let base = Standing::of(picture).permissions();
    if base.holds(Permissions::ADMINISTRATOR) {
        return base;
    }
    let of = |id: u64| overwrites.iter().filter(move |overwrite| overwrite.id.0 == id);
    let roles = || picture.bot_roles.iter().flat_map(|role| of(role.0));
    let bits = apply(base.0, of(picture.id.0));
    let bits = apply(bits, roles());
    Permissions(apply(bits, of(picture.bot.0)))
}

/// What stays after all that is denied and then all that is allowed.
fn apply<'a>(bits: u64, overwrites: impl Iterator<Item = &'a Overwrite>) -> u64 {
    let (mut allow, mut deny) = (0, 0);
    for overwrite in overwrites {
        allow |= overwrite.allow.0;
        deny |= overwrite.deny.0;
    }
    bits & !deny | allow
}
