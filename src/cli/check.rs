//! `claimcheck check`: one token, many tokens, or many cases.

use std::io::{BufRead, Write};
use std::rc::Rc;

use super::arguments::{Check, Format};
use super::input::{Problem, lines, read, read_setup, shown};
use super::visible::Visible;
use super::{Exit, doctor, edits, input, report};
use crate::aws::AccountId;
use crate::aws::policy::{Policy, read as read_policy};
use crate::doctor::Beside;
use crate::document::Text;
use crate::document::json::{self, Member, Node, Value};
use crate::mend::{Case, mend};
use crate::playground::{AFTER_ISSUE, Compiled, Remedy, Table, remedies};
use crate::print::json::{compact, pretty};
use crate::source::{self, Found, Kind, Source, Unread};
use crate::text::{Diagnostic, Span, nearest, position, quoted};
use crate::verdict::{
    Circumstances, Context, Evidence, KeyState, NoVerdict, Stage, Verdict, judge, malformed, read_evidence, to_json,
};

/// When a token is judged.
#[derive(Debug, Clone, Copy)]
enum Now {
    /// The machine's clock, or the time that a record tells.
    Clock(i64),
    At(i64),
    Issued,
    /// As `Issued`, or `Clock` where the token does not say when that was.
    OfLog(i64),
}

