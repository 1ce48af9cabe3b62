//! What a `.gitlab-ci.yml` names: jobs, images, environments, and the sources of pipelines.
//!
//! Sources: GitLab, "CI/CD YAML syntax reference", <https://docs.gitlab.com/ci/yaml/>, and "Predefined CI/CD variables reference".

use crate::text::{Diagnostic, checked_text, quoted};

/// Words that are no job names. Source: CI/CD YAML syntax reference, "Jobs".
const RESERVED: [&str; 17] = [
    "image",
    "services",
    "stages",
    "types",
    "before_script",
    "after_script",
    "variables",
    "cache",
    "include",
    "true",
    "false",
    "nil",
    "pages:deploy",
    "default",
    "workflow",
    "spec",
    // YAML's merge key.
    "<<",
];

/// The longest name of a job or environment.
const NAME_MOST: usize = 255;

/// Values of a token's `pipeline_source`. Source: GitLab, "Specify when jobs run with rules", `CI_PIPELINE_SOURCE`. Not closed:
/// GitLab adds some.
pub const PIPELINE_SOURCES: [&str; 16] = [
    "push",
    "web",
    "schedule",
    "api",
    "trigger",
    "merge_request_event",
    "parent_pipeline",
    "pipeline",
    "chat",
    "external",
    "external_pull_request_event",
    "ondemand_dast_scan",
    "ondemand_dast_validation",
    "security_orchestration_policy",
    "webide",
    "unknown",
];

/// Values of a token's `runner_environment`.
pub const RUNNER_ENVIRONMENTS: [&str; 2] = ["gitlab-hosted", "self-hosted"];

/// Values of a token's `user_access_level`.
pub const ACCESS_LEVELS: [&str; 6] = ["guest", "planner", "reporter", "developer", "maintainer", "owner"];

/// Values of a token's `deployment_tier`.
pub const DEPLOYMENT_TIERS: [&str; 5] = ["production", "staging", "testing", "development", "other"];

/// Every value that GitLab has for the claim, where it has a few.
pub fn known_values(claim: &str) -> Option<&'static [&'static str]> {
    match claim {
        "pipeline_source" => Some(&PIPELINE_SOURCES),
        "runner_environment" => Some(&RUNNER_ENVIRONMENTS),
        "user_access_level" => Some(&ACCESS_LEVELS),
        "ref_protected" => Some(&["true", "false"]),
        _ => None,
    }
}

checked_text! {
    /// The name of a CI job.
    JobName
}

impl JobName {
    /// Reads a job's name.
    ///
    /// # Errors
    /// What GitLab refuses, or would not run.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let wrong = |message: String| Err(Diagnostic::new(message).help("for example `deploy`"));
        let length = text.chars().count();
        if length == 0 {
            return wrong("GitLab needs a name for the job".to_owned());
        }
        if length > NAME_MOST {
            return wrong(format!("GitLab takes job names of at most {NAME_MOST} characters; this has {length}"));
        }
        if RESERVED.contains(&text) {
            return wrong(format!("{} is a keyword of GitLab's, no job", quoted(text)));
        }
        if text.starts_with('.') {
            return wrong(format!("GitLab runs no job whose name begins with a dot: {}", quoted(text)));
        }
        if text.trim() != text || text.chars().any(crate::text::is_invisible) {
            return wrong(format!(
                "a job's name has no spaces around it and no invisible characters: {}",
                quoted(text)
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

checked_text! {
    /// A container image, as in `image:`.
    Image
}

impl Image {
    /// Reads the name of an image.
    ///
    /// # Errors
    /// What is no image's name.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-/:@${}".contains(c);
        if text.is_empty() || text.len() > 512 || !text.chars().all(fits) || text.starts_with(['/', ':', '-', '.']) {
            return Err(Diagnostic::new(format!("no container image is named {}", quoted(text)))
                .help(format!("for example `{DEFAULT_IMAGE}`")));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether it names one version: a tag other than `latest`, or a digest.
    pub fn is_pinned(&self) -> bool {
        let last = self.0.rsplit('/').next().unwrap_or("");
        last.contains('@') || last.split_once(':').is_some_and(|(_, tag)| !tag.is_empty() && tag != "latest")
    }
}

/// The image of a job that names none: AWS's own with the CLI, version 2, pinned.
pub const DEFAULT_IMAGE: &str = "public.ecr.aws/aws-cli/aws-cli:2.36.46";

checked_text! {
    /// The name of an environment.
    EnvironmentName
}

impl EnvironmentName {
    /// Reads the name of an environment.
    ///
    /// # Errors
    /// What GitLab refuses.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "_/${}. -".contains(c);
        if text.is_empty()
            || text.len() > NAME_MOST
            || !text.chars().all(fits)
            || text.starts_with('/')
            || text.ends_with('/')
        {
            return Err(Diagnostic::new(format!("GitLab takes no environment named {}", quoted(text)))
                .help("letters, digits, spaces and `-_/${}.`, for example `production`"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_images_and_environments() {
        for right in ["deploy", "deploy to prod: eu", "a'b\"c", "pages"] {
            assert!(JobName::parse(right).is_ok(), "{right}");
        }
        for wrong in ["", "image", ".hidden", " a", "a\nb", "a\u{202e}b", &"x".repeat(256)] {
            assert!(JobName::parse(wrong).is_err(), "{wrong}");
        }
        for (image, pinned) in [
            ("amazon/aws-cli", false),
            ("amazon/aws-cli:latest", false),
            ("localhost:5000/x", false),
            ("a/b:1.2", true),
            ("a@sha256:00", true),
        ] {
            assert_eq!(Image::parse(image).unwrap().is_pinned(), pinned, "{image}");
        }
        assert!(Image::parse(DEFAULT_IMAGE).unwrap().is_pinned());
        for wrong in ["", "a b", "x\ny", "a;b"] {
            assert!(Image::parse(wrong).is_err(), "{wrong}");
        }
        assert!(EnvironmentName::parse("review/$CI_COMMIT_REF_SLUG").is_ok());
        assert!(EnvironmentName::parse("/x").is_err());
    }
}
