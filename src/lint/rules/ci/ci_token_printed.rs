//! `ci-token-printed`: an ID token printed in a form that GitLab does not mask.
//!
//! A token printed as it stands is masked in the log. Its middle part alone is no secret.

use crate::lint::job::{Script, jobs};
use crate::lint::shell::Command;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-token-printed"),
    severity: Severity::High,
    confidence: Confidence::Medium,
    summary: "the ID token goes into the log unmasked",
    explanation: explanation!("ci_token_printed.md"),
    check,
};

/// Programs after which a mask does not know its text again.
const ENCODERS: [&str; 7] = ["base64", "base32", "rev", "xxd", "od", "hexdump", "fold"];

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench) {
        let tokens: Vec<&str> = job.job.id_tokens.iter().map(|it| it.name.value.as_str()).collect();
        for script in &job.scripts {
            for command in script.commands.iter().filter(|it| it.inside.is_none() && is_unmasked(script, it)) {
                let all = command.words.iter().flat_map(|it| script.references(it));
                for it in all.filter(|it| tokens.contains(&it.name)).take(1) {
                    findings.push(
                        RULE.finding(
                            job.file,
                            script.place(&it.range),
                            format!("`${}` goes into the log, encoded past GitLab's mask", it.name),
                        )
                        .help("to look at its claims, decode the middle part alone: `cut -d. -f2`"),
                    );
                }
            }
        }
    }
}

/// Whether what the command prints goes through an encoder and then to the log.
fn is_unmasked(script: &Script<'_>, first: &Command) -> bool {
    let mut stages = vec![first];
    while let Some(next) = stages.last().and_then(|it| it.pipes_into).and_then(|it| script.commands.get(it)) {
        stages.push(next);
    }
    let encodes = |it: &&Command| {
        let words = it.arguments(script.text);
        let decodes = words.iter().any(|it| matches!(*it, "-d" | "-D" | "--decode" | "-r"));
        ENCODERS.contains(&it.name(script.text)) && !decodes
    };
    let prints = matches!(first.name(script.text), "echo" | "printf") || encodes(&first);
    let cuts = |it: &&Command| matches!(it.name(script.text), "cut" | "awk" | "jq" | "sed" | "wc" | "sha256sum");
    prints && stages.iter().any(encodes) && !stages.iter().any(cuts) && !stages.iter().any(|it| it.is_redirected)
}
