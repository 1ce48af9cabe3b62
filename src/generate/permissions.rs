//! The inline permission policy of a role that has one, as JSON.

use super::{File, Generator, Kind, Language};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::Permissions,
    title: "Permissions",
    language: Language::Json,
    per_role: true,
    files: |setup| {
        let with_document = |role: &'_ crate::setup::Role| {
            let text = crate::print::json::pretty(role.permissions_document.as_ref()?);
            Some(File::of_role("permissions", role, Kind::Permissions, text))
        };
        setup.roles().iter().filter_map(with_document).collect()
    },
};
