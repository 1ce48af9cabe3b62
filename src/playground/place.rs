//! The address of something on GitLab, as people copy it: out of a browser, or to clone. Which instance, project and ref it is of.
//!
//! Nobody can tell an instance under a path from a group of that name, so a path counts as the instance's only where the setup says
//! so already. Who signs in with the address (`oauth2:…@`) is dropped: it may be a secret.

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

/// The first part of paths that are no project's: GitLab keeps these names for itself.
const RESERVED: [&str; 6] = ["-", "admin", "dashboard", "explore", "groups", "users"];

/// Branches that no branch of a longer name begins with: git keeps `main` and `main/x` apart by refusing the second.
const USUAL_BRANCHES: [&str; 4] = ["main", "master", "develop", "trunk"];

impl Place {
    /// Whether a text wants to be an address rather than a path.
    pub fn is_address(text: &str) -> bool {
        let text = text.trim_start();
        ["https://", "ssh://", "git@"].iter().any(|it| text.starts_with(it))
    }

    /// Reads an address; `known` is the instance of the setup. None where it is no address of a project.
    pub fn parse(address: &str, known: &str) -> Option<Self> {
        let (address, query) = cut(address.trim(), "?#");
        let (instance, path) = split(address.trim_end_matches('/'), known)?;
        let path = path.trim_matches('/');
        let (project, page) = path.split_once("/-/").unwrap_or((path, ""));
        let project = project.strip_suffix("/-").unwrap_or(project);
        let project = project.strip_suffix(".git").unwrap_or(project);
        let (first, rest) = cut(project, "/");
        let is_project = !rest.is_empty() && !project.contains("//") && !RESERVED.contains(&first);
        is_project.then(|| Self { instance, project: decoded(project), reference: reference(page, query) })
    }
}

/// The text before the first of `marks`, and the text after it.
#[inline(never)]
fn cut<'t>(text: &'t str, marks: &str) -> (&'t str, &'t str) {
    let at = text.find(|c| marks.contains(c)).unwrap_or(text.len());
    (text.get(..at).unwrap_or(text), text.get(at + 1..).unwrap_or(""))
}

/// The instance's address, and the path below it.
fn split<'a>(address: &'a str, known: &str) -> Option<(String, &'a str)> {
    let known_rest = known.strip_prefix("https://").unwrap_or("");
    let is_web = address.starts_with("https://");
    let (is_ssh_url, rest) = match address.strip_prefix(if is_web { "https://" } else { "ssh://" }) {
        Some(rest) => (!is_web, rest),
        None => (false, address.strip_prefix("git@")?),
    };
    // Who signs in stands before the host.
    let (authority, _) = cut(rest, "/");
    let rest = if is_web || is_ssh_url { rest.get(authority.rfind('@').map_or(0, |at| at + 1)..)? } else { rest };
    if is_web
        && !known_rest.is_empty()
        && let Some(path) = rest.strip_prefix(known_rest).filter(|it| it.starts_with('/'))
    {
        return Some((known.to_owned(), path));
    }
    let (host, path) = cut(rest, if is_web || is_ssh_url { "/" } else { ":" });
    // Addresses for ssh have neither the port of https nor the path that GitLab is installed under.
    let host = if is_web { host } else { cut(host, ":").0 };
    let is_known = !is_web && cut(known_rest, ":/").0 == host;
    let instance = if is_known { known.to_owned() } else { format!("https://{host}") };
    (!host.is_empty() && !host.contains('/') && !path.is_empty()).then_some((instance, path))
}

/// The ref of a project's page. Where a path follows the ref, as in the address of a file, nobody can tell where a ref with
/// slashes ends: then there is none.
fn reference(page: &str, query: &str) -> Option<(RefType, String)> {
    let (kind, rest) = cut(page, "/");
    let (first, file) = cut(rest, "/");
    let is_tag = ["tags", "releases"].contains(&kind);
    let is_tree = ["tree", "commits"].contains(&kind);
    let is_file = ["blob", "blame", "raw"].contains(&kind);
    // Of a file: one name and one more is read in one way alone.
    let is_first = !is_tag && (USUAL_BRANCHES.contains(&first) || (is_file && !file.is_empty() && !file.contains('/')));
    if !(is_tag || is_tree || is_file && is_first) {
        return None;
    }
    let is_tag = is_tag || query.split(['&', '#']).any(|it| it == "ref_type=tags");
    let name = decoded(if is_first { first } else { rest });
    let is_commit = name.len() >= 40 && name.bytes().all(|b| b.is_ascii_hexdigit());
    let kind = if is_tag { RefType::Tag } else { RefType::Branch };
    (!name.is_empty() && !is_commit).then_some((kind, name))
}

