//! What keys do in the editor beyond what a browser's text field does by itself: pairs, indents, and moving whole lines.
//!
//! Each is one replacement in the text, so the browser's own undo takes it back in one step. What is not answered here is the
//! browser's to do.

use crate::text::Span;

/// A press that may mean more than its character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character is typed.
    Character(char),
    /// A line is broken.
    Enter,
    /// What stands before the caret is deleted.
    Backspace,
    /// The lines of the selection move to the right.
    Indent,
    /// The lines of the selection move to the left.
    Outdent,
}

/// One replacement, and what is selected then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes, in bytes of the text before.
    pub replaced: Span,
    /// What comes in its place.
    pub text: String,
    /// What is selected then, in bytes of the text after.
    pub selected: Span,
}

impl Edit {
    /// Nothing changes but what is selected.
    pub fn select(span: Span) -> Self {
        Self { replaced: Span::new(span.start, span.start), text: String::new(), selected: span }
    }

    /// The same edit of `text` without what it leaves as it is: the browser's undo selects what comes back.
    pub fn shortened(mut self, text: &str) -> Self {
        let old = self.replaced.of(text);
        let same = |one: &mut dyn Iterator<Item = char>, other: &mut dyn Iterator<Item = char>| -> usize {
            one.zip(other).take_while(|it| it.0 == it.1).map(|it| it.0.len_utf8()).sum()
        };
        let before = same(&mut old.chars(), &mut self.text.chars());
        let (rest, new) = (old.get(before..).unwrap_or(""), self.text.get(before..).unwrap_or(""));
        let after = same(&mut rest.chars().rev(), &mut new.chars().rev());
        let text = new.get(..new.len() - after).unwrap_or("").to_owned();
        self.replaced = Span::new(self.replaced.start + before, self.replaced.end - after);
        self.text = text;
        self
    }
}

const PAIRS: [(char, char); 4] = [('{', '}'), ('[', ']'), ('(', ')'), ('"', '"')];
const STEP: &str = "  ";

/// What `key` does in `text` where `selected` is selected; none where the browser does it by itself.
pub fn press(text: &str, selected: Span, key: Key) -> Option<Edit> {
    let before = text.get(..selected.start)?;
    let after = text.get(selected.end..)?;
    match key {
        Key::Character(c) => character(before, selected.of(text), after, selected, c),
        Key::Enter => Some(broken(before, after, selected)),
        Key::Backspace => {
            let closing = before.chars().next_back().and_then(closing_of)?;
            let is_pair = selected.start == selected.end && after.starts_with(closing);
            let (start, end) = (selected.start.checked_sub(1)?, selected.end + 1);
            is_pair.then(|| Edit {
                replaced: Span::new(start, end),
                text: String::new(),
                selected: Span::new(start, start),
            })
        }
        Key::Indent => moved(text, selected, |line| format!("{STEP}{line}")),
        Key::Outdent => moved(text, selected, |line| {
            line.strip_prefix(STEP).or(line.strip_prefix(' ')).or(line.strip_prefix('\t')).unwrap_or(line).to_owned()
        }),
    }
}

fn closing_of(opening: char) -> Option<char> {
    PAIRS.iter().find(|it| it.0 == opening).map(|it| it.1)
}

fn character(before: &str, inner: &str, after: &str, selected: Span, c: char) -> Option<Edit> {
    let (start, end) = (selected.start, selected.end);
    let next = after.chars().next();
    let closing = closing_of(c);
    if !inner.is_empty() {
        // What is selected is put between the two, and stays selected.
        let text = format!("{c}{inner}{}", closing?);
        return Some(Edit { replaced: selected, text, selected: Span::new(start + 1, end + 1) });
    }
    let line = before.rsplit('\n').next().unwrap_or("");
    let is_inside = is_inside_text(line);
    let skips = next == Some(c) && if c == '"' { is_inside } else { !is_inside && PAIRS.iter().any(|it| it.1 == c) };
    // An escaped quote stays inside.
    if skips && !(c == '"' && is_escaped(line)) {
        let caret = Span::new(start + 1, start + 1);
        return Some(Edit { replaced: Span::new(start, start), text: String::new(), selected: caret });
    }
    if is_inside {
        return None;
    }
    if let Some(closing) = closing {
        let has_room = next.is_none_or(|it| it.is_whitespace() || matches!(it, '}' | ']' | ')' | ',' | ':'));
        let after_word = c == '"' && line.ends_with(|it: char| it.is_alphanumeric() || it == '"');
        let caret = Span::new(start + 1, start + 1);
        return (has_room && !after_word).then(|| Edit {
            replaced: selected,
            text: format!("{c}{closing}"),
            selected: caret,
        });
    }
    // A closing bracket that is first on its line goes back by one step.
    let is_closing = PAIRS.iter().any(|it| it.1 == c);
    if is_closing && line.ends_with(STEP) && line.chars().all(|it| it == ' ') {
        let from = start.checked_sub(STEP.len())?;
        let caret = Span::new(from + 1, from + 1);
        return Some(Edit { replaced: Span::new(from, end), text: c.to_string(), selected: caret });
    }
    None
}

/// Whether what follows `line` would be inside a quoted text that begins on it.
fn is_inside_text(line: &str) -> bool {
    let (mut inside, mut escaped) = (false, false);
    for c in line.chars() {
        match c {
            '"' if !escaped => inside = !inside,
            '\\' if inside && !escaped => {
                escaped = true;
                continue;
            }
            _ => {}
        }
        escaped = false;
    }
    inside
}

