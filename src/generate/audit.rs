//! `audit.md`: who has assumed the roles, who tried, and what nobody wrote down.
//!
//! Each fact says how well it is known. Queries hold the setup's own values, quoted for the language that they are in.

use crate::print::markdown::{Document, Part, code, prose};
use crate::print::shell::word;
use crate::print::sql::literal;
use crate::setup::Setup;

use super::provider::show_provider;
use super::{File, Generator, Kind, Language, MADE_BY, region, session_prefix};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::Audit,
    title: "Audit",
    language: Language::Markdown,
    per_role: false,
    files: |setup| vec![File::of_setup("audit.md", Kind::Audit, print(setup))],
};

fn print(setup: &Setup) -> String {
    let account = setup.aws().account_id.as_str();
    let document = Document::default()
        .heading(1, "Who assumed these roles, and who tried")
        .paragraph(&[prose(MADE_BY), prose(" For the account "), code(account), prose(", with the AWS CLI alone.")])
        .prose(
            "How well a fact is known stands behind it: *documented* by AWS, *observed* in answers of AWS that somebody \
             recorded, *reported* by others.",
        )
        .heading(2, "In the job: who am I?")
        .code("sh", "aws sts get-caller-identity --query Arn --output text")
        .prose("In a job of this setup the answer begins with one of these, and ends with the session's name, `gitlab-<project id>-<job id>`:")
        .bullets(&setup.roles().iter().map(|it| vec![code(&session_prefix(setup, it))]).collect::<Vec<_>>());
    let document = what_is_logged(document, setup);
    let document = look_up(document, setup);
    let document = athena(document, setup);
    certificate(document, setup).print()
}

fn what_is_logged(document: Document, setup: &Setup) -> Document {
    let mut place = vec![prose(
        "It stands in the role's account, under the region of the STS endpoint that the job called; the global endpoint's is \
         `us-east-1` (documented). ",
    )];
    match &setup.aws().region {
        Some(region) => place.extend([prose("This setup's jobs call the one of "), code(region.as_str()), prose(".")]),
        None => place.push(prose(
            "This setup names no region: look under the one that the job's `AWS_REGION` says, and under that of the global \
             endpoint.",
        )),
    }
    document.heading(2, "What CloudTrail has, and what it never has").bullets(&[
        vec![prose("A call that was allowed, and a call that the trust policy or an organization's policy denied (documented).")],
        vec![prose(
            "**Not** a call that STS refused before it came to a policy: an audience that is no client ID of the provider, a token \
             that expired, no provider, a key that could not be fetched, which are `InvalidIdentityToken` and \
             `ExpiredTokenException` (reported). The job's own log is all there is of those.",
        )],
        vec![prose(
            "A denied call has `errorCode` `AccessDenied` and `errorMessage` `An unknown error occurred`, not the words that the \
             job saw (observed).",
        )],
        vec![prose(
            "Of the token: its `sub`, as `userIdentity.userName`, and its `aud`, inside of `principalId`. No other claim (observed): \
             a record cannot show which project ID or user it was.",
        )],
        place,
        vec![prose("The event history goes back 90 days (documented), and new events take some minutes to appear.")],
    ])
}

fn look_up(document: Document, setup: &Setup) -> Document {
    let region = word(region(setup));
    let roles: Vec<String> = setup.roles().iter().map(|it| word(&setup.role_arn(it))).collect();
    let loops = |filter: &str| {
        [
            format!("for role in {}; do", roles.join(" ")),
            format!("  aws cloudtrail lookup-events --region {region} \\"),
            "    --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity \\".to_owned(),
            format!("    --query \"Events[?contains(CloudTrailEvent, '\\\"$role\\\"'){filter}].[CloudTrailEvent]\" --output text"),
            "done".to_owned(),
        ]
        .join("\n")
    };
    document
        .heading(2, "The event history")
        .prose("Every call for each role, the newest first, a record on a line:")
        .code("sh", &loops(""))
        .prose("Only those that were denied:")
        .code("sh", &loops(" && contains(CloudTrailEvent, '\\\"AccessDenied\\\"')"))
        .prose(
            "Claimcheck reads a record: paste one in the place of a token, or give the lines to `claimcheck check --tokens -` with \
             the role's trust policy as `--policy`. It says which condition did not match.",
        )
}

