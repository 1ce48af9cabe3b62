//! Known mistakes in the person's own policy, looked at beside the token and the other files of the sitting.

use std::rc::Rc;

use super::{Edit, Own, Seen, Target};
use crate::lint::{self, Bench, File, Finding, Fix};
use crate::print::json::compact;
use crate::source::{Kind, Source};
use crate::text::{Breaks, Span};
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

/// The most letters that one key, or what is typed for it, puts in or takes away; more is another text.
const TYPED_MOST: usize = 16;

/// Findings of `before`, at their places in `after`, where that is the same text but for a few letters in one place; none where it is
/// another one. Their words are those of before; a fix of what was typed in does nothing until it is found anew.
pub fn moved(findings: &[Finding], before: &str, after: &str) -> Option<Vec<Finding>> {
    let whole = Edit { replaced: Span::new(0, before.len()), text: after.to_owned(), selected: Span::default() };
    let typed = whole.shortened(before);
    let (head, old) = (typed.replaced.start, typed.replaced.end);
    let new = head + typed.text.len();
    if old - head > TYPED_MOST || new - head > TYPED_MOST {
        return None;
    }
    // What begins or ends in what was taken away, does so where that was.
    let place = |at: usize, of_taken: usize| match at {
        at if at <= head => at,
        at if at >= old => at - old + new,
        _ => of_taken,
    };
    let span = |it: &mut Span| *it = Span::new(place(it.start, head), place(it.end, new));
    let mut findings = findings.to_vec();
    for it in &mut findings {
        if it.file == 0 {
            span(&mut it.span);
        }
        it.related.iter_mut().filter(|it| it.file == 0).for_each(|it| span(&mut it.span));
        if let Some(fix) = &mut it.fix {
            let is_own = |it: &lint::Edit| it.file == 0;
            if fix.edits.iter().any(|it| is_own(it) && it.span.start <= old && it.span.end >= head) {
                fix.edits.clear();
            }
            fix.edits.iter_mut().filter(|it| is_own(it)).for_each(|it| span(&mut it.span));
        }
    }
    Some(findings)
}

/// What the token is called among the files.
const TOKEN: &str = "the token";

/// Where something of a review stands, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// The file; none for the person's own text.
    pub file: Option<String>,
    /// The line, from 1; none in the token, which is shown in another form.
    pub line: Option<usize>,
}

/// Where the lines of a review's files end.
#[derive(Debug)]
pub struct Places<'t>(Vec<(Option<&'t str>, Breaks)>);

impl<'t> Places<'t> {
    /// The lines of the person's own text, and of the files beside it.
    pub fn of(text: &'t str, beside: &'t [Rc<File>]) -> Self {
        let others = beside.iter().map(|it| (Some(it.name.as_str()), Breaks::of(&it.text)));
        Self(std::iter::once((None, Breaks::of(text))).chain(others).collect())
    }

    /// Where a place stands: the number of its file, and the place in it.
    pub fn whereabouts(&self, file: usize, span: Span) -> Whereabouts {
        match self.0.get(file) {
            Some((name, breaks)) => Whereabouts { file: name.map(str::to_owned), line: Some(breaks.line(span.start)) },
            None => Whereabouts { file: Some(TOKEN.to_owned()), line: None },
        }
    }
}

/// Whether a finding is mended by edits of the person's text alone.
pub fn is_mendable(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|it| it.edits.iter().all(|it| it.file == 0))
}

/// A fix as one edit of the person's text; none where the text, or what is mended of it, is not the one that was looked at.
pub fn edit_of(own: &Own, fix: &Fix) -> Option<Edit> {
    if own.is_stale() || fix.edits.is_empty() {
        return None;
    }
    let mended = lint::apply(&own.text, &fix.edits);
    let whole = Span::new(0, own.text.len());
    let mut edit = Edit { replaced: whole, text: mended, selected: Span::default() }.shortened(&own.text);
    let start = edit.replaced.start;
    edit.selected = Span::new(start, start + edit.text.len());
    Some(edit)
}

/// A line of a rule's explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// What begins here.
    Heading(&'static str),
    /// A paragraph, with code in backticks.
    Text(&'static str),
    /// A document of others: what it is called, and where it is.
    Reference(&'static str, &'static str),
}

/// A rule's explanation without its examples: what, why it matters, what to do, and references.
pub fn explanation(finding: &Finding) -> impl Iterator<Item = Line> {
    let parts = finding.rule.explanation.split("\n## ").filter(|it| !it.starts_with("Examples\n"));
    parts.enumerate().flat_map(|(at, part)| {
        part.lines().filter(|it| !it.is_empty()).enumerate().map(move |(line, text)| {
            let reference = text.strip_prefix("- ").and_then(|it| it.split_once(". https://"));
            match reference {
                _ if at > 0 && line == 0 => Line::Heading(text),
                Some((name, _)) => Line::Reference(name, text.get(name.len() + "- . ".len()..).unwrap_or("")),
                None => Line::Text(text),
            }
        })
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
    }

    #[test]
    fn a_place_is_told_by_its_file_and_line() {
        let file = File { name: "b.yml".to_owned(), text: "\na\n".to_owned(), source: Source::default() };
        let beside = [Rc::new(file)];
        let places = Places::of("{\n}\n", &beside);
        let of = |file, at| places.whereabouts(file, Span::new(at, at));
        let own = |line| Whereabouts { file: None, line: Some(line) };
        assert_eq!([of(0, 0), of(0, 1), of(0, 2), of(0, 4)], [own(1), own(1), own(2), own(3)]);
        assert_eq!(of(1, 1), Whereabouts { file: Some("b.yml".to_owned()), line: Some(2) });
        assert_eq!(of(2, 7), Whereabouts { file: Some("the token".to_owned()), line: None });
    }

    #[test]
    fn every_explanation_has_its_parts_and_no_example() {
        for rule in crate::lint::RULES {
            let lines: Vec<Line> = explanation(&rule.finding(0, Span::default(), "")).collect();
            let headings: Vec<&Line> = lines.iter().filter(|it| matches!(it, Line::Heading(_))).collect();
            let [why, what, references] = ["Why it matters", "What to do", "References"].map(Line::Heading);
            assert_eq!(headings, [&why, &what, &references]);
            let (text, last) = lines.split_at(lines.iter().position(|it| *it == references).unwrap());
            assert!(text.iter().all(|it| !matches!(it, Line::Reference(..) | Line::Text("```"))), "{lines:?}");
            let is_reference =
                |it: &Line| matches!(it, Line::Reference(name, url) if !name.is_empty() && url.starts_with("https://"));
            assert!(last.len() > 1 && last.iter().skip(1).all(is_reference), "{lines:?}");
        }
    }
}
