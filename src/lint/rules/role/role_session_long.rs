//! `role-session-long`: a role for CI jobs that gives out sessions of twelve hours.

use crate::aws::limits::MAX_SESSION_SECONDS;
use crate::lint::provider::trusts;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("role-session-long"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "sessions of up to half a day for a CI job",
    explanation: explanation!("role_session_long.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for trust in trusts(bench) {
        let Some(it) = &trust.found.max_session_seconds else { continue };
        if it.value.parse() == Ok(*MAX_SESSION_SECONDS.end()) {
            findings.push(
                RULE.finding(
                    trust.file,
                    it.span,
                    "a job can ask this role for sessions of 12 hours, which may outlive it and its token",
                )
                .help("set an hour, or as long as the longest job runs"),
            );
        }
    }
}
