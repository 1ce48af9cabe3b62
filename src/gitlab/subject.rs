//! The `sub` claim: its components, how GitLab writes it, and how it is taken apart again.
//!
//! Sources: GitLab, "Connect to cloud services", <https://docs.gitlab.com/ci/cloud_services/> and the projects API
//! (`ci_id_token_sub_claim_components`). The rule is `name:value`, joined by `:`, in the configured order; a component without a
//! value is left out, name and all; nothing is escaped. Paths and refs hold no `:`, so the default form is unambiguous.

use super::{ProjectPattern, RefPattern, Version};
use crate::text::{Diagnostic, nearest, quoted};

/// A component of `sub` that a project can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are GitLab's own")]
pub enum Component {
    ProjectPath,
    ProjectId,
    RefType,
    Ref,
    RefProtected,
    EnvironmentProtected,
    DeploymentTier,
}

/// Name, first version that has it, and whether that version is confirmed.
const COMPONENTS: [(Component, &str, Version, bool); 7] = [
    (Component::ProjectPath, "project_path", Version::new(17, 10), true),
    (Component::ProjectId, "project_id", Version::new(19, 1), false),
    (Component::RefType, "ref_type", Version::new(17, 10), true),
    (Component::Ref, "ref", Version::new(17, 10), true),
    (Component::RefProtected, "ref_protected", Version::new(18, 7), true),
    (Component::EnvironmentProtected, "environment_protected", Version::new(18, 7), true),
    (Component::DeploymentTier, "deployment_tier", Version::new(18, 7), true),
];

/// What begins the names of the components that tell of the project that runs the job.
pub const OF_JOB: &str = "job_";

impl Component {
    /// Every component, in GitLab's order.
    pub fn all() -> impl Iterator<Item = Self> {
        COMPONENTS.iter().map(|it| it.0)
    }

    /// Their names.
    pub fn names() -> [&'static str; 7] {
        COMPONENTS.map(|it| it.1)
    }

    /// The name, as in `sub` and in the API.
    pub fn as_str(self) -> &'static str {
        COMPONENTS.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }

    /// The first version of GitLab that has it, and whether that is confirmed.
    pub fn since(self) -> (Version, bool) {
        COMPONENTS.iter().find(|it| it.0 == self).map_or((Version::new(17, 10), false), |it| (it.2, it.3))
    }

    /// Whether only a job with an environment has a value for it.
    pub fn is_of_environment(self) -> bool {
        matches!(self, Self::EnvironmentProtected | Self::DeploymentTier)
    }

    /// Reads a component's name.
    ///
    /// # Errors
    /// A name that GitLab does not have, or one that this version of the setup file leaves out.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        if let Some(found) = COMPONENTS.iter().find(|it| it.1 == text) {
            return Ok(found.0);
        }
        let names: Vec<&str> = COMPONENTS.iter().map(|it| it.1).collect();
        if text.starts_with("job_") || text.starts_with("source_") {
            return Err(Diagnostic::new(format!(
                "the component {} is not supported in version 1 of the setup file",
                quoted(text)
            ))
            .help(format!("one of {}", names.join(", "))));
        }
        let help = match nearest(text, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}; the name of an environment is none", names.join(", ")),
        };
        Err(Diagnostic::new(format!("GitLab has no `sub` component {}", quoted(text))).help(help))
    }
}

/// Which components a project's `sub` has, in order: at least one, the first of them `project_path` or `project_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectFormat {
    components: Vec<Component>,
    is_of_job: bool,
}

impl Default for SubjectFormat {
    fn default() -> Self {
        Self { components: vec![Component::ProjectPath, Component::RefType, Component::Ref], is_of_job: false }
    }
}

impl SubjectFormat {
    /// A format of these components.
    ///
    /// # Errors
    /// What GitLab refuses: none at all, one twice, or another first one.
    pub fn new(components: Vec<Component>) -> Result<Self, Diagnostic> {
        const EXAMPLE: &str = "for example `[\"project_id\", \"ref_type\", \"ref\"]`";
        let Some(first) = components.first() else {
            return Err(Diagnostic::new("GitLab needs at least one `sub` component").help(EXAMPLE));
        };
        if !matches!(first, Component::ProjectPath | Component::ProjectId) {
            let message = format!(
                "GitLab refuses `{}` as the first `sub` component: `project_path` or `project_id`",
                first.as_str()
            );
            return Err(Diagnostic::new(message).help(EXAMPLE));
        }
        for (at, component) in components.iter().enumerate() {
            if components.iter().take(at).any(|it| it == component) {
                return Err(Diagnostic::new(format!("the `sub` component `{}` is named twice", component.as_str()))
                    .help(EXAMPLE));
            }
        }
        Ok(Self { components, is_of_job: false })
    }

    /// The format that names the project that runs the job, by `job_project_path` and `job_project_id`, which only the newest versions of
    /// GitLab have. A merge request from a fork that runs in the parent has the parent's there, and its own in the others. No setup has it.
    pub fn of_job(self) -> Self {
        Self { is_of_job: true, ..self }
    }