/// `%2F` as `/` and so on; a text that is no UTF-8 then stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    while let Some((first, after)) = rest.split_first() {
        let byte = match after {
            [a, b, ..] if *first == b'%' => digit(a).zip(digit(b)).and_then(|(a, b)| u8::try_from(a * 16 + b).ok()),
            _ => None,
        };
        bytes.push(byte.unwrap_or(*first));
        rest = after.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
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
    fn each_kind_of_page_tells_its_ref() {
        let branch = |name| Some((RefType::Branch, name));
        let tag = |name| Some((RefType::Tag, name));
        for (page, expected) in [
            ("tree/feature/login", branch("feature/login")),
            ("tree/main/docs/api", branch("main")),
            ("tree/v1.0?ref_type=tags", tag("v1.0")),
            ("tree/v1.0?x=1&ref_type=tags#readme", tag("v1.0")),
            ("tree/v1.0#?ref_type=tags", branch("v1.0")),
            ("commits/release/2.x", branch("release/2.x")),
            ("commits/main?ref_type=heads", branch("main")),
            ("blob/main/src/lib.rs", branch("main")),
            ("blob/next/README.md?ref_type=heads", branch("next")),
            ("blob/feature/login/README.md", None),
            ("raw/v2/a.sh?ref_type=tags", tag("v2")),
            ("tags/release/v1", tag("release/v1")),
            ("tags/caf%C3%A9%23%zz", tag("café#%zz")),
            ("releases/v1.2", tag("v1.2")),
            ("tree/%ff", branch("%ff")),
            ("tree/714a629c0b401fdce83e847fc9589983fc6f46bc", None),
            ("commit/714a629c", None),
            ("pipelines/7?ref_type=tags", None),
            ("merge_requests/7", None),
            ("tree/", None),
            ("tree", None),
            ("", None),
        ] {
            check(
                &format!("https://gitlab.com/acme/shop/-/{page}"),
                Some(("https://gitlab.com", "acme/shop", expected)),
            );
        }
    }

    #[test]
    fn an_address_to_clone_is_one_of_its_project() {
        let known = "https://git.example.com/gitlab";
        check("git@gitlab.com:acme/web/shop.git", Some(("https://gitlab.com", "acme/web/shop", None)));
        check("ssh://git@gitlab.com:2222/acme/shop.git", Some(("https://gitlab.com", "acme/shop", None)));
        check("git@git.example.com:acme/shop.git", Some((known, "acme/shop", None)));
        check("https://git.example.com/gitlab/acme/shop.git", Some((known, "acme/shop", None)));
        check("https://oauth2:glpat-s3cret@gitlab.com/acme/shop.git", Some(("https://gitlab.com", "acme/shop", None)));
        check("https://me@git.example.com/gitlab/a/b/-/tags/v1", Some((known, "a/b", Some((RefType::Tag, "v1")))));
        check("https://git.corp:8443/acme/shop.git", Some(("https://git.corp:8443", "acme/shop", None)));
    }

    #[test]
    fn what_is_no_project_is_none() {
        for text in [
            "",
            "acme/shop",
            "http://gitlab.com/a/b",
            "https://gitlab.com",
            "https://gitlab.com/acme",
            "https://gitlab.com/groups/acme/-/activity",
            "https://gitlab.com/-/user_settings/profile",
            "https:///a/b",
            "git@gitlab.com",
            "git@:a/b",
            "ssh://git@gitlab.com",
            "git@gitlab.com:acme",
            "https://gitlab.com/a//b",
        ] {
            assert_eq!(Place::parse(text, "https://gitlab.com"), None, "{text}");
        }
    }
}
