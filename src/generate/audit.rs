//! `audit.md`: who has assumed the roles, who tried, and what nobody wrote down.
//!
//! Each fact says how well it is known. Queries hold the setup's own values, quoted for the language that they are in.

use crate::print::markdown::Document;
use crate::print::{shell, sql};
use crate::setup::Setup;

use super::provider::show_provider;
use super::{File, Generator, Kind, Language, region, session_prefix};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::Audit,
    title: "Audit",
    language: Language::Markdown,
    per_role: false,
    files: |setup| vec![File::of_setup("audit.md", Kind::Audit, print(setup))],
};

fn print(setup: &Setup) -> String {
    let mut document = Document::default();
    document.prose(HEAD, &[setup.aws().account_id.as_str()]);
    for role in setup.roles() {
        document.prose("- {}", &[&session_prefix(setup, role)]);
    }
    document.prose(LOGGED, &[]);
    match &setup.aws().region {
        Some(region) => document.prose("- This setup's jobs call the endpoint of {}.", &[region.as_str()]),
        None => document.prose(NO_REGION, &[]),
    }
    document.prose(HISTORY, &[]);
    document.code("sh", &look_up(setup, ""));
    document.prose("Only those that were denied:", &[]);
    document.code("sh", &look_up(setup, " && contains(CloudTrailEvent, '\\\"AccessDenied\\\"')"));
    document.prose(ATHENA, &[]);
    let mut roles = String::new();
    for role in setup.roles() {
        roles.push_str(if roles.is_empty() { "\n    " } else { ",\n    " });
        roles.push_str(&sql::statement("{}", &[&setup.role_arn(role)]));
    }
    roles.push_str("\n  )\n");
    document.code("sql", &[SUBJECTS, CALLS, &roles, "GROUP BY 1, 2, 3\nORDER BY last_call DESC;\n"].concat());
    document.prose(SESSIONS_OF, &[]);
    // A subject of the setup's first scope, for people to replace.
    let mut subjects = setup.roles().iter().flat_map(|it| &it.scopes).flat_map(|it| it.subjects());
    let then = sql::statement(THEN, &[&subjects.next().unwrap_or_default()]);
    document.code("sql", &[SESSIONS, CALLS, &roles, &then].concat());
    document.prose(CERTIFICATE, &[]);
    document.code("sh", &(show_provider(setup) + " --query ThumbprintList"));
    document.print()
}

const HEAD: &str = concat!(
    "# Who assumed these roles, and who tried

",
    made_by!(),
    " For the account {}, with the AWS CLI alone.

How well a fact is known stands behind it: *documented* by AWS, *observed* in answers of AWS that somebody recorded, *reported* by \
others.

## In the job: who am I?

```sh
aws sts get-caller-identity --query Arn --output text
```

In a job of this setup the answer begins with one of these, and ends with the session's name, `gitlab-<project id>-<job id>`:"
);

const LOGGED: &str = "\
## What CloudTrail has, and what it never has

- A call that was allowed, and a call that the trust policy or an organization's policy denied (documented).
- **Not** a call that STS refused before it came to a policy: an audience that is no client ID of the provider, a token that expired, \
no provider, a key that could not be fetched, which are `InvalidIdentityToken` and `ExpiredTokenException` (reported). The job's own \
log is all there is of those.
- A denied call has `errorCode` `AccessDenied` and `errorMessage` `An unknown error occurred`, not the words that the job saw \
(observed).
- Of the token: its `sub`, as `userIdentity.userName`, and its `aud`, inside of `principalId`. No other claim (observed): a record \
cannot show which project ID or user it was.
- The event history goes back 90 days (documented), and new events take some minutes to appear.
- It stands in the role's account, under the region of the STS endpoint that the job called; the global endpoint's is `us-east-1` \
(documented).";

const NO_REGION: &str = "\
- This setup names no region: look under the one that the job's `AWS_REGION` says, and under that of the global endpoint.";

const HISTORY: &str = "\
## The event history

Every call for each role, the newest first, a record on a line:";

fn look_up(setup: &Setup, filter: &str) -> String {
    let mut out = "for role in".to_owned();
    for role in setup.roles() {
        out.push_str(&shell::code(" \\\n  {}", &[&setup.role_arn(role)]));
    }
    out.push_str(&shell::code(
        "
do
  aws cloudtrail lookup-events --region {} --output text \\
    --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity \\
    --query \"Events[?contains(CloudTrailEvent, '\\\"$role\\\"')",
        &[region(setup)],
    ));
    out.push_str(filter);
    out.push_str("].[CloudTrailEvent]\"\ndone\n");
    out
}

const ATHENA: &str = "\
Claimcheck reads a record: paste one in the place of a token, or give the lines to `claimcheck check --tokens -` with the role's trust \
policy as `--policy`. It says which condition did not match.

## Athena, over a trail's files

The names of columns are those of the table `cloudtrail_logs` that AWS's documentation makes (Amazon Athena User Guide, \
\"Query AWS CloudTrail logs\"); yours may have others. These queries were not run: compare them with your table.

Who called for the roles, and how it ended. A `sub` that you do not know is worth a look, denied or not:";

const SUBJECTS: &str = "\
SELECT json_extract_scalar(requestparameters, '$.roleArn') AS role,
  useridentity.username AS sub,
  coalesce(errorcode, 'allowed') AS outcome,
  count(*) AS calls,
  min(eventtime) AS first_call,
  max(eventtime) AS last_call
";

const CALLS: &str = "\
FROM cloudtrail_logs
WHERE eventsource = 'sts.amazonaws.com'
  AND eventname = 'AssumeRoleWithWebIdentity'
  AND json_extract_scalar(requestparameters, '$.roleArn') IN (";

const SESSIONS_OF: &str = "\
What the sessions of one `sub` did then. Put yours in the place of the one below; the rows hold the session's name too, which ends \
with the number of the CI job:";

const SESSIONS: &str = "\
WITH sessions AS (
SELECT useridentity.username AS sub,
  json_extract_scalar(requestparameters, '$.roleSessionName') AS session,
  json_extract_scalar(responseelements, '$.credentials.accessKeyId') AS access_key
";

const THEN: &str = "  \
  AND errorcode IS NULL
)
SELECT event.eventtime, sessions.sub, sessions.session, event.awsregion, event.eventsource, event.eventname,
  event.errorcode
FROM cloudtrail_logs AS event
JOIN sessions ON event.useridentity.accesskeyid = sessions.access_key
WHERE sessions.sub = {}
ORDER BY event.eventtime DESC
LIMIT 500;
";

const CERTIFICATE: &str = "\
## Trust store or thumbprint

The field `additionalEventData.identityProviderConnectionVerificationMethod` of a record says it: `IAMTrustStore`, which is AWS's own \
list of authorities, or `Thumbprint` (documented and observed). With `IAMTrustStore`, thumbprints that the provider still has do \
nothing. They are shown by";