pub(super) fn run(it: &Check, out: &mut dyn Write) -> Result<Exit, Problem> {
    if let Some(path) = &it.cases {
        return cases(path, it.format, out);
    }
    let (mut circumstances, now) = circumstances(it)?;
    let composed = it.setup.as_deref().map(|path| Composed::read(path, it.role.as_deref())).transpose()?;
    let policy_path = it.setup.as_deref().or(it.policy.as_deref()).unwrap_or("-");
    let text = match &composed {
        Some(it) => it.policy().to_owned(),
        None => read(policy_path)?,
    };
    if let Some(it) = &composed {
        circumstances = Circumstances { context: circumstances.context, ..it.compiled.circumstances(0) };
    }
    let variables = input::variables(&it.var)?;
    let mut source = source::read(&text, &variables);
    if let (Kind::Nothing, Ok(root)) = (source.kind, json::parse(&text))
        && is_meant_as_policy(&root)
    {
        source.policies.push(Found::new(root));
    }
    circumstances.client_ids = source.client_ids();
    let given = circumstances.account.clone().filter(|_| composed.is_none());
    let (policy, at) = match chosen(&source, &text, it.role.as_deref().filter(|_| composed.is_none())) {
        Ok((at, found)) => {
            circumstances.account = circumstances.account.take().or_else(|| found.account());
            (found.policy.clone().map_err(|it| malformed(&it)), at)
        }
        Err(problem) => return Err(Problem::of(shown(policy_path), &text, &problem)),
    };
    let judged = |token: &str, now: Now| {
        let evidence = read_evidence(token).map_err(Trouble::in_token)?;
        let account = given.as_ref().or(evidence.account()).or(circumstances.account.as_ref()).cloned();
        judge_evidence(&text, &policy, evidence, Circumstances { account, ..circumstances.clone() }, now)
    };
    if let Some(path) = &it.tokens {
        return stream(path, it.format, &text, out, |line| (Node::new(Value::Null), judged(line, now)));
    }
    let path = it.token.as_deref().unwrap_or("-");
    let token = read(path)?;
    let log = it.log.as_deref().map(|path| Ok((read(path)?, path))).transpose()?;
    let complaints = match &log {
        Some((log, path)) => doctor::complaints(path, log)?,
        None => Vec::new(),
    };
    let now = match now {
        // The token of a job that is over has expired by now, which was no cause unless the log says so.
        Now::Clock(clock) if log.is_some() && !complaints.iter().any(|it| it.known.stages.contains(&Stage::Time)) => {
            Now::OfLog(clock)
        }
        now => now,
    };
    let log = log.map(|it| it.0).unwrap_or_default();
    match judged(&token, now) {
        Ok((verdict, evidence, known)) => {
            let now = known.now;
            let remedies = composed.as_ref().map(|it| it.remedies(&evidence, now, &verdict));
            let beside = Some(Beside { verdict: &verdict, evidence: &evidence, circumstances: &known });
            let mending = composed.is_none().then(|| {
                mend(&Case {
                    text: &text,
                    source: &source,
                    at,
                    variables: &variables,
                    evidence: &evidence,
                    circumstances: &known,
                    verdict: &verdict,
                })
            });
            let against = match &evidence {
                Evidence::Record(record) => {
                    let found = source.policies.get(at).and_then(|it| it.role_name.as_ref());
                    let found = found.filter(|it| it.unknown.is_empty()).map(|it| it.value.as_str());
                    let name = composed.as_ref().map_or(found, |it| Some(it.name()));
                    record.against(&verdict, name, given.as_ref().or(circumstances.account.as_ref()))
                }
                Evidence::Token(_) => None,
            };
            if it.format == Format::Json {
                let findings = source
                    .policies
                    .get(at)
                    .map(|found| super::lint::of_policy(shown(policy_path), &text, &source, found, &known));
                let findings = Some(findings.unwrap_or_default());
                let mut answer = to_json(Node::new(Value::Null), &verdict, &text, findings);
                if let Value::Object(members) = &mut answer.value {
                    members.extend(remedies.map(|it| Member::new("remedies", report::remedies_json(&it))));
                    if let Some((edits, token)) = mending.map(|it| edits::json(&text, &it)) {
                        members.extend([Member::new("edits", edits), Member::new("nearest_token", token)]);
                    }
                    if !complaints.is_empty() {
                        members.push(Member::new("log", doctor::json(&log, &complaints, beside)));
                    }
                }
                write!(out, "{}", pretty(&answer)).map_err(Problem::output)?;
            } else {
                let out = &mut Visible(out);
                report::verdict(out, &verdict, &evidence, &text, now)
                    .and_then(|()| against.map_or(Ok(()), |it| writeln!(out, "{it}")))
                    .and_then(|()| report::remedies(out, remedies.as_deref().unwrap_or_default()))
                    .and_then(|()| mending.map_or(Ok(()), |it| edits::write(out, &text, &it)))
                    .map_err(Problem::output)?;
                if !complaints.is_empty() {
                    writeln!(out, "\nthe job's log").map_err(Problem::output)?;
                    doctor::text(out, &log, &complaints, beside).map_err(Problem::output)?;
                }
                for note in &source.notes {
                    writeln!(out, "note: {}", note.one_line(&text)).map_err(Problem::output)?;
                }
                for (key, why) in contradicted(&evidence, &known) {
                    writeln!(out, "note: {why}; the answer is for a request that has `{key}` as you gave it")
                        .map_err(Problem::output)?;
                }
            }
            Ok(exit(&verdict))
        }
        Err(Trouble { diagnostic, in_token }) => {
            let (name, text) = if in_token { (shown(path), &token) } else { (shown(policy_path), &text) };
            Err(Problem::of(name, text, &diagnostic))
        }
    }
}

