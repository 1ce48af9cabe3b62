//! The engine against a second evaluator that shares no code with it, on random policies and tokens.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by panicking")]

mod second {
    pub(crate) mod evaluator;
    pub(crate) mod pattern;
    pub(crate) mod random;
    pub(crate) mod values;
}

use claimcheck::aws::AccountId;
use claimcheck::aws::policy::read;
use claimcheck::document::json;
use claimcheck::verdict::{Circumstances, evidence_of, is_allowed, judge};
use second::evaluator::{AGAIN, Call, admits};
use second::random::{ACCOUNT, Dice, call, policy};
use std::thread;

const POLICIES: u64 = 100_000;
const THREADS: u64 = 2;

/// How often each answer was given.
#[derive(Default, Debug)]
struct Count {
    yes: u64,
    no: u64,
    open: u64,
    wrong: Vec<String>,
}

fn compare(seed: u64, count: &mut Count) {
    let mut dice = Dice::new(seed);
    let (policy, call): (_, Call) = (policy(&mut dice), call(&mut dice));
    let text = policy.to_string().replace(&format!("\\u{:04x}", AGAIN as u32), "");
    let circumstances = Circumstances {
        account: AccountId::parse(ACCOUNT).ok(),
        audiences: Some(vec!["https://gitlab.com".to_owned()]),
        providers: Some(vec!["https://gitlab.com".to_owned()]),
        now: call.now,
        context: call.given.clone(),
        ..Circumstances::default()
    };
    let evidence = evidence_of(&json::parse(&call.token.to_string()).unwrap()).unwrap();
    let document = read(&json::parse(&text).unwrap()).unwrap();
    let verdict = judge(&text, &document, &evidence, &circumstances).unwrap();
    let short = is_allowed(&document, &evidence, &circumstances).unwrap();
    let open = !verdict.depends_on.is_empty() || !verdict.unconfirmed.is_empty();
    let wanted = admits(&policy, &call);
    match wanted {
        Some(true) => count.yes += 1,
        Some(false) => count.no += 1,
        None => count.open += 1,
    }
    if verdict.allowed != wanted || short != wanted || open != wanted.is_none() {
        let given = &call.given;
        count.wrong.push(format!(
            "{seed}: {:?} and {short:?}, want {wanted:?}\n{text}\n{}\n{given:?}\n{:?} {:?}",
            verdict.allowed, call.token, verdict.depends_on, verdict.unconfirmed
        ));
    }
}

#[test]
fn two_evaluators_agree_on_random_policies() {
    let counts: Vec<Count> = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|first| {
                scope.spawn(move || {
                    let mut count = Count::default();
                    let mut seed = first;
                    while seed < POLICIES && count.wrong.len() < 20 {
                        compare(seed, &mut count);
                        seed += THREADS;
                    }
                    count
                })
            })
            .collect();
        workers.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let sum = |of: fn(&Count) -> u64| counts.iter().map(of).sum::<u64>();
    let (yes, no, open) = (sum(|it| it.yes), sum(|it| it.no), sum(|it| it.open));
    println!("{yes} yes, {no} no, {open} open");
    let wrong: Vec<_> = counts.iter().flat_map(|it| &it.wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(yes > POLICIES / 10 && no > POLICIES / 10 && open > POLICIES / 20, "{yes} {no} {open}");
}
