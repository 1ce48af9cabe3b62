//! Known mistakes in the person's own policy, looked at beside the token and the other files of the sitting.

use std::rc::Rc;

use super::{Edit, Own, Seen, Target};
use crate::lint::{self, Bench, File, Finding, Fix};
use crate::print::json::compact;
use crate::source::{Kind, Source};
use crate::text::Span;
use crate::verdict::Evidence;

/// What is found: in the person's text, which is the first file; in `beside`; and between them and the token that is looked at.
pub fn review(own: &Own, beside: &[Rc<File>], target: &Target, seen: &Seen, now: i64) -> Vec<Finding> {
    // The answers are of the last text that could be read.
    let Some(reading) = own.good.as_deref() else { return Vec::new() };
    let file = |name: String, text: String, source: Source| File { name, text, source };
    let mut files = vec![file(own.file().name, reading.text.to_string(), reading.source().clone())];
    files.extend(beside.iter().map(|it| (**it).clone()));
    if let Seen::Verdict { evidence, .. } = seen
        && let Evidence::Token(token) = &**evidence
    {
        let source = Source { kind: Kind::Token, evidence: vec![(**evidence).clone()], ..Source::default() };
        files.push(file(TOKEN.to_owned(), compact(&token.claims), source));
    }
    lint::lint(&Bench::new(&files, &target.circumstances(now, &[])))
}

/// What the token is called among the files.
const TOKEN: &str = "the token";

/// Whether a finding is mended by edits of the person's text alone.
pub fn is_mendable(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|it| it.edits.iter().all(|it| it.file == 0))
}

/// A fix as one edit of the person's text; none where the text is not the one that was looked at.
pub fn edit_of(own: &Own, fix: &Fix) -> Option<Edit> {
    if own.is_stale() {
        return None;
    }
    let mended = lint::apply(&own.text, &fix.edits);
    let whole = Span::new(0, own.text.len());
    let mut edit = Edit { replaced: whole, text: mended, selected: Span::default() }.shortened(&own.text);
    let start = edit.replaced.start;
    edit.selected = Span::new(start, start + edit.text.len());
    Some(edit)
}

/// A rule's explanation without its examples: why it matters, what to do, and where to read on. Headings and paragraphs, in order.
pub fn explanation(finding: &Finding) -> impl Iterator<Item = (bool, &'static str)> {
    let text = finding.rule.explanation;
    let head = text.split_once("## Examples").map_or(text, |it| it.0);
    let tail = text.find("## References").and_then(|at| text.get(at..)).unwrap_or_default();
    [head, tail].into_iter().flat_map(str::lines).map(str::trim).filter(|it| !it.is_empty()).map(|line| {
        match line.strip_prefix("## ") {
            Some(heading) => (true, heading),
            None => (false, line.trim_start_matches("- ")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::{Action, Derived, Model, update};

    #[test]
    fn a_fix_is_one_edit_and_its_finding_is_gone() {
        let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": "project_path:a/*:ref_type:branch:ref:main"}}}]}"#;
        let after = |text: &str| update(&Model::with_example(0), Action::TypePolicy(text.to_owned())).unwrap();
        let model = after(text);
        let derived = Derived::new(&model);
        let own = model.editor.own().unwrap();
        let mut fixed = 0;
        for finding in derived.review.iter() {
            let Some(edit) = finding.fix.as_ref().filter(|_| is_mendable(finding)).and_then(|it| edit_of(own, it))
            else {
                continue;
            };
            let mut mended = text.to_owned();
            mended.replace_range(edit.replaced.start..edit.replaced.end, &edit.text);
            let again = Derived::new(&after(&mended));
            assert!(again.review.iter().all(|it| (it.rule, &it.message) != (finding.rule, &finding.message)));
            fixed += 1;
        }
        assert_eq!(derived.review.iter().filter(|it| it.fix.is_some()).count(), fixed);
        assert!(explanation_is_short(&derived));
    }

    fn explanation_is_short(derived: &Derived) -> bool {
        let has_reference = |it: &Finding| {
            explanation(it).last().is_some_and(|it| it.1.contains(": https://") || it.1.contains(". https://"))
        };
        let is_short = |it: &Finding| explanation(it).all(|it| !it.1.contains("```"));
        derived.review.iter().all(|it| is_short(it) && has_reference(it))
    }
}
