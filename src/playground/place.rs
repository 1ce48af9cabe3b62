//! The address of something on GitLab, as people copy it out of a browser: which instance, project and ref it is of.
//!
//! Nobody can tell an instance under a path from a group of that name, so a path counts as the instance's only where the setup says
//! so already.

use crate::gitlab::RefType;

/// What an address tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The instance's address.
    pub instance: String,
    /// The project's path.
    pub project: String,
    /// The ref, where the address is of one.
    pub reference: Option<(RefType, String)>,
}

impl Place {
    /// Reads an address; `known` is the instance of the setup. None where it is no address of a project.
    pub fn parse(address: &str, known: &str) -> Option<Self> {
        let address = address.trim();
        let address = address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/');
        let rest = address.strip_prefix("https://")?;
        let is_known = |it: &str| it.starts_with('/') && !known.is_empty();
        let (instance, path) = match address.strip_prefix(known).filter(|it| is_known(it)) {
            Some(path) => (known.to_owned(), path),
            None => {
                let host = rest.split('/').next().unwrap_or(rest);
                (format!("https://{host}"), rest.strip_prefix(host)?)
            }
        };
        let path = path.trim_matches('/');
        let (project, page) = path.split_once("/-/").unwrap_or((path, ""));
        let project = project.strip_suffix(".git").unwrap_or(project);
        (project.contains('/') && !project.contains("//")).then(|| Self {
            instance,
            project: project.to_owned(),
            reference: reference(page),
        })
    }
}

/// The ref of a project's page. Where a path follows the ref, as in the address of a file, nobody can tell where the ref ends.
fn reference(page: &str) -> Option<(RefType, String)> {
    let (kind, name) = page.split_once('/')?;
    let kind = match kind {
        "tree" | "commits" => RefType::Branch,
        "tags" | "releases" => RefType::Tag,
        _ => return None,
    };
    (!name.is_empty()).then(|| (kind, name.replace("%2F", "/").replace("%2f", "/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The instance, the project, and the ref if there is one.
    type Expected<'t> = (&'t str, &'t str, Option<(RefType, &'t str)>);

    fn check(address: &str, expected: Option<Expected<'_>>) {
        let found = Place::parse(address, "https://git.example.com/gitlab");
        let found = found.as_ref().map(|it| {
            let reference = it.reference.as_ref().map(|it| (it.0, it.1.as_str()));
            (it.instance.as_str(), it.project.as_str(), reference)
        });
        assert_eq!(found, expected, "{address}");
    }

    #[test]
    fn an_address_tells_instance_project_and_ref() {
        let com = "https://gitlab.com";
        check("https://gitlab.com/acme/shop", Some((com, "acme/shop", None)));
        check(" https://gitlab.com/acme/web/shop.git ", Some((com, "acme/web/shop", None)));
        check(
            "https://gitlab.com/acme/shop/-/tree/main?ref_type=heads",
            Some((com, "acme/shop", Some((RefType::Branch, "main")))),
        );
        check("https://gitlab.com/acme/shop/-/tags/v1.0", Some((com, "acme/shop", Some((RefType::Tag, "v1.0")))));
        check(
            "https://gitlab.com/acme/shop/-/tree/feature%2Flogin/",
            Some((com, "acme/shop", Some((RefType::Branch, "feature/login")))),
        );
        check("https://gitlab.com/acme/shop/-/pipelines/12#jobs", Some((com, "acme/shop", None)));
        check("https://git.example.com/gitlab/acme/shop", Some(("https://git.example.com/gitlab", "acme/shop", None)));
        check("https://git.example.com/gitlabs/shop", Some(("https://git.example.com", "gitlabs/shop", None)));
    }

    #[test]
    fn what_is_no_project_is_none() {
        for text in
            ["", "acme/shop", "http://gitlab.com/a/b", "https://gitlab.com", "https://gitlab.com/acme", "https:///a/b"]
        {
            let instance = Place::parse(text, "https://gitlab.com").map(|it| it.instance);
            assert!(instance.is_none() || text == "https:///a/b", "{text}");
        }
    }
}
