//! Just enough of the shell's grammar to see what a CI job's script does: which commands, with which words, which of them inside
//! `$(…)` of which, what is redirected and what is piped on, and which variables are named.
//!
//! It expands nothing and follows no function. What it does not know (arithmetic, bodies of here-documents) it passes over. One
//! pass, and nesting beyond a limit is passed over too, so a hostile script costs no more than its length.

/// The deepest `$(…)` that is read.
const DEPTH_MOST: usize = 16;

/// Words before a command that are none themselves.
const KEYWORDS: [&str; 12] =
    ["if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "exec", "command"];

/// A range of bytes of the script.
pub(super) type Range = std::ops::Range<usize>;

/// One simple command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Command {
    /// Its words, quotes included; assignments before the command's name are words as well.
    pub(super) words: Vec<Range>,
    /// The command in whose `$(…)` it stands.
    pub(super) inside: Option<usize>,
    /// Whether its output goes to a file.
    pub(super) is_redirected: bool,
    /// The command that its output is piped into.
    pub(super) pipes_into: Option<usize>,
}

impl Command {
    /// The words as written, keywords and assignments before the command's name left out.
    pub(super) fn arguments<'s>(&self, script: &'s str) -> Vec<&'s str> {
        let words = self.words.iter().filter_map(|it| script.get(it.clone()));
        words.skip_while(|it| KEYWORDS.contains(it) || assignment(it).is_some()).collect()
    }

    /// The command's name without its folder.
    pub(super) fn name<'s>(&self, script: &'s str) -> &'s str {
        let first = self.arguments(script).first().copied().unwrap_or("");
        first.rsplit('/').next().unwrap_or(first)
    }

    /// The word after the option `name`, or behind its `=`.
    pub(super) fn option(&self, script: &str, name: &str) -> Option<Range> {
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            let text = script.get(word.clone()).unwrap_or("");
            if text == name {
                return words.next().cloned();
            }
            if text.strip_prefix(name).is_some_and(|it| it.starts_with('=')) {
                return Some(word.start + name.len() + 1..word.end);
            }
        }
        None
    }
}

/// Name and value of a word that assigns: `NAME=value`.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit()))
        .then_some((name, value))
}

/// A word without its quotes.
pub(super) fn unquoted(word: &str) -> String {
    word.chars().filter(|it| !matches!(it, '"' | '\'')).collect()
}

/// All commands of a script, each before those inside it.
pub(super) fn commands(script: &str) -> Vec<Command> {
    let mut scanner = Scanner { bytes: script.as_bytes(), at: 0, found: Vec::new(), here: Vec::new(), end: None };
    scanner.list(None, None, 0);
    scanner.found
}

/// A variable that a script names, as `$NAME` or `${NAME…}`; in PowerShell one of the job's is `$env:NAME` or `${env:NAME}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference<'s> {
    /// Its name.
    pub(super) name: &'s str,
    /// Whether `env:` stands before it.
    pub(super) is_env: bool,
    /// Where, from the `$` to the end of the name.
    pub(super) range: Range,
}

/// The variables that `script` names outside of single quotes and comments.
pub(super) fn references(script: &str) -> Vec<Reference<'_>> {
    let bytes = script.as_bytes();
    let (mut found, mut at, mut single, mut double) = (Vec::new(), 0, false, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'\\' if !single => at += 1,
            b'#' if !single && !double && starts_word(bytes, at) => {
                while bytes.get(at + 1).is_some_and(|it| *it != b'\n') {
                    at += 1;
                }
            }
            b'$' if !single => {
                let start = at;
                let from = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'{'));
                // Whoever writes PowerShell writes it in any case. In other shells it is a variable `env`, and text behind it.
                let is_env = script.get(from..from + 4).is_some_and(|it| it.eq_ignore_ascii_case("env:"))
                    && name_at(script, from + 4).is_some_and(|it| !it.starts_with(|c: char| c.is_ascii_digit()));
                let from = if is_env { from + 4 } else { from };
                if let Some(name) = name_at(script, from) {
                    found.push(Reference { name, is_env, range: start..from + name.len() });
                    at = from + name.len() - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The name of a variable that begins there.
fn name_at(script: &str, at: usize) -> Option<&str> {
    let rest = script.get(at..)?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    rest.get(..end).filter(|it| !it.is_empty())
}

fn starts_word(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|it| bytes.get(it)).is_none_or(|it| b" \t\n;|&(".contains(it))
}

