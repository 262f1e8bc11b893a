//! What plans say: a table, then the laws.