/// The policy that is meant, and which of the text's it is. Where a role could not be read, no other is taken in its place.
fn chosen<'s>(source: &'s Source, text: &str, role: Option<&str>) -> Result<(usize, &'s Found), Diagnostic> {
    let says = |name: &str, role_name: Option<&Text>, wanted: &str| {
        name == wanted || role_name.is_some_and(|it| it.value == wanted) || name.rsplit('.').next() == Some(wanted)
    };
    let list = |names: &[&str]| names.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ");
    let named = |wanted: Option<&str>| {
        let is_wanted =
            |name: &str, role_name: Option<&Text>| wanted.is_none_or(|wanted| says(name, role_name, wanted));
        let read = source.policies.iter().enumerate().filter(|it| is_wanted(&it.1.name, it.1.role_name.as_ref()));
        let unread = source.unread.iter().filter(|it| is_wanted(&it.name, it.role_name.as_ref()));
        (read.collect::<Vec<_>>(), unread.collect::<Vec<_>>())
    };
    let which = |read: &[(usize, &Found)], unread: &[&Unread]| {
        let names: Vec<&str> = read.iter().map(|it| it.1.name.as_str()).collect();
        let mut message = format!("which role? say it with --role, one of {}", list(&names));
        if !unread.is_empty() {
            let reasons: Vec<&str> = unread.iter().map(|it| it.problem.message.as_str()).collect();
            message += &format!("; not read: {}", reasons.join("; "));
        }
        Diagnostic::new(message)
    };
    if source.policies.is_empty() && (role.is_none() || source.unread.is_empty()) {
        return Err(source.problems.first().cloned().unwrap_or_else(|| {
            let message = format!("this is {}: expected a trust policy", source.kind.words());
            Diagnostic::new(message).at(Span::new(0, text.len()))
        }));
    }
    let (read, unread) = named(role);
    // A name that the text gives goes before one that a role has.
    let is_exact = |name: &str| role == Some(name);
    let exact = (read.iter().filter(|it| is_exact(&it.1.name)), unread.iter().filter(|it| is_exact(&it.name)));
    let (read, unread) = match (exact.0.clone().count(), exact.1.clone().count()) {
        (1, 0) | (0, 1) => (exact.0.copied().collect(), exact.1.copied().collect()),
        _ => (read, unread),
    };
    match (read.as_slice(), unread.as_slice(), role) {
        ([one], [], _) => Ok(*one),
        ([], [], Some(name)) => {
            let (read, unread) = named(None);
            let names = read.iter().map(|it| it.1.name.as_str()).chain(unread.iter().map(|it| it.name.as_str()));
            let names = list(&names.collect::<Vec<_>>());
            Err(Diagnostic::new(format!("there is no role {} here; there is {names}", quoted(name))))
        }
        ([], [one], _) => Err(one.problem.clone()),
        (read, unread, _) => Err(which(read, unread)),
    }
}

/// Whether JSON that is nothing known is a policy with a mistake: it has statements, perhaps under a name that is near, or nothing else.
fn is_meant_as_policy(root: &Node) -> bool {
    let Some(members) = root.as_object() else { return false };
    let near = |it: &Member| nearest(&it.key, ["Version", "Id", "Statement"]);
    members.iter().any(|it| near(it) == Some("Statement")) || members.iter().all(|it| near(it).is_some())
}

/// A role of a setup, in the place of a policy.
struct Composed {
    compiled: Compiled,
    role: usize,
}

impl Composed {
    fn read(path: &str, name: Option<&str>) -> Result<Self, Problem> {
        let setup = read_setup(path)?;
        let names = || setup.roles().iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(", ");
        let role = match name {
            Some(name) => setup
                .roles()
                .iter()
                .position(|it| it.name.as_str() == name)
                .ok_or_else(|| Problem::new(format!("this setup has no role `{name}`; it has {}", names())))?,
            None if setup.roles().len() > 1 => {
                return Err(Problem::new(format!("which role? say it with --role, one of {}", names())));
            }
            None => 0,
        };
        Ok(Self { compiled: Compiled::new(Rc::new(setup)), role })
    }

    /// The role's policy, as it is generated.
    fn policy(&self) -> &str {
        self.compiled.policy(self.role).map_or("", |it| it.0)
    }

    fn name(&self) -> &str {
        self.compiled.setup().roles().get(self.role).map_or("", |it| it.name.as_str())
    }

    fn remedies(&self, evidence: &Evidence, now: i64, verdict: &Verdict) -> Vec<Remedy> {
        let table = Table::of(&self.compiled, self.role, now);
        remedies(&self.compiled, self.role, &table, evidence, now, verdict)
    }
}

fn exit(verdict: &Verdict) -> Exit {
    match verdict.allowed {
        Some(true) => Exit::Yes,
        Some(false) => Exit::No,
        None => Exit::Depends,
    }
}

