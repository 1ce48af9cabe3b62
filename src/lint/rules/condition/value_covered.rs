//! `value-covered`: a value in a list that another one of the list matches already.

use crate::aws::policy::Wanted;
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::pattern::Element;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("value-covered"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "a value that adds nothing",
    explanation: explanation!("value_covered.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in &seen.statement.conditions {
            if !it.operator.compares_text() || it.operator.negated {
                continue;
            }
            for (at, wanted) in it.values.iter().enumerate() {
                let Some((_, other)) =
                    it.values.iter().enumerate().find(|(other, by)| *other != at && covers(by, wanted, *other < at))
                else {
                    continue;
                };
                let message = format!(
                    "{} adds nothing: {} matches it already",
                    quoted(&wanted.text.value),
                    quoted(&other.text.value)
                );
                let finding = seen.of_condition(&RULE, it, wanted.text.span, message);
                let finding =
                    finding.beside(seen.file, other.text.span, "what matches it").help("remove one of the two");
                let spans: Vec<_> = it.values.iter().map(|it| it.text.span).collect();
                // Of a value that is itself too wide it is the narrow one that was meant.
                let is_right = wanted.pattern == other.pattern || seen.is_right(other);
                findings.push(match seen.removal(&spans, at).filter(|_| is_right) {
                    Some(span) => finding.fix("remove it", span, ""),
                    None => finding,
                });
            }
        }
    }
}

/// Whether every text of the one is one of the other; of two that are the same, the later one is covered.
fn covers(by: &Wanted, it: &Wanted, is_earlier: bool) -> bool {
    let (Some(wide), Some(narrow)) = (&by.pattern, &it.pattern) else { return false };
    let (wide, narrow) = (wide.elements(), narrow.elements());
    if wide == narrow {
        return is_earlier;
    }
    // Most pairs part before the first wildcard.
    let literal = |it: &&Element| matches!(it, Element::Char(_));
    let head = wide.iter().take_while(literal).count();
    head < wide.len() && narrow.get(..head) == wide.get(..head) && takes_in(wide, narrow)
}

/// Whether each step of the narrow pattern fits into the wide one. Sound, and not complete: what it misses is not reported.
fn takes_in(wide: &[Element], narrow: &[Element]) -> bool {
    let mut row = vec![true];
    row.extend(narrow.iter().map(|_| false));
    for step in wide {
        let mut next = vec![*step == Element::Run && row.first() == Some(&true)];
        for (at, it) in narrow.iter().enumerate() {
            let (left, above, diagonal) =
                (next.last() == Some(&true), row.get(at + 1) == Some(&true), row.get(at) == Some(&true));
            next.push(match step {
                Element::Run => left || above,
                Element::One => diagonal && *it != Element::Run,
                Element::Char(_) => diagonal && step == it,
            });
        }
        row = next;
    }
    row.last() == Some(&true)
}
