//! `provider-url-scheme`: a provider's URL without `https://`.

use crate::lint::provider::providers;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::source::Kind;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("provider-url-scheme"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "provider URL without https",
    explanation: explanation!("provider_url_scheme.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    // What the AWS command line prints of a provider has no scheme.
    let is_written = |file: usize| bench.files.get(file).is_some_and(|it| it.source.kind != Kind::Provider);
    for it in providers(bench).into_iter().filter(|it| !it.url.value.starts_with("https://") && is_written(it.file)) {
        let url = quoted(&it.url.value);
        let (message, help) = match it.url.value.split_once("://") {
            Some((scheme, _)) => (
                format!("{url} has the scheme {}, and AWS takes `https://` alone", quoted(&format!("{scheme}://"))),
                "an instance needs TLS, and `https://` in the `iss` of its tokens, to be a provider",
            ),
            None => (
                format!("{url} does not begin with `https://`, and AWS takes no other URL"),
                "write the address of the instance as its tokens have it in `iss`",
            ),
        };
        findings.push(RULE.finding(it.file, it.url.span, message).help(help));
    }
}