/// Why there is no verdict, and in which of the two texts.
struct Trouble {
    diagnostic: Diagnostic,
    in_token: bool,
}

impl Trouble {
    fn in_token(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, in_token: true }
    }

    fn of(no: NoVerdict) -> Self {
        match no {
            NoVerdict::Account(diagnostic) => Self { diagnostic, in_token: false },
            claim @ NoVerdict::Claim(_) => Self::in_token(Diagnostic::new(claim.message())),
        }
    }
}

fn judge_evidence(
    text: &str,
    policy: &Result<Policy, Verdict>,
    evidence: Evidence,
    mut circumstances: Circumstances,
    now: Now,
) -> Result<(Verdict, Evidence, Circumstances), Trouble> {
    circumstances.now = match (now, &evidence) {
        (Now::At(now), _) => now,
        (Now::Issued, Evidence::Record(it)) => it.time.unwrap_or(0),
        (Now::Clock(now) | Now::OfLog(now), Evidence::Record(it)) => it.time.unwrap_or(now),
        (Now::Clock(now), _) => now,
        (Now::OfLog(now), Evidence::Token(token)) => {
            token.seconds("iat").map_or(now, |it| it.saturating_add(AFTER_ISSUE))
        }
        (Now::Issued, Evidence::Token(token)) => match token.seconds("iat") {
            Some(iat) => iat.saturating_add(AFTER_ISSUE),
            None => {
                return Err(Trouble::in_token(Diagnostic::new(
                    "the token has no `iat`, so `--now issued` cannot be told",
                )));
            }
        },
    };
    let of = if matches!(evidence, Evidence::Token(_)) { "token" } else { "record" };
    for (key, state) in unsaid(&evidence, &circumstances) {
        if let KeyState::Known(_) = *state {
            let message = match key.to_ascii_lowercase().as_str() {
                "aws:currenttime" | "aws:epochtime" => format!("`{key}` is the time of the call: give that with --now"),
                "aws:securetransport" => format!("STS answers over TLS alone, so `{key}` is true"),
                _ => format!("the {of} sets `{key}` already, so it cannot be given as context"),
            };
            return Err(Trouble::in_token(Diagnostic::new(message)));
        }
    }
    let verdict = match policy {
        Ok(policy) => judge(text, policy, &evidence, &circumstances).map_err(Trouble::of)?,
        Err(malformed) => malformed.clone(),
    };
    Ok((verdict, evidence, circumstances))
}

/// What each key of `--context` would hold, had nobody given it.
fn unsaid<'c>(evidence: &Evidence, circumstances: &'c Circumstances) -> Vec<(&'c str, Rc<KeyState>)> {
    let bare = Circumstances { context: Vec::new(), ..circumstances.clone() };
    let context = Context::new(evidence, &bare, None);
    circumstances.context.iter().map(|(key, _)| (key.as_str(), context.state(key))).collect()
}

/// The keys that somebody gave and no such request has, and why it has none.
fn contradicted<'c>(evidence: &Evidence, circumstances: &'c Circumstances) -> Vec<(&'c str, String)> {
    let all = unsaid(evidence, circumstances).into_iter();
    all.filter_map(|(key, state)| match &*state {
        KeyState::Absent(why) => Some((key, why.clone())),
        _ => None,
    })
    .collect()
}

fn circumstances(it: &Check) -> Result<(Circumstances, Now), Problem> {
    let (context, account) = (input::context(&it.context)?, input::account(it.account.as_deref())?);
    let now = match it.now.as_deref() {
        None => Now::Clock(clock()),
        Some("issued") => Now::Issued,
        Some(text) => Now::At(
            text.parse()
                .map_err(|_| Problem::new(format!("--now wants seconds since 1970, or `issued`; this is `{text}`")))?,
        ),
    };
    let some = |values: &Vec<String>| (!values.is_empty()).then(|| values.clone());
    let circumstances = Circumstances {
        account,
        partition: None,
        audiences: some(&it.audience.iter().map(|it| input::audience(it)).collect::<Result<_, _>>()?),
        client_ids: Vec::new(),
        providers: some(&it.provider.iter().map(|it| input::provider(it)).collect::<Result<_, _>>()?),
        now: 0,
        context,
    };
    Ok((circumstances, now))
}

