//! The link: `#1.` and the setup file, compact, deflated, in base64url. In the fragment alone; never a token, never a claim.
//!
//! The command packs and unpacks with a library; the page leaves both to the browser, which has them, and calls `contents`,
//! `fragment`, `parts` and `open` around it. The bytes may differ, what they unpack to does not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::setup::{Setup, file};
use crate::text::Diagnostic;

/// A setup file is never larger than this, in bytes, once unpacked.
pub const MOST: u32 = 1024 * 1024;

/// What a link opens.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The setup.
    pub setup: Setup,
    /// The role that is chosen, by name, if the link says.
    pub role: Option<String>,
    /// Whether the page is shown inside another one.
    pub embedded: bool,
}

/// What a link is made of, before its setup is unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The setup file, compact, as raw deflate.
    pub packed: Vec<u8>,
    role: Option<String>,
    embedded: bool,
}

/// What a link packs: the setup file, compact.
pub fn contents(setup: &Setup) -> String {
    file::write_compact(setup)
}

/// What a link's field says when the page is shown inside another one.
const EMBEDDED: &str = "&view=embed";

/// The fragment of packed contents, `#` included, with the name of the role that is chosen, if it is not the first.
pub fn fragment(packed: &[u8], role: Option<&str>, is_embedded: bool) -> String {
    let mut fragment = format!("#1.{}", URL_SAFE_NO_PAD.encode(packed));
    if is_embedded {
        fragment.push_str(EMBEDDED);
    }
    if let Some(role) = role {
        // Nothing of what IAM allows in a name means anything in a fragment.
        fragment.push_str("&role=");
        fragment.push_str(role);
    }
    fragment
}

/// Whether a fragment, of a good link or not, asks for the page inside another one.
pub fn is_embedded(fragment: &str) -> bool {
    fragment.split('&').skip(1).any(|it| it == "view=embed")
}

/// The same link for the page by itself.
pub fn by_itself(fragment: &str) -> String {
    fragment.replace(EMBEDDED, "")
}

/// Takes a link apart: a whole address, or its fragment with or without `#`.
///
/// # Errors
/// A link that is damaged, of a newer version, or not one of ours, by name.
pub fn parts(link: &str) -> Result<Parts, Diagnostic> {
    let fragment = link.trim();
    let fragment = fragment.split_once('#').map_or(fragment, |it| it.1);
    let foreign =
        || Diagnostic::new("this link is not one of Claimcheck's").help("its part after `#` begins with `1.`");
    let (version, rest) = fragment.split_once('.').ok_or_else(foreign)?;
    match version.parse::<u32>() {
        Ok(1) => {}
        Ok(newer) if newer > 1 => {
            let message = format!("this link is of version {newer}; this page reads version 1");
            return Err(Diagnostic::new(message).help("open it on a newer Claimcheck"));
        }
        _ => return Err(foreign()),
    }
    let mut fields = rest.split('&');
    let packed = URL_SAFE_NO_PAD.decode(fields.next().unwrap_or("")).map_err(|_| damaged())?;
    let mut parts = Parts { packed, role: None, embedded: false };
    for field in fields {
        match field.split_once('=') {
            Some(("view", "embed")) => parts.embedded = true,
            Some(("role", name)) => parts.role = Some(name.to_owned()),
            // What a newer page adds to a link is no reason to refuse it.
            _ => {}
        }
    }
    Ok(parts)
}

/// The message for a link whose contents cannot be unpacked.
pub fn damaged() -> Diagnostic {
    Diagnostic::new("this link is damaged: a part of it is missing or changed").help("copy it again, whole")
}

/// Opens a link whose contents were unpacked.
///
/// # Errors
/// Contents that are no setup file, with the first place.
pub fn open(parts: Parts, unpacked: Vec<u8>) -> Result<Link, Diagnostic> {
    let text = String::from_utf8(unpacked).map_err(|_| damaged())?;
    let setup = file::read(&text).map_err(|wrong| {
        let first = wrong.first().map(|it| it.one_line(&text)).unwrap_or_default();
        Diagnostic::new(format!("the setup in this link is not right: {first}"))
    })?;
    Ok(Link { setup, role: parts.role, embedded: parts.embedded })
}

/// The fragment of a setup, `#` included.
#[cfg(not(target_arch = "wasm32"))]
pub fn write(setup: &Setup) -> String {
    fragment(&miniz_oxide::deflate::compress_to_vec(contents(setup).as_bytes(), 9), None, false)
}

/// Reads a link: a whole address, or its fragment with or without `#`.
///
/// # Errors
/// As [`parts`] and [`open`].
#[cfg(not(target_arch = "wasm32"))]
pub fn read(link: &str) -> Result<Link, Diagnostic> {
    let parts = parts(link)?;
    let unpacked =
        miniz_oxide::inflate::decompress_to_vec_with_limit(&parts.packed, MOST as usize).map_err(|_| damaged())?;
    open(parts, unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::example;

    #[test]
    fn a_link_opens_the_setup_that_it_was_made_of() {
        let setup = example();
        let link = write(&setup);
        assert!(link.len() < 500, "{} characters", link.len());
        assert_eq!(read(&link).unwrap(), Link { setup: setup.clone(), role: None, embedded: false });
        let address = format!("https://docs.example.com/claimcheck/{link}&view=embed&role=gitlab-prod-deploy");
        let read = read(&address).unwrap();
        assert!(read.embedded && read.setup == setup && read.role.as_deref() == Some("gitlab-prod-deploy"));
    }

    #[test]
    fn a_link_keeps_the_role_and_the_view() {
        let link = fragment(&parts(&write(&example())).unwrap().packed, Some("1+1=2,@3"), true);
        let read = read(&link).unwrap();
        assert!(read.embedded && read.role.as_deref() == Some("1+1=2,@3"), "{link}");
        assert!(is_embedded(&link) && is_embedded("#1.!!!&view=embed"), "a broken link too");
        assert_eq!(by_itself(&link), write(&example()) + "&role=1+1=2,@3");
        assert!(!is_embedded(&by_itself(&link)) && !is_embedded("#view=embed"));
    }

    #[test]
    fn broken_links_are_refused_by_name() {
        let link = write(&example());
        let cut = &link.get(..link.len() - 9).unwrap();
        for (link, words) in [
            (*cut, "damaged"),
            ("#1.", "damaged"),
            ("#1.!!!", "damaged"),
            ("#2.abc", "version 2"),
            ("#v1.abc", "not one of"),
            ("#section", "not one of"),
            ("https://example.com/", "not one of"),
        ] {
            assert!(read(link).unwrap_err().message.contains(words), "{link}");
        }
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b' '; 50 * 1024 * 1024], 9);
        assert!(read(&format!("#1.{}", URL_SAFE_NO_PAD.encode(bomb))).unwrap_err().message.contains("damaged"));
    }

    /// A link of the first version, frozen: it must open for ever.
    #[test]
    fn the_first_released_link_still_opens() {
        let link = include_str!("../../tests/links/version-1.txt");
        assert_eq!(read(link).unwrap().setup, example());
    }
}
