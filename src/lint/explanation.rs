//! A rule's explanation: its file, and on the page its file without the examples, which nobody is shown there.

/// The text of a Markdown file beside the rule.
#[cfg(not(target_arch = "wasm32"))]
macro_rules! explanation {
    ($file:literal) => {
        include_str!($file)
    };
}

/// The text of a Markdown file beside the rule, without its examples, so that the page does not carry them.
#[cfg(target_arch = "wasm32")]
macro_rules! explanation {
    ($file:literal) => {{
        use $crate::lint::explanation::{length, without_examples};
        const SHOWN: &[u8] = &without_examples::<{ length(include_str!($file)) }>(include_str!($file));
        match core::str::from_utf8(SHOWN) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}

#[cfg(any(test, target_arch = "wasm32"))]
pub(super) use shown::{length, without_examples};

#[cfg(any(test, target_arch = "wasm32"))]
mod shown {
    const EXAMPLES: &[u8] = b"## Examples\n";
    const REFERENCES: &[u8] = b"## References\n";

    /// How many bytes are shown of an explanation.
    pub(in crate::lint) const fn length(text: &str) -> usize {
        let (above, below) = parts(text);
        above.len() + below.len()
    }

    /// An explanation without its examples, in as many bytes.
    pub(in crate::lint) const fn without_examples<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
        let (above, below) = parts(text);
        let mut out = [0; LENGTH];
        if let Some((first, second)) = out.split_at_mut_checked(above.len()) {
            first.copy_from_slice(above);
            second.copy_from_slice(below);
        }
        out
    }

    /// What stands above the examples, and the references.
    const fn parts(text: &str) -> (&[u8], &[u8]) {
        let text = text.as_bytes();
        let (above, examples) = text.split_at(place(text, EXAMPLES));
        (above, examples.split_at(place(examples, REFERENCES)).1)
    }

    /// Where a heading begins; the end where it is missing.
    const fn place(text: &[u8], heading: &[u8]) -> usize {
        let (mut rest, mut at) = (text, 0);
        while !begins(rest, heading) {
            let [_, tail @ ..] = rest else { break };
            (rest, at) = (tail, at + 1);
        }
        at
    }

    const fn begins(mut text: &[u8], mut head: &[u8]) -> bool {
        while let [wanted, more @ ..] = head {
            match text {
                [it, tail @ ..] if *it == *wanted => (text, head) = (tail, more),
                _ => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{length, without_examples};

    #[test]
    fn examples_are_left_out() {
        const TEXT: &str = "Why.\n\n## Examples\né\n\n## References\n- ü. https://a.example\n";
        const SHOWN: [u8; length(TEXT)] = without_examples(TEXT);
        assert_eq!(str::from_utf8(&SHOWN).unwrap(), "Why.\n\n## References\n- ü. https://a.example\n");
        assert_eq!(without_examples::<{ length("Why.\n") }>("Why.\n"), *b"Why.\n");
    }
}
