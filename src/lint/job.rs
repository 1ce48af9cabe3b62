//! A CI job as the rules look at it: the commands of its scripts with their places, and which of its tokens AWS gets.

use std::collections::HashSet;

use super::shell::{Command, Range, Reference, assignment, commands, references, unquoted};
use super::{Bench, File};
use crate::document::Text;
use crate::source::{CiFile, CiJob, CiScript, IdToken};
use crate::text::Span;

/// How often variables are looked up in the values of others.
const EXPANSIONS_MOST: usize = 4;

/// The longest text that comes of it.
const EXPANDED_MOST: usize = 4096;

/// A job of one of the files.
pub(super) struct Job<'b> {
    /// Its file.
    pub(super) file: usize,
    /// All that the file says.
    pub(super) ci: &'b CiFile,
    /// The job.
    pub(super) job: &'b CiJob,
    /// Its scripts, read.
    pub(super) scripts: Vec<Script<'b>>,
}

/// An entry of a script, and its commands.
pub(super) struct Script<'b> {
    /// The shell's text.
    pub(super) text: &'b str,
    /// Its commands.
    pub(super) commands: Vec<Command>,
    entry: &'b CiScript,
    whole: &'b str,
}

impl Script<'_> {
    /// Where a part of the script stands in the file. A script that the file folds or indents is not there byte for byte; then the
    /// part is looked for, and the entry is the place where it is not found.
    pub(super) fn place(&self, range: &Range) -> Span {
        if let Some(it) = self.entry.verbatim {
            return Span::new(it.start + range.start, it.start + range.end);
        }
        let span = self.entry.text.span;
        let part = self.text.get(range.clone()).unwrap_or("");
        let before = self.text.get(..range.start).unwrap_or("");
        let earlier = if part.is_empty() { 0 } else { before.matches(part).count() };
        let found = span.of(self.whole).match_indices(part).nth(earlier).filter(|_| !part.is_empty());
        found.map_or(span, |(at, _)| Span::new(span.start + at, span.start + at + part.len()))
    }

    /// The variables named in a part of the script, with their places in the script.
    pub(super) fn references(&self, range: &Range) -> Vec<Reference<'_>> {
        let mut found = references(self.text.get(range.clone()).unwrap_or(""));
        for it in &mut found {
            it.range = it.range.start + range.start..it.range.end + range.start;
        }
        found
    }

    /// A word without its quotes.
    pub(super) fn word(&self, range: &Range) -> String {
        unquoted(self.text.get(range.clone()).unwrap_or(""))
    }
}

/// A variable that a script hands to STS as the token.
pub(super) struct Handed {
    /// Its name.
    pub(super) name: String,
    /// It as the shell has it: `$NAME`, `$env:NAME`.
    pub(super) written: String,
    /// Where, to the end of the name.
    pub(super) place: Span,
    /// Whether its value can only be one that GitLab sets: neither the file gives it one, nor may a script.
    pub(super) is_gitlabs: bool,
}

/// Every job of every CI file.
pub(super) fn jobs<'b>(bench: &Bench<'b>) -> Vec<Job<'b>> {
    let mut found = Vec::new();
    for (at, file) in bench.files.iter().enumerate() {
        let Some(ci) = &file.source.ci else { continue };
        found.extend(ci.jobs.iter().map(|job| Job { file: at, ci, job, scripts: scripts(file, job) }));
    }
    found
}

fn scripts<'b>(file: &'b File, job: &'b CiJob) -> Vec<Script<'b>> {
    job.scripts
        .iter()
        .map(|entry| {
            let text = entry.text.value.as_str();
            Script { text, commands: commands(text), entry, whole: &file.text }
        })
        .collect()
}

impl<'b> Job<'b> {
    /// Whether all that the job is stands in its file, so that what is not there is nowhere.
    pub(super) fn is_whole(&self) -> bool {
        let knows = |name: &str| self.ci.jobs.iter().any(|it| it.name.value == name);
        !self.job.is_hidden && !self.ci.includes && self.job.extends.iter().all(|it| knows(&it.value))
    }

