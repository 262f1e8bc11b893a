//! What the hall makes of a forum's answers, over real HTTP: recorded ones, made-up ones and broken ones.

mod budget;
mod connect;
mod contract;
mod everybody;
mod inspect;
mod limits;
mod nonces;
mod one;
mod profile;
mod refusals;
mod shares;
mod staff_log;
mod stand_in;
mod town;
mod walls;
mod webhooks;
