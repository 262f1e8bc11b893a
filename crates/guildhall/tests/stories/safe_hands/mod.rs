//! Safe hands: an owner sees what will happen, may stop it, take it back, and knows why.

mod brake;
mod commands;
mod decided;
mod decided_by_hand;
mod fleet;
mod frozen;
mod guarded;
mod hands;
mod held_before;
mod moderators;
mod power;
mod program;
mod rehearsal;
mod released;
mod rules;
mod shrinking;
mod size;
mod stopped;
mod told;
mod undo;
mod unlisted;
mod vouching;
mod waiting;
mod waits;