    /// The value of a variable: the job's, else the file's.
    pub(super) fn variable(&self, name: &str) -> Option<&'b Text> {
        let all = self.job.variables.iter().chain(&self.ci.variables);
        all.into_iter().find(|it| it.name.value == name).map(|it| &it.value)
    }

    /// A word that is one variable, by that variable's value in the file; any other that has no variable, as it is.
    pub(super) fn resolved(&self, word: &str) -> Option<String> {
        let name =
            word.strip_prefix('$').map(|it| it.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(it));
        let value = match name {
            Some(name) => self.variable(name)?.value.clone(),
            None => word.to_owned(),
        };
        (!value.contains('$')).then_some(value)
    }

    /// A text with the values of the file's variables in it; none where one has no value here, or may have another.
    pub(super) fn expanded(&self, text: &str, overridden: &HashSet<String>) -> Option<String> {
        let mut text = text.to_owned();
        for _ in 0..EXPANSIONS_MOST {
            let all = references(&text);
            if all.is_empty() {
                break;
            }
            let (mut out, mut at) = (String::new(), 0);
            for it in &all {
                let braced = text.get(it.range.clone())?.starts_with("${");
                let end = it.range.end + usize::from(braced);
                let is_whole = !it.is_env && (!braced || text.get(it.range.end..end) == Some("}"));
                let value = self.variable(it.name).filter(|_| is_whole && !overridden.contains(it.name))?;
                out.push_str(text.get(at..it.range.start)?);
                out.push_str(&value.value);
                at = end;
            }
            out.push_str(text.get(at..)?);
            text = Some(out).filter(|it| it.len() <= EXPANDED_MOST)?;
        }
        (!text.contains(['$', '`'])).then_some(text)
    }

    /// ARNs of the roles that the job's variables and scripts name, and of those in the pipeline's variables that it uses.
    pub(super) fn role_arns(&self) -> Vec<Text> {
        let used: HashSet<&str> = self.scripts.iter().flat_map(|it| references(it.text)).map(|it| it.name).collect();
        // The AWS command line and SDKs take this one by themselves.
        let is_used = |name: &str| used.contains(name) || (name == "AWS_ROLE_ARN" && !self.job.id_tokens.is_empty());
        let own = self.job.variables.iter().filter(|it| it.value.value.contains('$'));
        let is_own = |name: &str| self.job.variables.iter().any(|it| it.name.value == name);
        let shared = self.ci.variables.iter().filter(|it| is_used(&it.name.value) && !is_own(&it.name.value));
        let overridden = self.overridden();
        let mut found = self.job.role_arns.clone();
        for it in own.chain(shared).map(|it| &it.value).filter(|it| it.value.contains(":role/")) {
            let expanded = self.expanded(&it.value, &overridden).map(|value| Text::new(value, it.span));
            found.push(expanded.unwrap_or_else(|| it.clone()));
        }
        for (script, command) in self.calls(&["assume-role-with-web-identity"]) {
            let Some(word) = command.option(script.text, "--role-arn") else { continue };
            let text = script.text.get(word.clone()).filter(|it| it.contains('$') && it.contains(":role/"));
            let value = text.and_then(|it| self.expanded(it, &overridden));
            found.extend(value.map(|it| Text::new(unquoted(&it), script.place(&word))));
        }
        found
    }

    /// Each command that calls a tool with these words in this order, with its script.
    pub(super) fn calls(&self, wanted: &[&str]) -> Vec<(&Script<'b>, &Command)> {
        let is_one = |script: &Script<'b>, it: &Command| {
            let words = it.arguments(script.text);
            wanted.iter().all(|wanted| words.contains(wanted))
        };
        let all = self.scripts.iter().flat_map(|script| script.commands.iter().map(move |it| (script, it)));
        all.filter(|(script, it)| is_one(script, it)).collect()
    }

    /// Every assignment to that variable in the scripts: the script, and the value's place in it.
    pub(super) fn assigned(&self, name: &str) -> Vec<(&Script<'b>, Range)> {
        let mut found = Vec::new();
        for script in &self.scripts {
            for word in script.commands.iter().flat_map(|it| &it.words) {
                let text = script.text.get(word.clone()).unwrap_or("");
                if assignment(text).is_some_and(|it| it.0 == name) {
                    found.push((script, word.start + name.len() + 1..word.end));
                }
            }
        }
        found
    }

    /// The variables to which the file gives a value that is no ID token, those of PowerShell in small letters behind `env:`.
    pub(super) fn set(&self) -> HashSet<String> {
        let variables = self.job.variables.iter().chain(&self.ci.variables).map(|it| it.name.value.clone());
        variables.chain(self.overridden()).collect()
    }

    /// The variables that have another value in some runs or after some command.
    pub(super) fn overridden(&self) -> HashSet<String> {
        let mut set: HashSet<String> = self.job.sometimes_set.iter().cloned().collect();
        for script in &self.scripts {
            script.commands.iter().for_each(|it| set_by(script, it, &mut set));
            set.extend(defaults(script, &[":=", "="]));
        }
        set
    }

    /// Whether any variable may be set by what does not stand in the file: another script, what a command prints, an earlier job.
    fn is_open(&self) -> bool {
        let opens = |script: &Script<'_>, it: &Command| match it.name(script.text) {
            "source" | "." | "iex" | "Invoke-Expression" => true,
            "eval" | "export" => {
                it.arguments(script.text).iter().any(|it| it.contains(['$', '`']) && printed(it).is_none())
            }
            _ => false,
        };
        let hands_on = |it: &CiJob| it.hands_variables_on && it.name != self.job.name;
        self.job.needs_other_pipelines
            || self.ci.jobs.iter().any(hands_on)
            || self.scripts.iter().any(|script| script.commands.iter().any(|it| opens(script, it)))
    }

    /// Whether a script is PowerShell's, where a job's variables stand behind `env:` and any other is the script's own.
    fn is_powershell(&self) -> bool {
        self.scripts.iter().flat_map(|it| references(it.text)).any(|it| it.is_env)
    }

    /// The variables that are handed to STS as the token.
    pub(super) fn handed(&self) -> Vec<Handed> {
        let (is_powershell, set) = (self.is_powershell(), self.set());
        let tokens = || self.job.id_tokens.iter().map(|it| it.name.value.as_str());
        let mut found: Vec<Handed> = Vec::new();
        for (script, command) in self.calls(&["assume-role-with-web-identity"]) {
            let Some(word) = command.option(script.text, "--web-identity-token") else { continue };
            for it in script.references(&word) {
                // On Windows the names of such variables are the same in any case.
                let token = tokens().find(|token| it.is_env && token.eq_ignore_ascii_case(it.name));
                let is_set = set.contains(it.name)
                    || (it.is_env && set.contains(&in_powershell(it.name)))
                    || (!it.is_env && is_powershell)
                    || it.name.starts_with(|c: char| c.is_ascii_digit())
                    || has_mark(script.text, &it, &[":-", "-", ":=", "=", ":+", "+"]);
                found.push(Handed {
                    name: token.unwrap_or(it.name).to_owned(),
                    written: format!("${}{}", if it.is_env { "env:" } else { "" }, it.name),
                    place: script.place(&it.range),
                    is_gitlabs: !is_set && token.is_none(),
                });
            }
        }
        if found.iter().any(|it| it.is_gitlabs) && self.is_open() {
            found.iter_mut().for_each(|it| it.is_gitlabs = false);
        }
        found
    }

    /// Whether the job signs in to AWS with a token.
    pub(super) fn signs_in(&self) -> bool {
        let names = ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"];
        !self.calls(&["assume-role-with-web-identity"]).is_empty()
            || names.iter().any(|it| self.variable(it).is_some() || !self.assigned(it).is_empty())
    }

    /// The ID tokens that AWS gets: those handed to STS or written into a file, else the only one.
    pub(super) fn tokens_for_aws(&self) -> Vec<&'b IdToken> {
        if !self.signs_in() {
            return Vec::new();
        }
        let mut names: Vec<String> = self.handed().into_iter().map(|it| it.name).collect();
        for script in &self.scripts {
            for it in script.commands.iter().filter(|it| it.is_redirected || it.pipes_into.is_some()) {
                let all = it.words.iter().flat_map(|word| script.references(word));
                names.extend(all.map(|it| it.name.to_owned()));
            }
        }
        let tokens = &self.job.id_tokens;
        let named: Vec<&IdToken> = tokens.iter().filter(|it| names.contains(&it.name.value)).collect();
        match tokens.as_slice() {
            [one] => vec![one],
            _ => named,
        }
    }
}

