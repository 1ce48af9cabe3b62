//! `principal-aws-everyone`: the principal `{"AWS": "*"}` in an `Allow` of `sts:AssumeRole`.

use crate::aws::policy::{Effect, PrincipalKind};
use crate::lint::statement::{covers, statements};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("principal-aws-everyone"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "every AWS account may assume the role",
    explanation: explanation!("principal_aws_everyone.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in statements(bench) {
        if seen.statement.effect != Effect::Allow || !covers(seen.statement, "sts:AssumeRole") {
            continue;
        }
        let everyone = |it: &&crate::aws::policy::Principal| it.kind == PrincipalKind::Aws && it.text.value == "*";
        for it in seen.statement.principals.iter().filter(everyone) {
            let message = if seen.statement.conditions.is_empty() {
                "everybody with an AWS account may assume this role"
            } else {
                "everybody with an AWS account may assume this role who meets the conditions"
            };
            findings.push(
                seen.of(&RULE, ".Principal", it.text.span, message)
                    .help("name the account or the role that may, or remove it"),
            );
        }
    }
}