fn athena(document: Document, setup: &Setup) -> Document {
    let roles: Vec<String> = setup.roles().iter().map(|it| format!("    {}", literal(&setup.role_arn(it)))).collect();
    let calls = format!(
        "FROM cloudtrail_logs\n\
         WHERE eventsource = 'sts.amazonaws.com'\n\
         \x20 AND eventname = 'AssumeRoleWithWebIdentity'\n\
         \x20 AND json_extract_scalar(requestparameters, '$.roleArn') IN (\n{}\n  )",
        roles.join(",\n")
    );
    let subjects = format!(
        "SELECT json_extract_scalar(requestparameters, '$.roleArn') AS role,\n\
         \x20      useridentity.username AS sub,\n\
         \x20      coalesce(errorcode, 'allowed') AS outcome,\n\
         \x20      count(*) AS calls,\n\
         \x20      min(eventtime) AS first_call,\n\
         \x20      max(eventtime) AS last_call\n\
         {calls}\n\
         GROUP BY 1, 2, 3\n\
         ORDER BY last_call DESC;"
    );
    let sessions = format!(
        "WITH sessions AS (\n\
         \x20 SELECT useridentity.username AS sub,\n\
         \x20        json_extract_scalar(requestparameters, '$.roleSessionName') AS session,\n\
         \x20        json_extract_scalar(responseelements, '$.credentials.accessKeyId') AS access_key\n\
         {}\n\
         \x20   AND errorcode IS NULL\n\
         )\n\
         SELECT event.eventtime, sessions.sub, sessions.session, event.awsregion, event.eventsource, event.eventname,\n\
         \x20      event.errorcode\n\
         FROM cloudtrail_logs AS event\n\
         JOIN sessions ON event.useridentity.accesskeyid = sessions.access_key\n\
         WHERE sessions.sub = {}\n\
         ORDER BY event.eventtime DESC\n\
         LIMIT 500;",
        calls.lines().map(|it| format!("  {it}")).collect::<Vec<_>>().join("\n"),
        literal(&example(setup)),
    );
    document
        .heading(2, "Athena, over a trail's files")
        .prose(
            "The names of columns are those of the table `cloudtrail_logs` that AWS's documentation makes (Amazon Athena User Guide, \
             \"Query AWS CloudTrail logs\"); yours may have others. These queries were not run: compare them with your table.",
        )
        .prose("Who called for the roles, and how it ended. A `sub` that you do not know is worth a look, denied or not:")
        .code("sql", &subjects)
        .prose(
            "What the sessions of one `sub` did then. Put yours in the place of the one below; the rows hold the session's name too, \
             which ends with the number of the CI job:",
        )
        .code("sql", &sessions)
}

/// A subject of the setup's first scope, for people to replace.
fn example(setup: &Setup) -> String {
    let first = setup.roles().iter().flat_map(|it| &it.scopes).flat_map(|it| it.subjects()).next();
    first.unwrap_or_default()
}

fn certificate(document: Document, setup: &Setup) -> Document {
    let used: [Part; 3] = [
        prose(
            "The field `additionalEventData.identityProviderConnectionVerificationMethod` of a record says it: `IAMTrustStore`, which is \
               AWS's own list of authorities, or `Thumbprint` (documented and observed). With ",
        ),
        code("IAMTrustStore"),
        prose(", thumbprints that the provider still has do nothing. They are shown by"),
    ];
    document
        .heading(2, "Trust store or thumbprint")
        .paragraph(&used)
        .code("sh", &format!("{} --query ThumbprintList", show_provider(setup)))
}
