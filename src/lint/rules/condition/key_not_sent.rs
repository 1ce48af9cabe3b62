//! `key-not-sent`: a key for a claim of GitLab's that AWS does not make a condition key of.

use crate::aws::keys;
use crate::lint::key::{Absence, at_key, each_dead};
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
            None => at_key(seen, &RULE, it, message, None).help(instead(claim)),
        });
    });
}

/// Where the claim is to be had, if at all. Source: GitLab, "Connect to cloud services", components of `sub`.
fn instead(claim: &str) -> &'static str {
    match claim.to_ascii_lowercase().as_str() {
        "project_path" | "namespace_path" | "ref" | "ref_type" | "ref_path" => {
            "ask for `sub`: project, kind of ref and ref stand in it"
        }
        "environment_protected" | "deployment_tier" => {
            "from GitLab 18.7 on it can be put into `sub`: `ci_id_token_sub_claim_components`"
        }
        "environment" | "environment_action" => {
            "it cannot be asked for; from GitLab 18.7 on `sub` can have `deployment_tier` and `environment_protected`"
        }
        "job_project_path" | "job_project_id" | "source_project_path" | "source_project_id" => {
            "in later releases of GitLab 19 it can be put into `sub`: `ci_id_token_sub_claim_components`"
        }
        _ => "it cannot be asked for: project, kind of ref and ref stand in `sub`",
    }
}
