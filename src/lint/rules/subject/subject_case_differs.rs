//! `subject-case-differs`: the same project path, in the sitting's policies and tokens, in capitals and small letters.

use crate::gitlab::Component;
use crate::lint::shape::Shape;
use crate::lint::subject::each;
use crate::lint::token::tokens;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-case-differs"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "one project in two spellings",
    explanation: explanation!("subject_case_differs.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let tokens: Vec<_> = tokens(bench).iter().filter_map(|it| Some((it.file, it.claim("project_path")?))).collect();
    let mut seen: Vec<(usize, String, crate::text::Span)> =
        tokens.iter().map(|(file, (path, span))| (*file, (*path).to_owned(), *span)).collect();
    each(bench, |asked| {
        let Some(it) = Shape::of(asked.value()).get(Component::ProjectPath) else { return };
        let span = asked.span(it.value_start, it.value.len());
        let same = |other: &&(usize, String, crate::text::Span)| other.1.eq_ignore_ascii_case(it.value);
        match seen.iter().find(same) {
            Some((file, other, place)) if other != it.value => {
                let message = format!(
                    "{} is {} in another case, and IAM compares letter by letter",
                    quoted(it.value),
                    quoted(other)
                );
                let finding = asked.finding(&RULE, span, message).beside(*file, *place, "the other spelling");
                findings.push(finding.help("copy the path as `CI_PROJECT_PATH` has it"));
            }
            Some(_) => {}
            None => seen.push((asked.seen.file, it.value.to_owned(), span)),
        }
    });
}
