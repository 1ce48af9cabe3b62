//! `key-not-sent`: a key for a claim of GitLab's that AWS does not make a condition key of.

use crate::aws::keys;
use crate::gitlab::Component;
use crate::lint::key::{Absence, at_key, each_dead, put_into_subject};
use crate::lint::statement::key_parts;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::nearest;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("key-not-sent"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "AWS has no key for this claim",
    explanation: explanation!("key_not_sent.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_dead(bench, |seen, it, absence| {
        let (host, claim) = key_parts(&it.key).unwrap_or_default();
        let message = match absence {
            Absence::NotSent => format!("AWS makes no key of {}: this lets nobody in", quoted(claim)),
            Absence::NotInTokens => {
                format!("GitLab's tokens carry no {}, so the key is never there: this lets nobody in", quoted(claim))
            }
            _ => return,
        };
        let is_claim = crate::gitlab::job::CLAIMS.contains(&claim);
        let near = nearest(claim, keys::claims_of(&format!("https://{host}")))
            .filter(|_| !is_claim && absence == Absence::NotSent);
        findings.push(match near {
            Some(near) => at_key(seen, &RULE, it, message, Some(&format!("{host}:{near}")))
                .help(format!("did you mean `{near}`?")),
            None => at_key(seen, &RULE, it, message, None).help(instead(&claim.to_ascii_lowercase())),
        });
    });
}

/// Where the claim is to be had, if at all.
fn instead(claim: &str) -> String {
    match claim {
        "project_path" | "namespace_path" | "ref" | "ref_type" | "ref_path" => {
            "ask for `sub`: project, kind of ref and ref stand in it".to_owned()
        }
        "environment" | "environment_action" => format!(
            "it cannot be asked for; from GitLab {} on `sub` can have `deployment_tier` and `environment_protected`",
            Component::DeploymentTier.since().0
        ),
        _ => match put_into_subject(claim) {
            Some(how) => format!("do not ask for it, or {how}"),
            None => "it cannot be asked for: project, kind of ref and ref stand in `sub`".to_owned(),
        },
    }
}
