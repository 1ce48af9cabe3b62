//! `provider-thumbprint`: a thumbprint of the provider of gitlab.com, which AWS does not look at.

use crate::lint::provider::providers;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::source::Kind;
use crate::text::Span;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("provider-thumbprint"),
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "thumbprint that AWS does not need",
    explanation: explanation!("provider_thumbprint.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in providers(bench).into_iter().filter(|it| it.host().trim_end_matches('/') == "gitlab.com") {
        let Some(span) = it.found.thumbprints_span.filter(|_| !it.found.thumbprints.is_empty()) else { continue };
        let mut finding = RULE
            .finding(
                it.file,
                span,
                "AWS checks gitlab.com's certificate by its own list of authorities and needs no thumbprint",
            )
            .help("remove it; only a private authority's certificate needs one");
        let file = bench.files.get(it.file).filter(|file| file.source.kind == Kind::Terraform);
        if file.is_some() {
            finding = finding.help("remove it, unless the AWS provider for Terraform is an old one that requires it");
        }
        if let Some(file) = file.filter(|_| !it.found.is_embedded) {
            finding = finding.fix("remove `thumbprint_list`", whole_lines(&file.text, span), "");
        }
        findings.push(finding);
    }
}

/// The lines of a place, where nothing else stands in them; else the place.
fn whole_lines(text: &str, span: Span) -> Span {
    let (before, after) = (text.get(..span.start).unwrap_or(""), text.get(span.end..).unwrap_or(""));
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let rest = after.split_inclusive('\n').next().unwrap_or("");
    let is_alone = before.get(start..).is_some_and(|it| it.trim().is_empty()) && rest.trim().is_empty();
    if is_alone { Span::new(start, span.end + rest.len()) } else { span }
}
