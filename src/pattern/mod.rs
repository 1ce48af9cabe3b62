//! IAM's values as sets of strings: `*` is any run of characters, `?` exactly one, neither knows about `/` or `:`.
//!
//! A `Pattern` is what a condition value means under a `…Like` operator; `Pattern::exact` is what it means under `StringEquals`.
//! Policy variables are not evaluated here: [`parts`] tells where they stand. Source: IAM User Guide, "String condition
//! operators" and "Policy variables", <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

mod align;

pub use align::{Piece, align};

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// This very character.
    Char(char),
    /// `?`: any one character.
    One,
    /// `*`: any run of characters, the empty one included.
    Run,
}

/// A set of strings, written as IAM writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    elements: Vec<Element>,
}

/// A part of a value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// One step of a pattern.
    Step(Element),
    /// A policy variable: what stands between `${` and `}`, or to the end where nothing closes it.
    Variable(String),
}

impl Pattern {
    /// A value of a `…Like` operator.
    ///
    /// `escapes` is true under `Version` 2012-10-17, where `${*}`, `${?}` and `${$}` stand for the characters themselves; without
    /// it they are read literally (and `*` in them is a wildcard).
    ///
    /// # Errors
    /// The first policy variable, where `escapes` is true.
    pub fn like(value: &str, escapes: bool) -> Result<Self, String> {
        read(value, escapes, true)
    }

    /// A value of `StringEquals`: only itself, `*` and `?` included.
    ///
    /// # Errors
    /// The first policy variable, where `escapes` is true.
    pub fn exact(value: &str, escapes: bool) -> Result<Self, String> {
        read(value, escapes, false)
    }

    /// The pattern of these steps.
    pub fn of(elements: Vec<Element>) -> Self {
        Self { elements }
    }

    /// The steps, in order.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// Whether every text is in the set, the empty one too.
    pub fn is_everything(&self) -> bool {
        !self.elements.is_empty() && self.elements.iter().all(|it| *it == Element::Run)
    }

    /// Whether `value` is in the set. Linear; a stretch with a `?` between two `*` takes its length times that of the value at worst.
    pub fn matches(&self, value: &str) -> bool {
        // Each stretch between two `*` is taken where it stands first, and the last one at the end. Rejected: recursion per `*`, which is
        // exponential, and steps of one character with a way back to the last `*`, which is quadratic for a long stretch.
        let mut stretches = self.elements.split(|it| *it == Element::Run);
        let Some(mut rest) = after(stretches.next().unwrap_or_default(), value) else { return false };
        let Some(last) = stretches.next_back() else { return rest.is_empty() };
        for stretch in stretches {
            let Some(it) = after_first(stretch, rest) else { return false };
            rest = it;
        }
        let tail = match last.len().checked_sub(1) {
            Some(before) => rest.char_indices().rev().nth(before).and_then(|it| rest.get(it.0..)),
            None => Some(""),
        };
        tail.is_some_and(|it| after(last, it).is_some())
    }
}

/// What comes after `steps` where `value` begins with them; there is no `*` among them.
fn after<'v>(steps: &[Element], value: &'v str) -> Option<&'v str> {
    let mut chars = value.chars();
    let fits =
        steps.iter().all(|step| chars.next().is_some_and(|c| *step == Element::One || *step == Element::Char(c)));
    fits.then_some(chars.as_str())
}

/// What comes after the first place where `value` has `steps`.
fn after_first<'v>(steps: &[Element], value: &'v str) -> Option<&'v str> {
    let literal = |step: &Element| if let Element::Char(c) = step { Some(*c) } else { None };
    if let Some(text) = steps.iter().map(literal).collect::<Option<String>>() {
        return value.split_once(&text).map(|it| it.1);
    }
    let mut chars = value.chars();
    loop {
        if let Some(rest) = after(steps, chars.as_str()) {
            return Some(rest);
        }
        chars.next()?;
    }
}

fn read(value: &str, escapes: bool, wildcards: bool) -> Result<Pattern, String> {
    let step = |part| match part {
        Part::Step(it) => Ok(it),
        Part::Variable(name) => Err(name),
    };
    parts(value, escapes, wildcards).into_iter().map(step).collect::<Result<_, _>>().map(Pattern::of)
}

