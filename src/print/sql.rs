//! SQL, as Athena (Trino) reads it: how a value is written.

/// A statement of our own, each `{}` of it a value as a string literal.
pub fn statement(template: &'static str, values: &[&str]) -> String {
    super::fill(template, values, literal)
}

/// A text as a string literal. Nothing is special in one but its quote, which is doubled.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(literal("it's \\ \"x\" %_"), "'it''s \\ \"x\" %_'");
    }
}
