//! `provider-url-slash`: a provider's URL that ends with a slash, as GitLab's `iss` never does.

use crate::lint::provider::providers;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::{Span, quoted};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("provider-url-slash"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "provider URL ends with a slash",
    explanation: explanation!("provider_url_slash.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in providers(bench).into_iter().filter(|it| it.url.value.ends_with('/')) {
        let message = format!("{} ends with a slash, and `iss` of GitLab's tokens does not", quoted(&it.url.value));
        let mut finding = RULE
            .finding(it.file, it.url.span, message)
            .help("remove the slash; that makes another provider, and its ARN has no slash either");
        let written = bench.files.get(it.file).map_or("", |file| it.url.span.of(&file.text));
        // The slash stands before the closing quote, or is the last character.
        let end = it.url.span.end - usize::from(written.ends_with(['"', '\'']));
        let slashes = it.url.value.len() - it.url.value.trim_end_matches('/').len();
        let span = Span::new(end.saturating_sub(slashes), end);
        let is_there = bench.files.get(it.file).is_some_and(|file| span.of(&file.text).bytes().all(|it| it == b'/'));
        if is_there && !it.found.is_embedded {
            finding = finding.fix("remove the slash", span, "");
        }
        findings.push(finding);
    }
}
