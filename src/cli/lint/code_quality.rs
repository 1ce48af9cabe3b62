//! Findings as GitLab shows them in a merge request: a Code Quality report.
//!
//! Source: GitLab, "Code Quality", "Code Quality report format", <https://docs.gitlab.com/ci/testing/code_quality/>.

use crate::document::json::Node;
use crate::lint::{File, Finding, Severity};
use crate::text::position;

/// GitLab's word for a severity. It has five as well.
fn severity(it: Severity) -> &'static str {
    match it {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}

/// The report: a list, empty where nothing was found.
pub(super) fn report(files: &[File], findings: &[Finding], fingerprints: &[String]) -> Node {
    let entries = findings.iter().zip(fingerprints).map(|(it, fingerprint)| {
        let (name, text) = files.get(it.file).map_or(("", ""), |it| (it.name.as_str(), it.text.as_str()));
        let begin = position(text, it.span.start).line;
        let description = if it.help.is_empty() { it.message.clone() } else { format!("{} ({})", it.message, it.help) };
        Node::object(vec![
            ("description", Node::text(description)),
            ("check_name", Node::text(it.rule.id.as_str())),
            ("fingerprint", Node::text(fingerprint)),
            ("severity", Node::text(severity(it.rule.severity))),
            (
                "location",
                Node::object(vec![
                    ("path", Node::text(super::in_repository(name))),
                    ("lines", Node::object(vec![("begin", Node::number(begin))])),
                ]),
            ),
        ])
    });
    Node::array(entries.collect())
}
