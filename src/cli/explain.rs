//! `claimcheck explain`: a rule's explanation, what happens at a stage, or what an error means.

use std::io::Write;

use super::Exit;
use super::arguments::Explain;
use super::input::Problem;
use crate::doctor::{self, Known, Sure};
use crate::lint::{RULES, Rule};
use crate::text::{nearest, quoted};
use crate::verdict::Stage;

pub(super) fn run(it: &Explain, out: &mut dyn Write) -> Result<Exit, Problem> {
    let Some(id) = it.id.as_deref() else { return list(out).map_err(Problem::output).map(|()| Exit::Yes) };
    let stages = || [Stage::Policy].into_iter().chain(Stage::CALL);
    // A rule and an error may have one name, as they speak of one thing.
    let rule = RULES.iter().find(|it| it.id.as_str() == id);
    let stage = stages().find(|it| it.as_str() == id);
    let error = doctor::by_id(id);
    if rule.is_none() && stage.is_none() && error.is_none() {
        let rules = RULES.iter().map(|it| it.id.as_str());
        let names = rules.chain(stages().map(Stage::as_str)).chain(doctor::known().map(|it| it.id));
        let meant = nearest(id, names).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        let list = "`claimcheck explain` lists them";
        return Err(Problem::new(format!("no rule, no stage and no error is named {}{meant} ({list})", quoted(id))));
    }
    rule.map_or(Ok(()), |it| explain(it, out))
        .and_then(|()| stage.map_or(Ok(()), |it| explain_stage(it, out)))
        .and_then(
            |()| if rule.is_some() && error.is_some() { writeln!(out, "\nThe error of that name\n") } else { Ok(()) },
        )
        .and_then(|()| error.map_or(Ok(()), |it| explain_error(it, out)))
        .map_err(Problem::output)?;
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
    writeln!(out, "\nerrors in a job's log")?;
    for it in doctor::known() {
        let message = it.patterns.first().copied().unwrap_or("");
        writeln!(out, "  {:width$}  {message}", it.id)?;
    }
    Ok(())
}

fn explain_stage(it: Stage, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}\n\n{}", it.as_str(), of_stage(it))?;
    let errors: Vec<&str> = doctor::known().filter(|error| error.stages.contains(&it)).map(|error| error.id).collect();
    if !errors.is_empty() {
        writeln!(out, "\nErrors that arise here: {}.", errors.join(", "))?;
    }
    Ok(())
}

fn explain_error(it: &Known, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}\n\nSaid by {}: {}.", it.id, it.speaker.words(), it.says)?;
    for pattern in it.patterns.iter().take(1) {
        writeln!(out, "\n    {}{}{pattern}", it.code, if it.code.is_empty() { "" } else { ": " })?;
    }
    if !it.stages.is_empty() {
        let stages: Vec<&str> = it.stages.iter().map(|it| it.as_str()).collect();
        writeln!(out, "\nIt arises at: {}.", stages.join(", "))?;
    }
    writeln!(out, "\nCauses, the likeliest first:")?;
    for cause in it.causes {
        let doubt = if cause.sure == Sure::Unconfirmed { " (not confirmed)" } else { "" };
        writeln!(out, "- {}{doubt}\n  What to do: {}", cause.what, cause.remedy)?;
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
Otherwise `InvalidIdentityToken`, with the claim that is missing, or `ValidationError` for its size. CloudTrail has
no record of it."
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
control policy gives the same, and perhaps a role that is not there. CloudTrail has a record with `sub` and `aud`."
        }
        Stage::Credentials => "STS hands out credentials of the role, for as long as was asked and the role allows.",
    }
}
