//! What tokens are judged against: a role's trust policy, composed or the person's own, and what is known of the role.

use std::rc::Rc;

use super::Reading;
use crate::aws::policy::{Malformed, Policy, read};
use crate::document::json;
use crate::generate;
use crate::lint::File;
use crate::setup::{Role, Setup};
use crate::source::Source;
use crate::verdict::{Circumstances, Evidence, Verdict};

/// A trust policy, and what is known of the role that has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The role's name; empty where nobody said.
    pub name: String,
    /// The longest session, in seconds.
    pub session: u32,
    /// What the policy was read from.
    pub text: Rc<str>,
    /// The policy; or why no role can have it.
    pub policy: Result<Policy, Box<Malformed>>,
    known: Circumstances,
}

/// IAM's default for `MaxSessionDuration`.
const SESSION: u32 = 3_600;

impl Target {
    /// The policy that `setup` composes for `role`.
    fn composed(setup: &Setup, role: &Role) -> Self {
        let text = generate::trust_policy(setup, role);
        let known = circumstances_of(setup, 0);
        match json::parse(&text) {
            Ok(it) => Self {
                name: role.name.to_string(),
                session: role.max_session_seconds,
                policy: read(&it),
                text: text.into(),
                known,
            },
            // What the generator wrote is JSON.
            Err(_) => Self::nobodys(),
        }
    }

    /// A document that no role can have.
    fn nobodys() -> Self {
        let policy = read(&json::Node::new(json::Value::Null));
        Self { name: String::new(), session: SESSION, text: "".into(), policy, known: Circumstances::default() }
    }

    /// A person's own policy. What the setup says of the account counts where the policy names the setup's provider; the client IDs of
    /// a provider that stands in the person's text, or in a file `beside` it, count before the setup's.
    pub fn own(reading: &Reading, beside: &[Rc<File>], setup: &Setup) -> Self {
        let Some(found) = reading.found() else { return Self::nobodys() };
        let arn = setup.provider_arn();
        let names = |it: &Policy| it.statements.iter().any(|it| it.principals.iter().any(|it| it.text.value == arn));
        let mut known = Circumstances::default();
        if found.policy.as_ref().is_ok_and(names) {
            known = circumstances_of(setup, 0);
        }
        let files = beside.iter().map(|it| &it.source);
        known.client_ids = files.chain([reading.source()]).flat_map(Source::client_ids).collect();
        if !known.client_ids.is_empty() {
            known.audiences = None;
        }
        if let Some(account) = found.account() {
            known.account = Some(account);
        }
        let session = found.max_session_seconds.as_ref().and_then(|it| it.value.parse().ok());
        Self {
            name: found.role_name.as_ref().map(|it| it.value.clone()).unwrap_or_default(),
            session: session.unwrap_or(SESSION),
            text: Rc::clone(&reading.text),
            policy: found.policy.clone(),
            known,
        }
    }

    /// What is known of the call with `evidence`, a record of which tells the account.
    pub fn circumstances_with(&self, evidence: &Evidence, now: i64, context: &[(String, String)]) -> Circumstances {
        self.circumstances(now, context).of_call(evidence)
    }

    /// What a record says against the verdict on it.
    pub fn against(&self, evidence: &Evidence, verdict: &Verdict) -> Option<String> {
        let Evidence::Record(record) = evidence else { return None };
        let name = Some(self.name.as_str()).filter(|it| !it.is_empty() && !it.contains('$'));
        record.against(verdict, name, self.known.account.as_ref())
    }

    /// What is known of a call at `now`; `context` are request keys that a person set, each with its value.
    pub fn circumstances(&self, now: i64, context: &[(String, String)]) -> Circumstances {
        let mut all = self.known.clone();
        all.now = now;
        all.context = context.iter().map(|(key, value)| (key.clone(), vec![value.clone()])).collect();
        all
    }
}

/// A setup with the trust policy of each role, written and read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    setup: Rc<Setup>,
    targets: Vec<Rc<Target>>,
}

impl Compiled {
    /// Writes and reads the policies of `setup`.
    pub fn new(setup: Rc<Setup>) -> Self {
        let targets = setup.roles().iter().map(|role| Rc::new(Target::composed(&setup, role))).collect();
        Self { setup, targets }
    }

    /// The setup.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The role of that index, to be judged against.
    pub fn target(&self, role: usize) -> Rc<Target> {
        // A setup has one role at least, so nothing is left to be said of none.
        self.targets.get(role).or(self.targets.first()).cloned().unwrap_or_else(|| Rc::new(Target::nobodys()))
    }

    /// The trust policy of the role of that index: its text, and the policy.
    pub fn policy(&self, role: usize) -> Option<(&str, &Policy)> {
        let target = self.targets.get(role)?;
        Some((&target.text, target.policy.as_ref().ok()?))
    }

    /// What is known of a call to this account at `now`.
    pub fn circumstances(&self, now: i64) -> Circumstances {
        circumstances_of(&self.setup, now)
    }
}

/// What is known of a call to the account of `setup` at `now`.
pub(super) fn circumstances_of(setup: &Setup, now: i64) -> Circumstances {
    Circumstances {
        account: Some(setup.aws().account_id.clone()),
        partition: Some(setup.aws().partition),
        audiences: Some(vec![setup.gitlab().audience.to_string()]),
        client_ids: Vec::new(),
        providers: Some(vec![setup.gitlab().issuer.to_string()]),
        now,
        context: Vec::new(),
    }
}
