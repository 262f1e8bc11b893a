//! Safe hands: an owner sees what will happen, may stop it, take it back, and knows why.

mod commands;
mod hands;
mod program;
mod rehearsal;
mod rules;
