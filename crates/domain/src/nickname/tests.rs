//! What nicknames become, case by case, and the laws they keep.
