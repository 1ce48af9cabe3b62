//! `ci-image-not-pinned`: the image of a job that signs in to AWS names no version.

use crate::gitlab::ci::Image;
use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-image-not-pinned"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "image of a job that signs in names no version",
    explanation: explanation!("ci_image_not_pinned.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench).into_iter().filter(|it| !it.job.is_hidden && it.signs_in()) {
        let Some(image) = job.job.image.as_ref().filter(|it| !it.name.value.contains('$')) else { continue };
        if Image::parse(&image.name.value).is_ok_and(|it| !it.is_pinned()) {
            let message = format!(
                "{} names no version, and its container gets the role's credentials",
                quoted(&image.name.value)
            );
            findings.push(
                RULE.finding(job.file, image.name.span, message).help("add a tag other than `latest`, or a digest"),
            );
        }
    }
}