fn is_escaped(line: &str) -> bool {
    (line.len() - line.trim_end_matches('\\').len()) % 2 == 1
}

/// A new line begins under the one that it follows, a step further after an opening bracket; its closing bracket gets a line.
fn broken(before: &str, after: &str, selected: Span) -> Edit {
    let line = before.rsplit('\n').next().unwrap_or("");
    let indent: String = line.chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
    let last = line.trim_end().chars().next_back();
    let closing = last.filter(|it| *it != '"').and_then(closing_of);
    let mut text = format!("\n{indent}");
    if closing.is_some() {
        text.push_str(STEP);
    }
    let at = selected.start + text.len();
    if closing.is_some_and(|it| after.starts_with(it)) {
        text.push('\n');
        text.push_str(&indent);
    }
    Edit { replaced: selected, text, selected: Span::new(at, at) }
}

/// Changes each line that the selection touches.
fn moved(text: &str, selected: Span, change: impl Fn(&str) -> String) -> Option<Edit> {
    let start = text.get(..selected.start)?.rfind('\n').map_or(0, |it| it + 1);
    let rest = text.get(selected.end..)?;
    let end = selected.end + rest.find('\n').unwrap_or(rest.len());
    let lines = text.get(start..end)?;
    let changed: Vec<String> =
        lines.split('\n').map(|it| if it.is_empty() { String::new() } else { change(it) }).collect();
    let changed = changed.join("\n");
    if changed == lines {
        return None;
    }
    let selected = if selected.start == selected.end {
        // The caret stays at its character.
        let at = (selected.start + changed.len()).saturating_sub(lines.len()).max(start);
        Span::new(at, at)
    } else {
        Span::new(start, start + changed.len())
    };
    Some(Edit { replaced: Span::new(start, end), text: changed, selected }.shortened(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its selection between two bars, or one bar for a caret.
    fn marked(text: &str) -> (String, Span) {
        let start = text.find('|').unwrap();
        let plain = text.replace('|', "");
        let end = text.rfind('|').unwrap();
        (plain, Span::new(start, if end > start { end - 1 } else { start }))
    }

    fn check(before: &str, key: Key, expected: Option<&str>) {
        let (text, selected) = marked(before);
        let edit = press(&text, selected, key);
        let after = edit.map(|it| {
            let mut after = text.clone();
            after.replace_range(it.replaced.start..it.replaced.end, &it.text);
            if it.selected.end > it.selected.start {
                after.insert(it.selected.end, '|');
            }
            after.insert(it.selected.start, '|');
            after
        });
        assert_eq!(after.as_deref(), expected, "{key:?} in {before}");
    }

    #[test]
    fn characters_come_in_pairs_and_are_stepped_over() {
        for (before, c, expected) in [
            ("|", '{', Some("{|}")),
            ("a: |,", '[', Some("a: [|],")),
            ("{ | }", '"', Some("{ \"|\" }")),
            ("{\"a|\"}", '"', Some("{\"a\"|}")),
            ("{\"a\\|\"}", '"', None),
            ("{|}", '}', Some("{}|")),
            ("[\"a\"|]", ']', Some("[\"a\"]|")),
            ("\"a|b\"", '{', None),
            ("\"a|}\"", '}', None),
            ("|word", '"', None),
            ("word|", '"', None),
            ("\"\"|", '"', None),
            ("a |b| c", '"', Some("a \"|b|\" c")),
            ("|{}|", '[', Some("[|{}|]")),
            ("|b|", 'x', None),
            ("é |ö|", '(', Some("é (|ö|)")),
            ("{\n    |", '}', Some("{\n  }|")),
            ("{\n  a|", '}', None),
            ("|", 'a', None),
        ] {
            check(before, Key::Character(c), expected);
        }
    }

    #[test]
    fn a_new_line_stands_under_the_one_before() {
        for (before, expected) in [
            ("{|}", "{\n  |\n}"),
            ("  \"a\": [|]", "  \"a\": [\n    |\n  ]"),
            ("  \"a\": 1,|", "  \"a\": 1,\n  |"),
            ("{ |", "{ \n  |"),
            ("\ta|", "\ta\n\t|"),
            ("a|bc|d", "a\n|d"),
            ("|", "\n|"),
            ("\"|", "\"\n|"),
        ] {
            check(before, Key::Enter, Some(expected));
        }
    }

    #[test]
    fn an_empty_pair_goes_together_and_lines_move() {
        check("{|}", Key::Backspace, Some("|"));
        check("\"|\"", Key::Backspace, Some("|"));
        check("{|]", Key::Backspace, None);
        check("|}", Key::Backspace, None);
        check("{|a|}", Key::Backspace, None);
        check("a\nb|c\n", Key::Indent, Some("a\n  b|c\n"));
        check("|a\n\nb|\nc", Key::Indent, Some("|  a\n\n  b|\nc"));
        check("    a|", Key::Outdent, Some("  a|"));
        check("|\ta\n b|", Key::Outdent, Some("|a\nb|"));
        check(" |  a", Key::Outdent, Some("| a"));
        check("a|", Key::Outdent, None);
    }

    #[test]
    fn places_that_are_none_answer_nothing() {
        assert_eq!(press("é", Span::new(1, 1), Key::Enter), None);
        assert_eq!(press("a", Span::new(5, 9), Key::Enter), None);
        assert_eq!(press("a", Span::new(5, 9), Key::Indent), None);
    }
}
