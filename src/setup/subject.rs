//! A project's custom `sub`: what it comes to for a scope as typed, and how it is set.
//!
//! Sources: GitLab, projects API, `PUT /projects/:id`, `ci_id_token_sub_claim_components`,
//! <https://docs.gitlab.com/api/projects/#edit-a-project>; Terraform provider `gitlab`, resource `gitlab_project`.

use super::ScopeDraft;
use crate::document::json::Node;
use crate::gitlab::{Component, SubjectFormat};
use crate::print::json::compact;
use crate::print::{hcl, shell};

/// The setting, as the API and Terraform call it.
const SETTING: &str = "ci_id_token_sub_claim_components";

/// Stands where a scope has no value yet.
const NO_VALUE: &str = "…";

impl ScopeDraft {
    /// The names of the components of `sub`, in order: its own, or GitLab's default.
    pub fn components(&self) -> Vec<&str> {
        match &self.sub_claim_components {
            Some(names) => names.iter().map(String::as_str).collect(),
            None => vec!["project_path", "ref_type", "ref"],
        }
    }

    /// The patterns of `sub` that the scope asks for, as far as they are typed: two where it speaks of branches and tags.
    pub fn subjects(&self) -> Vec<String> {
        let components = self.components().into_iter().filter_map(|it| Component::parse(it).ok()).collect();
        let format = SubjectFormat::new(components).unwrap_or_default();
        let kinds: &[&str] = match self.ref_type.as_deref() {
            Some("any") if format.has(Component::RefType) => &["branch", "tag"],
            Some("tag") => &["tag"],
            _ => &["branch"],
        };
        let flag = |it: Option<bool>| it.map(|it| if it { "true" } else { "false" });
        let subject = |kind: &&'static str| {
            format.write(&|component| {
                let value = match component {
                    Component::ProjectPath => self.project.as_deref(),
                    Component::ProjectId => self.project_id.as_deref(),
                    Component::RefType => Some(*kind),
                    Component::Ref => self.reference.as_deref().or(Some("main")),
                    Component::RefProtected => flag(self.ref_protected),
                    Component::EnvironmentProtected => flag(self.environment_protected),
                    Component::DeploymentTier => self.deployment_tier.as_deref(),
                };
                value.filter(|it| !it.is_empty()).or(Some(NO_VALUE))
            })
        };
        kinds.iter().map(subject).collect()
    }
}

/// The call that sets a project's components, for `sh`. The project is its path; of a pattern each project has to be named.
pub fn set_by_api(url: &str, project: &str, components: &[&str]) -> String {
    let components = components.iter().map(|it| Node::text(*it)).collect();
    let body = compact(&Node::object(vec![(SETTING, Node::array(components))]));
    let (mut out, id) = if project.contains(['*', '?']) {
        (shell::comment(&format!("For each project of {project}, with its number in the place of PROJECT:")), "PROJECT")
    } else {
        (String::new(), project)
    };
    let address = format!("{url}/api/v4/projects/{}", id.replace('/', "%2F"));
    out.push_str(&shell::code(
        "curl --fail --request PUT --header \"PRIVATE-TOKEN: $GITLAB_TOKEN\" \\
  --header 'Content-Type: application/json' --data {} {}
",
        &[&body, &address],
    ));
    out
}

/// The attribute of Terraform's `gitlab_project` that sets them.
pub fn set_by_terraform(components: &[&str]) -> String {
    let items: String = components.iter().map(|it| hcl::lines("  {},\n", &[it])).collect();
    format!("{SETTING} = [\n{items}]\n")
}

/// The first version of GitLab that has a component, in words; where it is not confirmed, they say so.
pub fn since(component: Component) -> String {
    match component.since() {
        (version, true) => format!("GitLab {version}"),
        (version, false) => format!("about GitLab {version}, not confirmed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::{Draft, check, file};

    const CUSTOM: &str = include_str!("../../tests/setups/custom-subject.json");

    #[test]
    fn a_typed_subject_is_the_checked_ones() {
        let setup = file::read(CUSTOM).unwrap();
        let draft: &Draft = setup.draft();
        let mut seen = 0;
        for (role, drafted) in setup.roles().iter().zip(&draft.roles) {
            for (scope, drafted) in role.scopes.iter().zip(&drafted.scopes) {
                assert_eq!(drafted.subjects(), scope.subjects());
                seen += 1;
            }
        }
        assert_eq!(seen, 3);
        let mut any = draft.roles[1].scopes[0].clone();
        (any.ref_type, any.reference, any.ref_protected) = (Some("any".to_owned()), Some("v*".to_owned()), None);
        assert_eq!(
            any.subjects(),
            [
                "project_path:mygroup/*:ref_type:branch:ref:v*:ref_protected:…",
                "project_path:mygroup/*:ref_type:tag:ref:v*:ref_protected:…"
            ]
        );
        any.sub_claim_components = None;
        let mut plain = draft.clone();
        plain.gitlab.url = None;
        plain.roles = vec![crate::setup::RoleDraft { scopes: vec![any.clone()], ..draft.roles[0].clone() }];
        assert_eq!(check(&plain).unwrap().roles()[0].scopes[0].subjects(), any.subjects());
    }

    #[test]
    fn what_sets_it_is_quoted() {
        let call = set_by_api("https://git.example.com/it's", "a/b", &["project_id", "ref"]);
        assert_eq!(
            call,
            "curl --fail --request PUT --header \"PRIVATE-TOKEN: $GITLAB_TOKEN\" \\\n  --header 'Content-Type: application/json' \
             --data '{\"ci_id_token_sub_claim_components\":[\"project_id\",\"ref\"]}' \
             'https://git.example.com/it'\\''s/api/v4/projects/a%2Fb'\n"
        );
        assert!(set_by_api("https://gitlab.com", "a/*", &["project_path"]).ends_with("/projects/PROJECT\n"));
        let text = set_by_terraform(&["project_id", "ref_type", "ref"]);
        let body: ::hcl::Body = ::hcl::from_str(&text).unwrap();
        assert_eq!(body.attributes().next().unwrap().key(), SETTING);
        assert!(text.contains("\"project_id\""), "{text}");
    }

    #[test]
    fn an_unconfirmed_version_is_said_to_be_one() {
        assert_eq!(since(Component::DeploymentTier), "GitLab 18.7");
        assert!(since(Component::ProjectId).contains("not confirmed"));
    }
}
