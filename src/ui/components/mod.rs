//! What several panes share: fields with their messages, text with code in it, file lines.

mod code;
mod editor;
mod field;
mod prose;

pub(crate) use code::Code;
pub(crate) use editor::Editor;
pub(crate) use field::{Blank, Choice, Form, fixed_options, names, options};
pub(crate) use prose::{breakable, plain, prose, subject, tint};
