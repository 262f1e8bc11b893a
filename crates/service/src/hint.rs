//! An outside event that only says "look again": losing one costs time, never truth.

use domain::ids::{GroupId, GuildId, SourceName, Subject, UserId};

/// What to look at again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Hint {
    /// One person of a source.
    Person {
        /// Which source.
        source: SourceName,
        /// Who.
        subject: Subject,
    },
    /// One group of a source: who is in it, and what it is called.
    Group {
        /// Which source.
        source: SourceName,
        /// Which group.
        group: GroupId,
    },
    /// One member of a guild.
    Member {
        /// Which guild.
        guild: GuildId,
        /// Who.
        user: UserId,
    },
    /// One member of a guild left it: what they had as a member is over.
    Left {
        /// Which guild.
        guild: GuildId,
        /// Who.
        user: UserId,
    },
    /// The audit log of a guild: somebody other than the hall gave or took roles.
    ByHand {
        /// Which guild.
        guild: GuildId,
    },
    /// A whole guild: its roles changed, or it became readable again.
    Guild {
        /// Which guild.
        guild: GuildId,
    },
}