/// Seconds since 1970, by the machine's clock.
fn clock() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()
        .and_then(|it| i64::try_from(it.as_secs()).ok())
        .unwrap_or(0)
}

/// The longest line of a stream that is read, in bytes; the rest of a longer one is passed over.
const LINE_MOST: u64 = 4 * 1024 * 1024;

/// One verdict for each line, in order, as the lines come.
fn stream(
    path: &str,
    format: Format,
    policy_text: &str,
    out: &mut dyn Write,
    mut judged: impl FnMut(&str) -> (Node, Result<(Verdict, Evidence, Circumstances), Trouble>),
) -> Result<Exit, Problem> {
    let mut input = lines(path)?;
    let mut worst = Exit::Yes;
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let read = std::io::Read::take(&mut input, LINE_MOST).read_until(b'\n', &mut bytes);
        let length = read.map_err(|error| Problem::new(format!("cannot read {}: {error}", shown(path))))?;
        if length == 0 {
            break;
        }
        let too_long = u64::try_from(length).unwrap_or(LINE_MOST) == LINE_MOST && bytes.last() != Some(&b'\n');
        if too_long {
            pass_over(&mut input).map_err(|error| Problem::new(format!("cannot read {}: {error}", shown(path))))?;
        }
        let (id, outcome) = if too_long {
            let message = format!("this line has more than {LINE_MOST} bytes");
            (Node::new(Value::Null), Err(Trouble::in_token(Diagnostic::new(message))))
        } else {
            match std::str::from_utf8(&bytes) {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => judged(line.trim_end_matches(['\n', '\r'])),
                Err(_) => {
                    (Node::new(Value::Null), Err(Trouble::in_token(Diagnostic::new("this line is not UTF-8 text"))))
                }
            }
        };
        let line = std::str::from_utf8(&bytes).unwrap_or("");
        let exit = match outcome {
            Ok((verdict, _, _)) => {
                match format {
                    Format::Json => {
                        let text = if policy_text.is_empty() { line } else { policy_text };
                        writeln!(out, "{}", compact(&to_json(id, &verdict, text, None)))
                    }
                    Format::Text => report::one_line(&mut Visible(out), number, &id, &verdict),
                }
                .map_err(Problem::output)?;
                exit(&verdict)
            }
            Err(Trouble { diagnostic, in_token }) => {
                let column = diagnostic
                    .span
                    .filter(|_| in_token || policy_text.is_empty())
                    .map_or(1, |it| position(line, it.start).column);
                let message = diagnostic.one_line("");
                let message = Diagnostic { span: None, ..diagnostic }.one_line(&message);
                match format {
                    Format::Json => {
                        let unreadable = Node::object(vec![
                            ("message", Node::text(&message)),
                            ("line", Node::number(number)),
                            ("column", Node::number(column)),
                        ]);
                        let answer = Node::object(vec![("id", id), ("unreadable", unreadable)]);
                        writeln!(out, "{}", compact(&answer))
                    }
                    Format::Text => writeln!(Visible(out), "{number}: unreadable at column {column}: {message}"),
                }
                .map_err(Problem::output)?;
                Exit::Bad
            }
        };
        worst = worst.worse(exit);
    }
    Ok(worst)
}

/// Reads to the end of the line and forgets it.
fn pass_over(input: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let chunk = input.fill_buf()?;
        let (used, done) = match chunk.iter().position(|it| *it == b'\n') {
            Some(at) => (at + 1, true),
            None => (chunk.len(), chunk.is_empty()),
        };
        input.consume(used);
        if done {
            return Ok(());
        }
    }
}

fn cases(path: &str, format: Format, out: &mut dyn Write) -> Result<Exit, Problem> {
    let now = clock();
    stream(path, format, "", out, |line| match json::parse(line) {
        Ok(root) => (root.member("id").cloned().unwrap_or_else(|| Node::new(Value::Null)), case(line, &root, now)),
        Err(error) => (Node::new(Value::Null), Err(Trouble::in_token(error))),
    })
}

