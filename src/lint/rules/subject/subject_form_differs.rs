//! `subject-form-differs`: a token of the sitting whose `sub` has other components than the value that names its project.

use crate::gitlab::segments;
use crate::lint::shape::Shape;
use crate::lint::subject::each;
use crate::lint::token::tokens;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-form-differs"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the token's `sub` has other components",
    explanation: explanation!("subject_form_differs.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let tokens = tokens(bench);
    each(bench, |asked| {
        let shape = Shape::of(asked.value());
        let is_whole = asked.flaw.is_none() && !shape.has_gap && !asked.value().ends_with('*');
        let (Some(own), true) = (shape.pieces.first(), is_whole) else { return };
        for token in &tokens {
            let Some((subject, span)) = token.claim("sub") else { continue };
            let Some(parts) = segments(subject) else { continue };
            let is_met = asked.wanted.pattern.as_ref().is_some_and(|it| it.matches(subject));
            let claimed = token.claim(own.name).map(|it| it.0);
            let same_names = parts.len() == shape.pieces.len()
                && parts.iter().zip(&shape.pieces).all(|(a, b)| a.component.as_str() == b.name);
            if claimed != Some(own.value) || same_names || is_met {
                continue;
            }
            let message = format!(
                "{} does not match this project's token: its `sub` has other components",
                quoted(asked.value())
            );
            let finding =
                asked.finding(&RULE, asked.wanted.text.span, message).beside(token.file, span, "the token's `sub`");
            findings.push(
                finding.help("write the value as the token's `sub` is, or change `ci_id_token_sub_claim_components`"),
            );
        }
    });
}
