//! What can be done: one function for each thing a person, a peer or a timer can ask.
