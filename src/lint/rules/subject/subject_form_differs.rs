//! `subject-form-differs`: a token of the sitting whose `sub` has other components than the value that names its project.

use crate::aws::policy::Wanted;
use crate::gitlab::Component;
use crate::lint::shape::{Piece, Shape};
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
            let form = Shape::of(subject);
            let is_met = |it: &Wanted| it.pattern.as_ref().is_some_and(|it| it.matches(subject));
            let claimed = token.claim(own.name).map(|it| it.0);
            let same_names = is_each(&form.pieces, shape.pieces.iter());
            if claimed != Some(own.value)
                || same_names
                || form.rest.is_some()
                || asked.condition.values.iter().any(is_met)
            {
                continue;
            }
            let message = format!(
                "{} does not match this project's token: its `sub` has other components",
                quoted(asked.value())
            );
            let finding =
                asked.finding(&RULE, asked.wanted.text.span, message).beside(token.file, span, "the token's `sub`");
            let of_environment = |it: &&Piece<'_>| Component::parse(it.name).is_ok_and(Component::is_of_environment);
            let lacks = shape.pieces.iter().find(of_environment).filter(|it| {
                let others = shape.pieces.iter().filter(|it| !of_environment(it));
                token.claim(it.name).is_none() && is_each(&form.pieces, others)
            });
            findings.push(match lacks {
                Some(it) => finding.help(format!(
                    "keep {} and give the job an `environment:`: without one `sub` has no such component",
                    quoted(it.name)
                )),
                None => finding
                    .help("write the value as the token's `sub` is, or change `ci_id_token_sub_claim_components`"),
            });
        }
    });
}

/// Whether these have the same names, in the same order.
fn is_each<'p>(a: &[Piece<'_>], b: impl Iterator<Item = &'p Piece<'p>>) -> bool {
    a.iter().map(|it| it.name).eq(b.map(|it| it.name))
}
