//! Writers: a typed tree, or a text of our own with places for values, in; text out, printed once. Whatever has to be quoted for a
//! format is quoted in that format's file here and nowhere else.

pub mod ci_expression;
pub mod hcl;
pub mod json;
pub mod markdown;
pub mod shell;
pub mod sql;
pub mod yaml;

/// A text of our own in some format, each `{}` of it a value as `quote` writes it there. A value cannot get in unquoted.
fn fill(template: &'static str, values: &[&str], quote: fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut values = values.iter();
    for (at, piece) in template.split("{}").enumerate() {
        if at > 0 {
            out.push_str(&quote(values.next().unwrap_or(&"")));
        }
        out.push_str(piece);
    }
    out
}
