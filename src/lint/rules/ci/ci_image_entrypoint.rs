//! `ci-image-entrypoint`: the AWS CLI's image, whose entrypoint is `aws`, as the image of a job with a script.

use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-image-entrypoint"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the AWS CLI's image starts `aws` instead of a shell",
    explanation: explanation!("ci_image_entrypoint.md"),
    check,
};

/// Images whose entrypoint is `aws`. Source: the AWS CLI's own Dockerfile.
const IMAGES: [&str; 3] = ["amazon/aws-cli", "public.ecr.aws/aws-cli/aws-cli", "docker.io/amazon/aws-cli"];

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench).into_iter().filter(|it| !it.job.is_hidden && !it.scripts.is_empty()) {
        let Some(image) = job.job.image.as_ref().filter(|it| it.entrypoint.is_none()) else { continue };
        let name = image.name.value.as_str();
        let repository = name.split('@').next().unwrap_or(name);
        let repository = repository.rsplit_once(':').map_or(repository, |it| it.0);
        if !IMAGES.contains(&repository) && !IMAGES.contains(&name) {
            continue;
        }
        let mut finding = RULE
            .finding(
                job.file,
                image.name.span,
                format!("{} starts `aws`, so on a Docker executor the job's script does not run", quoted(name)),
            )
            .help("write the image as a map with `entrypoint: [\"\"]`");
        if image.span == image.name.span {
            let written = bench.files.get(job.file).map_or("", |it| image.name.span.of(&it.text));
            let text = format!("{{ name: {written}, entrypoint: [\"\"] }}");
            finding = finding.fix("give the job a shell", image.span, text);
        }
        findings.push(finding);
    }
}
