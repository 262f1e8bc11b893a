//! What is true: members, facts, rules, rosters and plans, without any input or output.
