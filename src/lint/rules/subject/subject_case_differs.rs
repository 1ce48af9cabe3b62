//! `subject-case-differs`: the same project path, in the sitting's policies and tokens, in capitals and small letters.

use crate::aws::policy::Family;
use crate::gitlab::Component;
use crate::lint::shape::Shape;
use crate::lint::subject::each;
use crate::lint::token::{Pasted, tokens};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::{Span, quoted};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-case-differs"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "one project in two spellings",
    explanation: explanation!("subject_case_differs.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let mut known: Vec<Spelling> = tokens(bench).iter().filter_map(of_token).collect();
    each(bench, |asked| {
        let Some(it) = Shape::of(asked.value()).get(Component::ProjectPath) else { return };
        let span = asked.span(it.value_start, it.value.len());
        let hosts = &asked.seen.hosts;
        let is_same = |other: &&Spelling| {
            other.path.eq_ignore_ascii_case(it.value) && other.hosts.iter().any(|other| hosts.contains(&other.as_str()))
        };
        match known.iter().find(is_same) {
            Some(_) if asked.condition.operator.family == Family::EqualsIgnoreCase => {}
            Some(other) if other.path != it.value => {
                let message = format!(
                    "{} is {} in another case, and IAM compares letter by letter",
                    quoted(it.value),
                    quoted(&other.path)
                );
                let finding = asked.finding(&RULE, span, message).beside(other.file, other.span, "the other spelling");
                findings.push(finding.help("copy the path as `CI_PROJECT_PATH` has it"));
            }
            Some(_) => {}
            None => {
                let hosts = hosts.iter().map(|it| (*it).to_owned()).collect();
                known.push(Spelling { hosts, path: it.value.to_owned(), file: asked.seen.file, span });
            }
        }
    });
}

/// A path as somebody wrote it, and the instances on which it is meant.
struct Spelling {
    hosts: Vec<String>,
    path: String,
    file: usize,
    span: Span,
}

fn of_token(token: &Pasted<'_>) -> Option<Spelling> {
    let (path, span) = token.claim("project_path")?;
    let issuer = token.claim("iss")?.0;
    let host = issuer.strip_prefix("https://").unwrap_or(issuer);
    Some(Spelling { hosts: vec![host.to_owned()], path: path.to_owned(), file: token.file, span })
}