struct Scanner<'s> {
    bytes: &'s [u8],
    at: usize,
    found: Vec<Command>,
    /// Words that end the here-documents begun on this line.
    here: Vec<Range>,
    /// What ends the innermost substitution.
    end: Option<u8>,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Commands up to `end`, or to the end of the script.
    fn list(&mut self, end: Option<u8>, inside: Option<usize>, depth: usize) {
        let mut current = self.begin(inside);
        while let Some(byte) = self.peek(0) {
            match byte {
                _ if Some(byte) == end => {
                    self.at += 1;
                    break;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
                b'#' if starts_word(self.bytes, self.at) => self.pass_line(),
                b'|' if self.peek(1) != Some(b'|') => {
                    self.at += 1;
                    let next = self.begin(inside);
                    if let Some(it) = self.found.get_mut(current) {
                        it.pipes_into = Some(next);
                    }
                    current = next;
                }
                b'\n' => {
                    self.at += 1;
                    self.skip_here_documents();
                    current = self.begin(inside);
                }
                b'&' if self.peek(1) == Some(b'>') => self.at += 1,
                b';' | b'&' | b'(' | b')' | b'|' => {
                    self.at += if self.peek(1) == Some(byte) { 2 } else { 1 };
                    current = self.begin(inside);
                }
                b'>' => self.redirect(current, depth),
                b'<' => self.input(current, depth),
                _ => {
                    let word = self.word(current, depth);
                    // `2>` is no word.
                    let is_descriptor = matches!(self.peek(0), Some(b'>' | b'<'))
                        && self.bytes.get(word.clone()).is_some_and(|it| it.iter().all(u8::is_ascii_digit));
                    if let (false, Some(it)) = (is_descriptor, self.found.get_mut(current)) {
                        it.words.push(word);
                    }
                }
            }
        }
    }

    /// A new command, or the last one if nothing has come yet.
    fn begin(&mut self, inside: Option<usize>) -> usize {
        let last = self.found.len().wrapping_sub(1);
        match self.found.last() {
            Some(it) if it.words.is_empty() && it.inside == inside && Some(last) != inside => last,
            _ => {
                self.found.push(Command { inside, ..Command::default() });
                self.found.len() - 1
            }
        }
    }

    fn pass_line(&mut self) {
        while self.peek(0).is_some_and(|it| it != b'\n') {
            self.at += 1;
        }
    }

    /// `>`, `>>`, `>|`, `>&1`, and where it goes.
    fn redirect(&mut self, current: usize, depth: usize) {
        while matches!(self.peek(0), Some(b'>' | b'|')) {
            self.at += 1;
        }
        if self.peek(0) == Some(b'&') {
            self.at += 1;
        }
        let target = self.target(current, depth);
        let target = self.bytes.get(target).unwrap_or(&[]);
        let is_log = target.iter().all(u8::is_ascii_digit) || [&b"/dev/stdout"[..], b"/dev/stderr"].contains(&target);
        if let (false, Some(it)) = (is_log, self.found.get_mut(current)) {
            it.is_redirected = true;
        }
    }

    /// `<`, `<<EOF`, `<<<`, and what comes from there.
    fn input(&mut self, current: usize, depth: usize) {
        let mut arrows = 0;
        while self.peek(0) == Some(b'<') {
            self.at += 1;
            arrows += 1;
        }
        if arrows == 2 && self.peek(0) == Some(b'-') {
            self.at += 1;
        }
        let target = self.target(current, depth);
        match arrows {
            2 => self.here.push(target),
            3 => {
                if let Some(it) = self.found.get_mut(current) {
                    it.words.push(target);
                }
            }
            _ => {}
        }
    }

    fn target(&mut self, current: usize, depth: usize) -> Range {
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self.word(current, depth)
    }

    fn skip_here_documents(&mut self) {
        for end in std::mem::take(&mut self.here) {
            let word: Vec<u8> =
                self.bytes.get(end).unwrap_or(&[]).iter().copied().filter(|it| !b"'\"\\".contains(it)).collect();
            while self.at < self.bytes.len() {
                let from = self.at;
                self.pass_line();
                let line = self.bytes.get(from..self.at).unwrap_or(&[]).trim_ascii();
                self.at += 1;
                if line == word {
                    break;
                }
            }
        }
    }

    /// One word, from here to the next character outside of quotes that ends it.
    fn word(&mut self, current: usize, depth: usize) -> Range {
        let start = self.at;
        let mut double = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.at += 1,
                b'"' => double = !double,
                b'\'' if !double => {
                    self.at += 1;
                    while self.peek(0).is_some_and(|it| it != b'\'') {
                        self.at += 1;
                    }
                }
                b'$' if self.peek(1) == Some(b'(') && self.peek(2) != Some(b'(') => {
                    self.at += 2;
                    self.substitution(b')', current, depth);
                    continue;
                }
                b'`' if self.end == Some(b'`') => break,
                b'`' => {
                    self.at += 1;
                    self.substitution(b'`', current, depth);
                    continue;
                }
                b'$' if self.peek(1) == Some(b'{') => {
                    while self.peek(0).is_some_and(|it| it != b'}' && it != b'\n') {
                        self.at += 1;
                    }
                }
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' if !double => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(self.bytes.len());
        if self.at == start {
            // What ends a word is none, and is not read again.
            self.at = (start + 1).min(self.bytes.len());
            return start..start;
        }
        start..self.at
    }

    /// What stands between `$(` or a backtick, and its end.
    fn substitution(&mut self, end: u8, current: usize, depth: usize) {
        if depth < DEPTH_MOST {
            let outer = self.end.replace(end);
            self.list(Some(end), Some(current), depth + 1);
            self.end = outer;
        } else {
            self.at = self.bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each command as `depth name(words)`, `>` where it is redirected, `|` where it is piped on.
    fn check(script: &str, expected: &[&str]) {
        let all = commands(script);
        let shown: Vec<String> = all
            .iter()
            .filter(|it| !it.words.is_empty())
            .map(|it| {
                let depth = std::iter::successors(it.inside, |at| all[*at].inside).count();
                let words: Vec<&str> = it.words.iter().map(|it| part(script, it)).collect();
                let redirected = if it.is_redirected { " >" } else { "" };
                let piped = if it.pipes_into.is_some() { " |" } else { "" };
                format!("{depth} {}{redirected}{piped}", words.join(" "))
            })
            .collect();
        assert_eq!(shown, expected, "{script}");
    }

    fn part<'s>(script: &'s str, range: &Range) -> &'s str {
        script.get(range.clone()).unwrap()
    }

    #[test]
    fn commands_words_and_what_is_inside_what() {
        check("aws s3 ls; echo a && echo b\necho c", &["0 aws s3 ls", "0 echo a", "0 echo b", "0 echo c"]);
        check(
            "export X=$(aws sts x | jq -r .a)",
            &["0 export X=$(aws sts x | jq -r .a)", "1 aws sts x |", "1 jq -r .a"],
        );
        check(
            "x=\"$(aws a \"$(b)\")\" || exit 1",
            &["0 x=\"$(aws a \"$(b)\")\"", "1 aws a \"$(b)\"", "2 b", "0 exit 1"],
        );
        check("echo `aws x` y", &["0 echo `aws x` y", "1 aws x"]);
        check("echo 'a; $(b)' c", &["0 echo 'a; $(b)' c"]);
        check("echo a > f 2>&1 | tee x", &["0 echo a > |", "0 tee x"]);
        check("echo a >&2", &["0 echo a"]);
        check("(umask 077; printf '%s' \"$T\" > \"$F\")", &["0 umask 077", "0 printf '%s' \"$T\" >"]);
        check("a \\\n  --b c # d; e\nf", &["0 a --b c", "0 f"]);
        check("cat <<EOF > f\n$(x)\nEOF\ng", &["0 cat >", "0 g"]);
        check("read -r a b <<<\"$x\"", &["0 read -r a b \"$x\""]);
        check("a $((1+2)) ${x:-$(y)} b", &["0 a $", "0 1+2", "0 ${x:-$(y)} b"]);
        check("", &[]);
        check("))((;;", &[]);
        check("'unclosed", &["0 'unclosed"]);
    }

    #[test]
    fn options_names_and_assignments() {
        let script = "if A=1 /usr/bin/aws sts x --role-session-name \"a/$B\" --role-arn=c; then";
        let all = commands(script);
        assert_eq!(all[0].name(script), "aws");
        assert_eq!(part(script, &all[0].option(script, "--role-session-name").unwrap()), "\"a/$B\"");
        assert_eq!(part(script, &all[0].option(script, "--role-arn").unwrap()), "c");
        assert_eq!(all[0].option(script, "--role"), None);
        assert_eq!(assignment("A_1=b=c"), Some(("A_1", "b=c")));
        assert_eq!(assignment("--a=b"), None);
        assert_eq!(unquoted("\"a\"'b'"), "ab");
    }

    #[test]
    fn variables_are_found_outside_of_single_quotes() {
        let names = |script| references(script).iter().map(|it| it.name.to_owned()).collect::<Vec<_>>();
        assert_eq!(names("$A \"${B:-x}\" '$C' \\$D $$ ${E} # $F\n$G"), ["A", "B", "E", "G"]);
        assert_eq!(names("\"it's $A\" '\"$B\"'"), ["A"]);
        assert_eq!(
            names("$env:A \"$($Env:B_1)\" ${ENV:C} $env:7 $env: $env:$D"),
            ["A", "B_1", "C", "env", "env", "env", "D"]
        );
        let script = "é ${TOKEN}";
        assert_eq!(part(script, &references(script)[0].range), "${TOKEN");
    }

    #[test]
    fn hostile_scripts_end() {
        for unit in ["$(", "`", "\"$(", "((", "<<a\n", ">", "\\", "${", "a|", "<"] {
            let script = unit.repeat(200_000);
            assert!(commands(&script).len() <= script.len());
            assert!(references(&script).len() <= script.len());
        }
    }
}