/// The variables that a command sets.
fn set_by(script: &Script<'_>, command: &Command, set: &mut HashSet<String>) {
    let all = command.words.iter().filter_map(|it| assignment(script.text.get(it.clone())?));
    set.extend(all.map(|it| it.0.to_owned()));
    let words = command.arguments(script.text);
    let target = match words.as_slice() {
        ["read" | "for" | "mapfile" | "readarray" | "getopts" | "select", rest @ ..] => {
            set.extend(rest.iter().map(|it| unquoted(it)));
            return;
        }
        ["printf", "-v", target, ..] => {
            set.insert(unquoted(target));
            return;
        }
        ["eval" | "export", rest @ ..] => {
            set.extend(rest.iter().filter_map(|it| printed(it)).flatten().map(str::to_owned));
            return;
        }
        // PowerShell's `$env:NAME = …`.
        [target, "=", ..] => target,
        [first, ..] => first.split_once('=').map_or("", |it| it.0),
        [] => "",
    };
    set.extend(references(target).iter().filter(|it| it.is_env).map(|it| in_powershell(it.name)));
}

/// How a variable of PowerShell's environment stands among those that are set.
fn in_powershell(name: &str) -> String {
    format!("env:{}", name.to_ascii_lowercase())
}

/// The names in a word that says itself which variables it sets: an assignment, or what `printf` makes of one, as where jobs sign in by
/// `export $(printf "AWS_ACCESS_KEY_ID=%s …" …)`. `ssh-agent` prints its own alone. None where the word may say any.
fn printed(word: &str) -> Option<Vec<&str>> {
    if let Some((name, _)) = assignment(word) {
        return Some(vec![name]);
    }
    let word = word.trim_start_matches('"');
    let inner = word.strip_prefix("$(").or(word.strip_prefix('`'))?.trim_start();
    if inner.starts_with("ssh-agent") {
        return Some(Vec::new());
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = |it: &'_ str| it.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
    let names = inner.strip_prefix("printf")?.split('=').map(|it| it.get(end(it)..).unwrap_or(""));
    Some(names.filter(|it| !it.is_empty()).collect())
}

/// The variables that a script names with such a mark behind the name.
fn defaults(script: &Script<'_>, marks: &[&str]) -> Vec<String> {
    let all = references(script.text).into_iter().filter(|it| has_mark(script.text, it, marks));
    all.map(|it| it.name.to_owned()).collect()
}

/// Whether one of these marks stands behind the name: `${NAME:-…}` and the like say what comes where the variable has no value.
fn has_mark(script: &str, it: &Reference<'_>, marks: &[&str]) -> bool {
    let after = script.get(it.range.end..).unwrap_or("");
    let is_braced = script.get(it.range.start..).is_some_and(|it| it.starts_with("${"));
    is_braced && marks.iter().any(|it| after.starts_with(it))
}
