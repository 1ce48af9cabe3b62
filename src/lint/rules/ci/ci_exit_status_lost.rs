//! `ci-exit-status-lost`: `export` around a sign-in, whose failure nobody sees.

use crate::lint::job::Script;
use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-exit-status-lost"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a failed sign-in does not stop the job",
    explanation: explanation!("ci_exit_status_lost.md"),
    check,
};

/// Commands whose exit status is their own, whatever their words did.
const BUILTINS: [&str; 5] = ["export", "local", "readonly", "declare", "typeset"];

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench) {
        for script in &job.scripts {
            for (at, command) in script.commands.iter().enumerate() {
                let name = command.name(script.text);
                if !BUILTINS.contains(&name) || !signs_in_inside(script, at) {
                    continue;
                }
                let word = command.words.iter().find(|it| script.text.get((*it).clone()) == Some(name));
                let place = script.place(word.unwrap_or(&(0..0)));
                findings.push(
                    RULE.finding(job.file, place, format!("`{name}` hides whether `aws sts` failed"))
                        .help("take the answer first, `answer=$(aws sts …) || exit 1`, and export after it"),
                );
            }
        }
    }
}

/// Whether a sign-in stands inside `$(…)` of that command.
fn signs_in_inside(script: &Script<'_>, outer: usize) -> bool {
    script.commands.iter().filter(|it| it.name(script.text) == "aws").any(|it| {
        let words = it.arguments(script.text);
        let is_inside = std::iter::successors(it.inside, |at| script.commands.get(*at).and_then(|it| it.inside));
        words.get(1) == Some(&"sts") && is_inside.into_iter().any(|it| it == outer)
    })
}
