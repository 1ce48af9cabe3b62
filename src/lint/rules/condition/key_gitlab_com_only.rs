//! `key-gitlab-com-only`: one of the nine keys of GitLab.com, for another instance.

use crate::lint::key::{Absence, at_key, each_dead, put_into_subject};
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
            let claim = it.key.rsplit(':').next().unwrap_or("");
            let message = format!("AWS has {} for gitlab.com alone, not for {}", quoted(claim), quoted(own));
            let help = match put_into_subject(&claim.to_ascii_lowercase()) {
                Some(how) => format!("do not ask for it, or {how}; name the branch in `sub`"),
                None => {
                    "do not ask for it: `sub` cannot have it either; name the project and the branch there".to_owned()
                }
            };
            findings.push(at_key(seen, &RULE, it, message, None).help(help));
        }
    });
}
