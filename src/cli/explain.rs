//! `claimcheck explain`: a rule's explanation, or what happens at a stage.

use std::io::Write;

use super::Exit;
use super::arguments::Explain;
use super::input::Problem;
use crate::lint::{RULES, Rule};
use crate::text::{nearest, quoted};
use crate::verdict::Stage;

pub(super) fn run(it: &Explain, out: &mut dyn Write) -> Result<Exit, Problem> {
    let Some(id) = it.id.as_deref() else { return list(out).map_err(Problem::output).map(|()| Exit::Yes) };
    let stages = [Stage::Policy].into_iter().chain(Stage::CALL);
    if let Some(rule) = RULES.iter().find(|it| it.id.as_str() == id) {
        explain(rule, out).map_err(Problem::output)?;
    } else if let Some(stage) = stages.clone().find(|it| it.as_str() == id) {
        writeln!(out, "{}\n\n{}", stage.as_str(), of_stage(stage)).map_err(Problem::output)?;
    } else {
        let names = RULES.iter().map(|it| it.id.as_str()).chain(stages.map(Stage::as_str));
        let meant = nearest(id, names).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        let list = "`claimcheck explain` lists them";
        return Err(Problem::new(format!("no rule and no stage is named {}{meant} ({list})", quoted(id))));
    }
    Ok(Exit::Yes)
}

fn list(out: &mut dyn Write) -> std::io::Result<()> {
    let width = RULES.iter().map(|it| it.id.as_str().len()).max().unwrap_or(0);
    writeln!(out, "rules")?;
    for it in RULES {
        writeln!(out, "  {:width$}  {:8}  {}", it.id.as_str(), it.severity.as_str(), it.summary)?;
    }
    writeln!(out, "\nstages of a call, in order")?;
    for it in Stage::CALL {
        let first = of_stage(it).split(['.', ';']).next().unwrap_or("");
        writeln!(out, "  {:width$}  {first}", it.as_str())?;
    }
    Ok(())
}

fn explain(it: &Rule, out: &mut dyn Write) -> std::io::Result<()> {
    let (severity, confidence) = (it.severity.as_str(), it.confidence.as_str());
    writeln!(out, "{}\nseverity {severity}, confidence {confidence}\n", it.id.as_str())?;
    write!(out, "{}", it.explanation)
}

/// What happens at a stage, and what a failure there looks like.
fn of_stage(it: Stage) -> &'static str {
    match it {
        Stage::Policy => {
            "Before any call: the trust policy is one that a role can have. IAM refuses to save any other
(`MalformedPolicyDocument`), so there is nothing that STS could evaluate."
        }
        Stage::Token => {
            "The token is a JWT of a size and an algorithm that STS takes, with `iss`, `sub`, `aud`, `iat` and `exp`.
Otherwise `InvalidIdentityToken`, with the claim that is missing. CloudTrail has no record of it."
        }
        Stage::Provider => {
            "The role's account has an OIDC provider whose URL is exactly the token's `iss`, and AWS can fetch its keys.
Otherwise `InvalidIdentityToken`: `No OpenIDConnect provider found in your account`, or `Couldn't retrieve
verification key from your identity provider`. CloudTrail has no record of it."
        }
        Stage::Time => {
            "The token is valid now; AWS allows five minutes for clocks that differ. Otherwise `ExpiredTokenException`
or `InvalidIdentityToken`. GitLab's tokens live as long as the job may run."
        }
        Stage::Audience => {
            "The token's `aud` is one of the provider's client IDs, letter by letter, and there is only one. Otherwise
`InvalidIdentityToken`, in older answers `Incorrect token audience`. CloudTrail has no record of it."
        }
        Stage::TrustPolicy => {
            "A statement of the role's trust policy allows the call, and none denies it. Otherwise `AccessDenied`: `Not
authorized to perform sts:AssumeRoleWithWebIdentity`, the one message for every reason; an organization's resource
control policy and a role that is not there give the same. CloudTrail has a record with `sub` and `aud`."
        }
        Stage::Credentials => "STS hands out credentials of the role, for as long as was asked and the role allows.",
    }
}
