//! The bar, the three columns with their parts, and the foot.

mod answer;
mod check;
mod files;
mod frame;
mod paste;
mod role;
mod scope;
mod tests;
mod ticket;
mod who;

pub(crate) use answer::{Outcome, outcome};
pub(crate) use check::CheckPane;
pub(crate) use files::FilesPane;
pub(crate) use frame::{Bar, Foot};
pub(crate) use who::WhoPane;
