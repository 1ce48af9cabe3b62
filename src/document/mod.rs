//! Readers that keep positions. Text in, a tree and its messages out; nothing here knows what a policy or a setup is.

pub mod json;
