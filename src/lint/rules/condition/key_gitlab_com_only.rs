//! `key-gitlab-com-only`: one of the nine keys of GitLab.com, for another instance.

use crate::lint::key::{Absence, at_key, each_dead};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("key-gitlab-com-only"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a key that only GitLab.com has",
    explanation: explanation!("key_gitlab_com_only.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_dead(bench, |seen, it, absence| {
        if absence == Absence::GitLabComOnly {
            let own = seen.hosts.first().copied().unwrap_or("");
            let message = format!(
                "AWS has {} for gitlab.com alone, not for {}",
                quoted(it.key.rsplit(':').next().unwrap_or("")),
                quoted(own)
            );
            findings.push(at_key(seen, &RULE, it, message, None).help(instead(&it.key)));
        }
    });
}

/// What to ask for instead: two of the nine can be components of `sub`.
fn instead(key: &str) -> &'static str {
    match key.rsplit(':').next().unwrap_or("").to_ascii_lowercase().as_str() {
        "ref_protected" => {
            "leave it out and name the branch in `sub`, or put it into `sub`, from GitLab 18.7 on: \
             `ci_id_token_sub_claim_components`"
        }
        "project_id" => {
            "leave it out, or put it into `sub`, in later releases of GitLab 19: `ci_id_token_sub_claim_components`"
        }
        _ => "leave it out: `sub` cannot have it either; name the project and the branch there",
    }
}
