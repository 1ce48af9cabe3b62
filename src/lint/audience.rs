//! The audiences that a statement asks for.

use crate::aws::policy::{Condition, Statement};
use crate::pattern::Pattern;
use crate::text::Span;

/// A condition on `aud` that wants one of its values.
#[derive(Clone, Copy)]
pub(super) struct Asked<'b> {
    condition: &'b Condition,
    is_like: bool,
}

impl<'b> Asked<'b> {
    /// The first value.
    pub(super) fn first(&self) -> &'b str {
        self.condition.values.first().map_or("", |it| it.text.value.as_str())
    }

    /// Where the values stand.
    pub(super) fn span(&self) -> Span {
        self.condition.values.first().map_or(self.condition.key_span, |it| it.text.span)
    }

    /// Whether a token with that audience can pass; a value that is not wholly known may be any.
    pub(super) fn admits(&self, audience: &str) -> bool {
        self.condition.values.iter().any(|it| {
            let text = &it.text;
            !text.unknown.is_empty()
                || text.value == audience
                || (self.is_like && Pattern::like(&text.value, false).is_ok_and(|it| it.matches(audience)))
        })
    }
}

/// The conditions of a statement on the `aud` of that host under an operator that wants it.
pub(super) fn asked<'b>(statement: &'b Statement, host: &str) -> Vec<Asked<'b>> {
    let key = format!("{host}:aud");
    let conditions = statement.conditions.iter().filter(|it| it.key.eq_ignore_ascii_case(&key));
    let asked = conditions.filter_map(|condition| {
        let operator = condition.operator_text.as_str();
        let operator = operator.rsplit(':').next().unwrap_or(operator);
        match operator.strip_suffix("IfExists").unwrap_or(operator) {
            "StringEquals" => Some(Asked { condition, is_like: false }),
            "StringLike" => Some(Asked { condition, is_like: true }),
            _ => None,
        }
    });
    asked.collect()
}
