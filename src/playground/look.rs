//! One token, looked at against one role: everything that the page and the command say of it.

use std::rc::Rc;

use super::{AsOf, Chosen, Model, Pasted, Table, Target, judged_at};
use crate::text::{Diagnostic, Span, position};
use crate::verdict::{ConditionTrace, Evidence, Layout, NoVerdict, StatementTrace, Verdict, judge, lay_out, malformed};

/// What is looked at, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The role's name.
    pub role: String,
    /// What came of it.
    pub seen: Seen,
}

/// What came of looking at a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// The sample does not exist in this setup; why.
    NoSample(String),
    /// What was pasted is no token.
    Unreadable(Diagnostic),
    /// There is no verdict; why, in one line.
    NoVerdict {
        /// The token.
        evidence: Rc<Evidence>,
        /// One line.
        message: String,
    },
    /// There is one.
    Verdict {
        /// The token.
        evidence: Rc<Evidence>,
        /// When it was judged, in seconds since 1970.
        at: i64,
        /// What STS answers.
        verdict: Box<Verdict>,
        /// The condition that stopped it, laid out.
        stopper: Option<Box<Stopper>>,
    },
}

/// The condition that stopped a call at the trust policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopper {
    /// The statement.
    pub statement: StatementTrace,
    /// The condition, if one stopped it.
    pub condition: Option<ConditionTrace>,
    /// Where the wanted value stands in the text of the policy.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
    /// Wanted and came, side by side, where something came.
    pub layout: Option<Layout>,
}

/// Judges the model's token against `target`; a sample is taken from `table`.
pub fn look(target: &Target, model: &Model, table: &Table) -> Look {
    let judged = |evidence: Rc<Evidence>, at: i64| judged(target, evidence, at, &model.context);
    let seen = match &model.token {
        Chosen::Sample(kind) => {
            let all = || table.rows.iter().map(|it| &it.0);
            match all().find(|it| it.kind == *kind).or(all().next()).map(|it| &it.token) {
                Some(Ok(token)) => judged(Rc::clone(token), model.now),
                Some(Err(why)) => Seen::NoSample((*why).to_owned()),
                None => Seen::NoSample("the role has no scope".to_owned()),
            }
        }
        Chosen::Kept(sample) => match &sample.token {
            Ok(token) => judged(Rc::clone(token), judged_at(token, AsOf::Issued, model.now)),
            Err(why) => Seen::NoSample((*why).to_owned()),
        },
        Chosen::Pasted(pasted) => match &**pasted {
            Pasted::Unreadable(it) => Seen::Unreadable(it.clone()),
            Pasted::Read(evidence) => {
                let now = judged_at(evidence, model.as_of, model.now);
                judged(Rc::new(evidence.clone()), now)
            }
        },
    };
    Look { role: target.name.clone(), seen }
}

fn judged(target: &Target, evidence: Rc<Evidence>, at: i64, context: &[(String, String)]) -> Seen {
    let policy = match &target.policy {
        Ok(it) => it,
        Err(document) => {
            let verdict = Box::new(malformed(document));
            return Seen::Verdict { evidence, at, verdict, stopper: None };
        }
    };
    match judge(&target.text, policy, &evidence, &target.circumstances_with(&evidence, at, context)) {
        Ok(verdict) => {
            let stopper = (verdict.allowed != Some(true)).then(|| stopper(&target.text, &verdict)).flatten();
            Seen::Verdict { evidence, at, verdict: Box::new(verdict), stopper: stopper.map(Box::new) }
        }
        Err(no) => {
            let message = match no {
                NoVerdict::Account(it) => it.one_line(&target.text),
                claim @ NoVerdict::Claim(_) => claim.message(),
            };
            Seen::NoVerdict { evidence, message }
        }
    }
}

fn stopper(text: &str, verdict: &Verdict) -> Option<Stopper> {
    let (statement, condition) = verdict.stopper()?;
    let layout = condition.and_then(lay_out);
    let span = condition.map_or(statement.span, |it| {
        let laid = layout.as_ref().and_then(|layout| it.wanted.iter().find(|(value, _)| *value == layout.wanted));
        laid.or(it.wanted.first()).map_or(it.key_span, |it| it.1)
    });
    Some(Stopper {
        statement: statement.clone(),
        condition: condition.cloned(),
        span,
        line: position(text, span.start).line,
        layout,
    })
}

/// Whether a pasted token had expired, or would have, at the clock's time though it is judged as of when it was issued.
pub fn has_expired_since(evidence: &Evidence, as_of: AsOf, now: i64) -> bool {
    match evidence {
        Evidence::Token(token) => as_of == AsOf::Issued && token.seconds("exp").is_some_and(|exp| exp <= now),
        Evidence::Record(_) => false,
    }
}
