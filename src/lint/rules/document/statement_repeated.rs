//! `statement-repeated`: two statements that say the same.

use crate::lint::statement::statements;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("statement-repeated"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "a statement stands twice",
    explanation: explanation!("statement_repeated.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let all = statements(bench);
    for (at, it) in all.iter().enumerate() {
        let same = |other: &&crate::lint::statement::Seen<'_>| {
            std::ptr::eq(other.policy, it.policy) && other.says_the_same(it)
        };
        if let Some(first) = all.iter().take(at).find(same) {
            let finding = it.of(&RULE, "", it.statement.span, "this says the same as a statement before it");
            findings
                .push(finding.beside(first.file, first.statement.span, "the first one").help("remove one of the two"));
        }
    }
}
