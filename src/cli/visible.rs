//! Text for a terminal: a character of the user's own input that nobody would see, or that would command the terminal, is written out.

use std::io::{Result, Write};

/// The text with such characters as their code points; line breaks and tabs stay.
pub(super) fn visible(text: &str) -> String {
    crate::text::visible(text, &['\n', '\t'])
}

/// What is written to it comes out visible.
pub(super) struct Visible<'w>(pub(super) &'w mut dyn Write);

impl Write for Visible<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        // Formatted text comes in whole pieces of UTF-8.
        self.0.write_all(visible(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_the_terminal() {
        let mut out = Vec::new();
        let (sid, more) = ("\u{1b}[2J\u{7}", "a\u{202e}b\0é");
        writeln!(Visible(&mut out), "`{sid}`\t{more}").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "`\\u{1b}[2J\\u{7}`\ta\\u{202e}b\\u{0}é\n");
    }
}
