//! guildhall.
fn main() {}
