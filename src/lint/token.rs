//! The tokens of a sitting.

use super::Bench;
use crate::document::json::{Node, Value};
use crate::gitlab::token::Token;
use crate::text::Span;
use crate::verdict::Evidence;

/// A token of one of the files.
pub(super) struct Pasted<'b> {
    /// Its file.
    pub(super) file: usize,
    token: &'b Token,
}

impl<'b> Pasted<'b> {
    /// A claim that is one string, or a list of one, and where it stands: in a JWT nowhere, so its beginning.
    pub(super) fn claim(&self, name: &str) -> Option<(&'b str, Span)> {
        let node = match self.token.claim(name)? {
            Node { value: Value::Array(items), .. } if items.len() == 1 => items.first()?,
            node => node,
        };
        Some((node.as_str()?, self.place(node)))
    }

    /// How many audiences it has, if several and no `azp` that says which counts, and where they stand.
    pub(super) fn several_audiences(&self) -> Option<(usize, Span)> {
        let node = self.token.claim("aud")?;
        let Value::Array(items) = &node.value else { return None };
        (items.len() > 1 && self.token.claim("azp").is_none()).then(|| (items.len(), self.place(node)))
    }

    fn place(&self, node: &Node) -> Span {
        if self.token.header.is_some() { Span::default() } else { node.span }
    }
}

/// Every token, records left out: they have passed the stages before the policy.
pub(super) fn tokens<'b>(bench: &Bench<'b>) -> Vec<Pasted<'b>> {
    let mut found = Vec::new();
    for (file, it) in bench.files.iter().enumerate() {
        for evidence in &it.source.evidence {
            if let Evidence::Token(token) = evidence {
                found.push(Pasted { file, token });
            }
        }
    }
    found
}
