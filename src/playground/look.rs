//! One token, looked at against one role: everything that the page and the command say of it.

use std::rc::Rc;

use super::{AsOf, Chosen, Model, Pasted, Table, judged_at};
use crate::aws::policy::{Policy, read};
use crate::document::json;
use crate::generate;
use crate::setup::Setup;
use crate::text::{Diagnostic, position};
use crate::verdict::{
    Circumstances, ConditionTrace, Evidence, Layout, NoVerdict, StatementTrace, Verdict, judge, lay_out,
};

/// A setup with the trust policy of each role, written and read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    setup: Rc<Setup>,
    policies: Vec<(String, Option<Policy>)>,
}

impl Compiled {
    /// Writes and reads the policies of `setup`.
    pub fn new(setup: Rc<Setup>) -> Self {
        let policies = setup
            .roles()
            .iter()
            .map(|role| {
                let text = generate::trust_policy(&setup, role);
                let policy = json::parse(&text).ok().and_then(|it| read(&it).ok());
                (text, policy)
            })
            .collect();
        Self { setup, policies }
    }

    /// The setup.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The trust policy of the role of that index: its text, and the policy.
    pub fn policy(&self, role: usize) -> Option<(&str, &Policy)> {
        let (text, policy) = self.policies.get(role)?;
        Some((text, policy.as_ref()?))
    }

    /// What is known of a call to this account at `now`.
    pub fn circumstances(&self, now: i64) -> Circumstances {
        Self::circumstances_of(&self.setup, now)
    }

    /// What is known of a call to the account of `setup` at `now`.
    pub(super) fn circumstances_of(setup: &Setup, now: i64) -> Circumstances {
        Circumstances {
            account: Some(setup.aws().account_id.clone()),
            partition: Some(setup.aws().partition),
            audiences: Some(vec![setup.gitlab().audience.to_string()]),
            providers: Some(vec![setup.gitlab().issuer.to_string()]),
            now,
            context: Vec::new(),
        }
    }
}

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
    /// The line of the wanted value in the role's trust policy, from 1.
    pub line: usize,
    /// Wanted and came, side by side, where something came.
    pub layout: Option<Layout>,
}

/// Looks at the model's token; a sample is taken from `table`.
pub fn look(compiled: &Compiled, model: &Model, table: &Table) -> Look {
    let at = model.role_in_setup();
    let role = compiled.setup().roles().get(at);
    let name = role.map(|it| it.name.to_string()).unwrap_or_default();
    let seen = match &model.token {
        Chosen::Sample(kind) => {
            let all = || table.rows.iter().map(|it| &it.0);
            match all().find(|it| it.kind == *kind).or(all().next()).map(|it| &it.token) {
                Some(Ok(token)) => judged(compiled, at, Rc::clone(token), model.now),
                Some(Err(why)) => Seen::NoSample((*why).to_owned()),
                None => Seen::NoSample("the role has no scope".to_owned()),
            }
        }
        Chosen::Kept(sample) => match &sample.token {
            Ok(token) => judged(compiled, at, Rc::clone(token), judged_at(token, AsOf::Issued, model.now)),
            Err(why) => Seen::NoSample((*why).to_owned()),
        },
        Chosen::Pasted(pasted) => match &**pasted {
            Pasted::Unreadable(it) => Seen::Unreadable(it.clone()),
            Pasted::Read(evidence) => {
                let now = judged_at(evidence, model.as_of, model.now);
                judged(compiled, at, Rc::new(evidence.clone()), now)
            }
        },
    };
    Look { role: name, seen }
}

fn judged(compiled: &Compiled, role: usize, evidence: Rc<Evidence>, at: i64) -> Seen {
    let Some((text, policy)) = compiled.policy(role) else {
        return Seen::NoVerdict { evidence, message: "the role's policy could not be read back".to_owned() };
    };
    match judge(text, policy, &evidence, &compiled.circumstances(at)) {
        Ok(verdict) => {
            let stopper = (verdict.allowed != Some(true)).then(|| stopper(text, &verdict)).flatten();
            Seen::Verdict { evidence, at, verdict: Box::new(verdict), stopper: stopper.map(Box::new) }
        }
        Err(no) => {
            let message = match no {
                NoVerdict::Account(it) => it.one_line(text),
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