/// The parts of a value; `escapes` as in [`Pattern::like`]: without it there are no variables.
pub fn parts(value: &str, escapes: bool, wildcards: bool) -> Vec<Part> {
    let mut parts = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        parts.push(match rest.strip_prefix("${").filter(|_| escapes) {
            Some(inner) => {
                let closed = inner.find('}').and_then(|it| inner.get(..it));
                length = closed.map_or(rest.len(), |it| it.len() + 3);
                match closed {
                    Some("*") => Part::Step(Element::Char('*')),
                    Some("?") => Part::Step(Element::Char('?')),
                    Some("$") => Part::Step(Element::Char('$')),
                    name => Part::Variable(name.unwrap_or(inner).to_owned()),
                }
            }
            None => Part::Step(match c {
                '*' if wildcards => Element::Run,
                '?' if wildcards => Element::One,
                _ => Element::Char(c),
            }),
        });
        rest = rest.get(length..).unwrap_or("");
    }
    parts
}

/// Whether a text holds a wildcard of the `…Like` operators.
pub fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether nothing but wildcards stands in a text, as in the empty one.
pub fn is_all_wild(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '*' | '?'))
}

/// A text as it must be written in a condition value so that IAM reads no policy variable in it: `${` becomes `${$}{`.
pub fn escape_variables(text: &str) -> String {
    text.replace("${", "${$}{")
}

/// What [`escape_variables`] was given.
pub fn unescape_variables(text: &str) -> String {
    text.replace("${$}{", "${")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, written down: slow, recursive, plainly right.
    fn naive(pattern: &[Element], value: &[char]) -> bool {
        match (pattern.split_first(), value.split_first()) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some((Element::Run, rest)), _) => (0..=value.len()).any(|taken| naive(rest, &value[taken..])),
            (Some((Element::One, rest)), Some((_, tail))) => naive(rest, tail),
            (Some((Element::Char(c), rest)), Some((v, tail))) => c == v && naive(rest, tail),
            (Some(_), None) => false,
        }
    }

    /// All words over `letters` of at most `longest` letters.
    fn words(letters: &[char], longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last.iter().flat_map(|word| letters.iter().map(move |c| format!("{word}{c}"))).collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn the_matcher_agrees_with_the_definition_on_all_small_patterns_and_words() {
        let values = words(&['a', 'b', 'é'], 5);
        for pattern in words(&['a', 'é', '*', '?'], 4) {
            let like = Pattern::like(&pattern, false).unwrap();
            for value in &values {
                let chars: Vec<char> = value.chars().collect();
                assert_eq!(like.matches(value), naive(like.elements(), &chars), "{pattern} {value}");
            }
        }
    }

    #[test]
    fn a_long_pattern_of_stars_ends_in_time() {
        let pattern = Pattern::like(&"*a".repeat(500), false).unwrap();
        assert!(!pattern.matches(&"a".repeat(499)));
        assert!(pattern.matches(&"a".repeat(5_000)));
    }

    #[test]
    fn escapes_are_literal_and_variables_are_said() {
        let pattern = Pattern::like("a${*}b${?}${$}{x}*", true).unwrap();
        assert!(pattern.matches("a*b?${x}tail"));
        assert!(!pattern.matches("aXb?${x}"));
        assert_eq!(Pattern::like("x${aws:username}y", true).unwrap_err(), "aws:username");
        assert!(Pattern::like("x${aws:username}y", false).unwrap().matches("x${aws:username}y"));
        assert!(Pattern::exact("v*", true).unwrap().matches("v*"));
        assert!(!Pattern::exact("v*", true).unwrap().matches("v1"));
    }

    #[test]
    fn an_escaped_text_means_itself() {
        for text in ["${", "$${", "a${b}", "$", "{", "${$}{", "${*}", "$$${{"] {
            assert!(Pattern::exact(&escape_variables(text), true).unwrap().matches(text), "{text}");
        }
    }
}
