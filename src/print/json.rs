//! JSON for people.

use serde_json::Value;

/// The value, indented by two spaces, with a line break at its end.
pub fn pretty(value: &Value) -> String {
    let mut out = format!("{value:#}");
    out.push('\n');
    out
}