    /// Whether it is one of [`Self::of_job`].
    pub fn is_of_job(&self) -> bool {
        self.is_of_job
    }

    /// The components, in order.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// Whether `component` is one of them.
    pub fn has(&self, component: Component) -> bool {
        self.components.contains(&component)
    }

    /// Whether a project that never changed anything has it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The subject: each component's name and value, those without a value left out.
    pub fn write<'v>(&self, value: &dyn Fn(Component) -> Option<&'v str>) -> String {
        let mut out = String::new();
        for component in &self.components {
            if let Some(value) = value(*component) {
                if !out.is_empty() {
                    out.push(':');
                }
                if self.is_of_job && matches!(component, Component::ProjectPath | Component::ProjectId) {
                    out.push_str(OF_JOB);
                }
                out.push_str(component.as_str());
                out.push(':');
                out.push_str(value);
            }
        }
        out
    }
}

/// One component of a subject that was taken apart, or of a pattern of subjects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'t> {
    /// Which component.
    pub component: Component,
    /// Its value, which may hold wildcards.
    pub value: &'t str,
    /// The byte at which the value begins.
    pub start: usize,
}

impl Segment<'_> {
    /// Whether GitLab has a project, or Git a ref, of this name.
    pub fn is_nameable(&self) -> bool {
        match self.component {
            Component::ProjectPath => ProjectPattern::parse(self.value).is_ok(),
            Component::Ref => RefPattern::parse(self.value).is_ok(),
            _ => true,
        }
    }
}

/// Takes a subject, or a pattern of subjects, apart. None where it is not well formed: another component name, a name twice, a
/// wildcard in a name, a `:` in a value.
///
/// A value may hold `*`: it is then shown as the value of its component, though as a wildcard it may cross into the next one.
pub fn segments(subject: &str) -> Option<Vec<Segment<'_>>> {
    let mut found: Vec<Segment<'_>> = Vec::new();
    let mut parts = subject.split(':');
    let mut at = 0;
    while let Some(name) = parts.next() {
        let component = COMPONENTS.iter().find(|it| it.1 == name)?.0;
        let value = parts.next()?;
        let start = at + name.len() + 1;
        if found.iter().any(|it| it.component == component) {
            return None;
        }
        found.push(Segment { component, value, start });
        at = start + value.len() + 1;
    }
    let first = found.first()?;
    matches!(first.component, Component::ProjectPath | Component::ProjectId).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_written_and_taken_apart() {
        let value = |it: Component| match it {
            Component::ProjectPath => Some("mygroup/myrepo"),
            Component::ProjectId => Some("20"),
            Component::RefType => Some("branch"),
            Component::Ref => Some("main"),
            Component::RefProtected => Some("true"),
            _ => None,
        };
        let default = SubjectFormat::default().write(&value);
        assert_eq!(default, "project_path:mygroup/myrepo:ref_type:branch:ref:main");
        let parts = segments(&default).unwrap();
        assert_eq!(parts.iter().map(|it| it.value).collect::<Vec<_>>(), ["mygroup/myrepo", "branch", "main"]);
        for part in parts {
            assert!(default.get(part.start..).unwrap().starts_with(part.value));
        }
        let by_id = SubjectFormat::new(vec![Component::ProjectId, Component::RefType, Component::Ref]).unwrap();
        assert_eq!(by_id.write(&value), "project_id:20:ref_type:branch:ref:main");
        let tier = SubjectFormat::new(vec![
            Component::ProjectPath,
            Component::EnvironmentProtected,
            Component::DeploymentTier,
        ]);
        assert_eq!(
            tier.unwrap().write(&value),
            "project_path:mygroup/myrepo",
            "components without a value are left out"
        );
    }

    #[test]
    fn what_gitlab_never_writes_is_not_well_formed() {
        for odd in [
            "",
            "*",
            "repo:a/b:ref:refs/heads/main",
            "project_path:a/b:environment:prod",
            "ref:main",
            "project_path:a/b:ref",
            "project_*:a/b",
        ] {
            assert_eq!(segments(odd), None, "{odd}");
        }
    }

    #[test]
    fn formats_are_gitlabs() {
        assert!(SubjectFormat::new(vec![]).is_err());
        assert!(SubjectFormat::new(vec![Component::Ref]).is_err());
        assert!(SubjectFormat::new(vec![Component::ProjectPath, Component::ProjectPath]).is_err());
        assert!(Component::parse("job_project_path").unwrap_err().message.contains("version 1"));
        assert!(Component::parse("environment").unwrap_err().help.contains("environment"));
        assert_eq!(Component::parse("ref_typ").unwrap_err().help, "did you mean `ref_type`?");
        for it in Component::all() {
            assert_eq!(Component::parse(it.as_str()), Ok(it));
        }
    }
}
