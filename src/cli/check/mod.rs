//! `claimcheck check`: one token, many tokens, or many cases.

mod chosen;
mod stream;

use std::io::Write;
use std::rc::Rc;

use self::chosen::{Composed, chosen, is_meant_as_policy};
use self::stream::{cases, stream};
use super::arguments::{Check, Format};
use super::input::{Problem, read, shown};
use super::visible::Visible;
use super::{Exit, doctor, edits, input, report};
use crate::aws::policy::Policy;
use crate::doctor::{Beside, Complaint, called_at, is_of_age};
use crate::document::json::{self, Member, Node, Value};
use crate::mend::{Case, mend};
use crate::playground::{AsOf, judged_at};
use crate::print::json::pretty;
use crate::source::{self, Found, Kind};
use crate::text::Diagnostic;
use crate::verdict::{
    Circumstances, Context, Evidence, KeyState, NoVerdict, Verdict, judge, malformed, read_evidence, to_json,
};

/// When a token is judged.
#[derive(Debug, Clone, Copy)]
enum Now {
    /// Then, whatever a record tells.
    At(i64),
    /// By this clock, or at the time that a record tells.
    Clock(i64),
    /// As a token that was just issued; one that does not say when that was at this time, or not at all.
    Issued(Option<i64>),
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
        let known = circumstances.clone();
        let known = if given.is_some() { known } else { known.of_call(&evidence) };
        judge_evidence(&text, &policy, evidence, known, now)
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
    let log = log.map(|it| it.0).unwrap_or_default();
    let now = match now {
        Now::Clock(clock) if !complaints.is_empty() => of_log(&log, &complaints, &token, clock),
        now => now,
    };
    let is_time_assumed = matches!(now, Now::Issued(Some(_)));
    match judged(&token, now) {
        Ok((verdict, evidence, known)) => {
            let now = known.now;
            let remedies = composed.as_ref().map(|it| it.remedies(&evidence, now, &verdict));
            let beside =
                Some(Beside { verdict: &verdict, evidence: &evidence, circumstances: &known, is_time_assumed });
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
                    members.extend(against.map(|it| Member::new("remark", Node::text(it))));
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

/// When the call was made that the log tells of. The token of a job that is over has expired by now, which was no cause unless the log
/// says so.
fn of_log(log: &str, complaints: &[Complaint], token: &str, clock: i64) -> Now {
    let called = read_evidence(token).ok().and_then(|it| called_at(log, complaints, &it));
    match called {
        Some(called) => Now::At(called),
        None if complaints.iter().any(is_of_age) => Now::Clock(clock),
        None => Now::Issued(Some(clock)),
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
        (Now::Clock(now), it) => judged_at(it, AsOf::Now, now),
        (Now::Issued(None), Evidence::Token(token)) if token.seconds("iat").is_none() => {
            let message = "the token has no `iat`, so `--now issued` cannot be told";
            return Err(Trouble::in_token(Diagnostic::new(message)));
        }
        (Now::Issued(or), it) => judged_at(it, AsOf::Issued, or.unwrap_or(0)),
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
        Some("issued") => Now::Issued(None),
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