/// One line of `--cases`.
fn case(line: &str, root: &Node, clock: i64) -> Result<(Verdict, Evidence, Circumstances), Trouble> {
    const KNOWN: [&str; 8] = ["id", "policy", "token", "audiences", "providers", "account", "now", "context"];
    let wrong = |node: &Node, message: String| Trouble::in_token(Diagnostic::new(message).at(node.span));
    let Some(members) = root.as_object() else {
        return Err(wrong(root, format!("a case is a JSON object, not {}", root.kind())));
    };
    if let Some(member) = members.iter().find(|it| !KNOWN.contains(&it.key.as_str())) {
        let message = format!("a case has no field {}", crate::text::quoted(&member.key));
        return Err(Trouble::in_token(
            Diagnostic::new(message).at(member.key_span).help(format!("known: {}", KNOWN.join(", "))),
        ));
    }
    let required = |name: &str| root.member(name).ok_or_else(|| wrong(root, format!("this case has no `{name}`")));
    let policy = read_policy(required("policy")?).map_err(|it| malformed(&it));
    let token = required("token")?;
    let evidence = match &token.value {
        Value::String(text) => read_evidence(text).map_err(|it| wrong(token, it.message))?,
        Value::Object(_) => crate::verdict::evidence_of(token).map_err(Trouble::in_token)?,
        _ => return Err(wrong(token, format!("`token` is a payload or a JWT, not {}", token.kind()))),
    };
    let strings = |name: &str| -> Result<Option<Vec<String>>, Trouble> {
        let Some(node) = root.member(name) else { return Ok(None) };
        let list = match &node.value {
            Value::Array(items) => items.iter().map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>(),
            Value::Null => return Ok(None),
            _ => None,
        };
        list.map(Some).ok_or_else(|| wrong(node, format!("`{name}` is a list of strings")))
    };
    let account = match root.member("account").map(|it| (it, it.as_str())) {
        None | Some((Node { value: Value::Null, .. }, _)) => None,
        Some((node, text)) => Some(AccountId::parse(text.unwrap_or("")).map_err(|it| wrong(node, it.message))?),
    };
    let now = match root.member("now") {
        None | Some(Node { value: Value::Null, .. }) => Now::At(clock),
        Some(node) => match &node.value {
            Value::Number(text) => {
                Now::At(text.parse().map_err(|_| wrong(node, "`now` is a whole number of seconds".to_owned()))?)
            }
            Value::String(text) if text == "issued" => Now::Issued,
            _ => return Err(wrong(node, "`now` is a number of seconds since 1970, or `issued`".to_owned())),
        },
    };
    let circumstances = Circumstances {
        account,
        partition: None,
        audiences: strings("audiences")?,
        client_ids: Vec::new(),
        providers: strings("providers")?,
        now: 0,
        context: context(root, &wrong)?,
    };
    judge_evidence(line, &policy, evidence, circumstances, now)
}

fn context(root: &Node, wrong: &dyn Fn(&Node, String) -> Trouble) -> Result<Vec<(String, Vec<String>)>, Trouble> {
    let Some(node) = root.member("context") else { return Ok(Vec::new()) };
    let Some(members) = node.as_object() else { return Err(wrong(node, "`context` is an object".to_owned())) };
    members
        .iter()
        .map(|member| {
            let values = match &member.value.value {
                Value::String(it) | Value::Number(it) => Some(vec![it.clone()]),
                Value::Bool(it) => Some(vec![it.to_string()]),
                Value::Array(items) => items.iter().map(|it| it.as_str().map(str::to_owned)).collect(),
                _ => None,
            };
            let values = values.ok_or_else(|| {
                wrong(&member.value, "a value of `context` is a string or a list of strings".to_owned())
            })?;
            Ok((member.key.clone(), values))
        })
        .collect()
}
