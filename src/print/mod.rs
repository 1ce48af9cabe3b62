//! Writers: a typed tree in, text out, printed once. Whatever has to be quoted for a format is quoted in that format's file here
//! and nowhere else.

pub mod ci_expression;
pub mod hcl;
pub mod json;
pub mod markdown;
pub mod shell;
pub mod sql;
pub mod yaml;
