//! The bar, the three columns with their parts, and the foot.

mod answer;
mod check;
mod doctor;
mod edits;
mod files;
mod findings;
mod frame;
mod help;
mod keys;
mod more;
mod paste;
mod policy;
mod presets;
mod remedies;
mod role;
mod scope;
mod subject;
mod tests;
mod ticket;
mod trace;
mod who;

pub(crate) use answer::{Outcome, outcome};
pub(crate) use check::check;
pub(crate) use files::files;
pub(crate) use frame::{bar, foot};
pub(crate) use help::help;
pub(crate) use more::Part;
pub(crate) use presets::Choosing;
pub(crate) use who::Who;
