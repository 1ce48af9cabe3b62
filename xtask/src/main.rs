//! `cargo xtask`: the one place that knows the tools.

fn main() {}
