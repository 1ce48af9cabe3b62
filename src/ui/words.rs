//! Every sentence of the page, so that a second language is data. What the engine says of a setup or a token is the engine's.
//!
//! `{}` stands for what is put in, in order, by `fill`. Backticks mark code. Names that AWS or GitLab gave stay as they are.

use yew::AttrValue;

use crate::playground::Change;

/// A text as attributes and children take it. One copy of what the conversion costs, not one at each of its places.
#[inline(never)]
pub(crate) fn text(text: String) -> AttrValue {
    AttrValue::from(text)
}

/// Puts `values` in for each `{}` of `template`.
pub(crate) fn fill(template: &str, values: &[&str]) -> AttrValue {
    let mut out = String::new();
    let mut values = values.iter();
    for (at, part) in template.split("{}").enumerate() {
        if at > 0 {
            out.push_str(values.next().unwrap_or(&""));
        }
        out.push_str(part);
    }
    text(out)
}

/// A number with its thousands apart: `2,048`.
pub(crate) fn number(it: usize) -> String {
    let digits = it.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub(crate) const NAME: &str = "Claimcheck";
pub(crate) const MOTTO: &str = "GitLab CI → AWS, without keys";
pub(crate) const TITLE: &str = "{} · Claimcheck";
pub(crate) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// The bar.
pub(crate) const ACTIONS: &str = "This page";
pub(crate) const OPEN: &str = "Open…";
pub(crate) const OPEN_TITLE: &str = "Open a setup file, claimcheck.json";
pub(crate) const SAVE: &str = "Save";
pub(crate) const SAVE_TITLE: &str = "Save this setup as claimcheck.json";
pub(crate) const SHARE: &str = "Share";
pub(crate) const SHARE_TITLE: &str = "Copy a link to this setup; it never holds a token";
pub(crate) const BY_ITSELF: &str = "Open in Claimcheck ↗";
pub(crate) const SETUP_FILE: &str = "claimcheck.json";
pub(crate) const THEME: [&str; 3] = ["Colours: as the system has them", "Colours: light", "Colours: dark"];
pub(crate) const CLOSE: &str = "Close";
pub(crate) const OPENED: &str = "Opened {}";
pub(crate) const NOT_OPENED: &str = "{} was not opened: {}";
pub(crate) const MORE_PROBLEMS: &str = "{}; and {} more";
pub(crate) const UNREADABLE_FILE: &str = "it is no text";
pub(crate) const LARGE_FILE: &str = "it is larger than 1 MB";
pub(crate) const BROKEN_LINK: &str = "The address was not opened: {}";
pub(crate) const LINK_COPIED: &str = "Copied the link to this setup";
pub(crate) const NO_LINK: &str =
    "This browser cannot make links: it has no CompressionStream. Save the setup as a file instead";
pub(crate) const OLDER_LINK_COPIED: &str = "Copied the link to the setup as it last was right";

// The parts of the page.
pub(crate) const PARTS: &str = "Parts of the page";
pub(crate) const WHO: &str = "Who may get in";
pub(crate) const WHAT: &str = "What to deploy";
pub(crate) const CHECK: &str = "Would this token get in?";
pub(crate) const FILES_SHORT: &str = "Files";
pub(crate) const CHECK_SHORT: &str = "Check";
pub(crate) const WHY: &str = "Why?";

// Who may get in.
pub(crate) const EXAMPLE: &str = "This is an example. Type your own project and account over it.";
pub(crate) const ELSEWHERE: &str = "Elsewhere in this setup";
pub(crate) const GITLAB: &str = "GitLab";
pub(crate) const AUDIENCE: &str = "Audience";
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const REGION: &str = "Region";
pub(crate) const REGION_NONE: &str = "none";
pub(crate) const ROLES: &str = "Roles";
pub(crate) const ROLE_UNNAMED: &str = "unnamed role";
pub(crate) const ADD_ROLE: &str = "+ role";
pub(crate) const ADD_ROLE_NAME: &str = "Add a role";
pub(crate) const DUPLICATE_ROLE: &str = "Duplicate role";
pub(crate) const REMOVE_ROLE: &str = "Remove role";
pub(crate) const SCOPES: &str = "Whose jobs may assume {}";
pub(crate) const ADD_SCOPE: &str = "+ add a scope";
pub(crate) const SCOPE: &str = "scope {} of {}";
pub(crate) const OF_SCOPE: &str = "{}, scope {} of {}";
pub(crate) const OF_ROLE: &str = "{} of {}";
pub(crate) const JOBS_OF: &str = "Jobs of ";
pub(crate) const ON: &str = " on ";
pub(crate) const PROJECT: &str = "project";
pub(crate) const PROJECT_EXAMPLE: &str = "group/project";
pub(crate) const REF_TYPE: &str = "kind of ref";
pub(crate) const REF: &str = "ref";
pub(crate) const REF_TYPES: [(&str, &str); 3] = [("branch", "branch"), ("tag", "tag"), ("any", "branch or tag")];
pub(crate) const PROTECTED: &str = "only if protected";
pub(crate) const UNPROTECTED: &str = "only if not protected";
pub(crate) const ADD_PIN: &str = "+ pin";
pub(crate) const ADD_PIN_NAME: &str = "Add a pin";
pub(crate) const ADD_VALUE: &str = "+ or";
pub(crate) const ADD_VALUE_NAME: &str = "+ or another value of {}";
pub(crate) const OR: &str = "or";
pub(crate) const REMOVE: &str = "Remove {}";
pub(crate) const DUPLICATE: &str = "Duplicate {}";
pub(crate) const VALUE: &str = "{}, value {}";
pub(crate) const PINS_ELSEWHERE: &str =
    "AWS checks the project and the ref of this GitLab, and nothing else of its tokens.";
/// The claims that can be pinned beside the ref's protection, each with what it is.
pub(crate) const PINS: [(&str, &str); 8] = [
    ("project_id", "project_id: stays when the path is renamed"),
    ("namespace_id", "namespace_id: of the group"),
    ("pipeline_source", "pipeline_source: push, schedule, …"),
    ("runner_environment", "runner_environment: whose runner"),
    ("user_access_level", "user_access_level: developer, maintainer, …"),
    ("user_id", "user_id: of who started the job"),
    ("user_login", "user_login"),
    ("user_email", "user_email"),
];
pub(crate) const MAY_ASSUME: &str = "may assume ";
pub(crate) const IN_ENVIRONMENT: &str = " in environment ";
pub(crate) const FOR: &str = " for ";
pub(crate) const WITH: &str = " with ";
pub(crate) const ROLE_NAME: &str = "name of the role";
pub(crate) const ENVIRONMENT: &str = "environment";
pub(crate) const ENVIRONMENT_NONE: &str = "none";
pub(crate) const ENVIRONMENT_HINT: &str = "The environment is for GitLab: AWS cannot check it.";
pub(crate) const SESSION: &str = "longest session";
pub(crate) const HOUR: &str = "1 hour";
pub(crate) const HOURS: &str = "{} hours";
pub(crate) const SECONDS: &str = "{} seconds";
pub(crate) const POLICY: &str = "managed policy {}";
pub(crate) const ADD_POLICY: &str = "+ policy";
pub(crate) const ADD_POLICY_NAME: &str = "Add a managed policy";
pub(crate) const NO_POLICY: &str = "no managed policy yet";
/// Managed policies that are offered; any other may be typed.
pub(crate) const POLICIES: [&str; 5] = [
    "ReadOnlyAccess",
    "PowerUserAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonEC2ContainerRegistryPowerUser",
    "CloudFrontFullAccess",
];

// What is asked rarely, undo, places, custom subjects and presets.
pub(crate) const MORE: &str = "More";
pub(crate) const MORE_ABOUT: &str = "issuer, version, partition, provider";
pub(crate) const MORE_OF_ROLE: &str = "path, inline policy";
/// The labels of the rare fields, and what stands in one that is empty.
pub(crate) const RARE: [(&str, &str); 4] = [
    ("Issuer", "the address of GitLab"),
    ("Version", "of your own GitLab, as 18.2"),
    ("Partition", ""),
    ("Provider", ""),
];
pub(crate) const PROVIDERS: [(&str, &str); 2] =
    [("create", "these files make it"), ("existing", "it is there already")];
pub(crate) const ROLE_PATH: &str = "Path";
pub(crate) const INLINE_POLICY: &str = "Inline policy";
pub(crate) const REDO: &str = "Redo";
pub(crate) const MOVE_UP: &str = "Move {} up";
pub(crate) const MOVE_DOWN: &str = "Move {} down";
pub(crate) const MOVE_LEFT: &str = "Move {} to the left";
pub(crate) const MOVE_RIGHT: &str = "Move {} to the right";
pub(crate) const CUSTOM_SUBJECT: &str = "this project has a custom subject";
pub(crate) const SUBJECT: &str = "custom subject";
pub(crate) const FIRST_COMPONENT: &str = "first component";
pub(crate) const SINCE: &str = "since {}";
pub(crate) const ADD_COMPONENT: &str = "+ component";
pub(crate) const ADD_COMPONENT_NAME: &str = "Add a component";
pub(crate) const SET_BY_API: &str = "the call that sets it, by a maintainer";
pub(crate) const SET_BY_TERRAFORM: &str = "the same in Terraform's gitlab_project";
pub(crate) const ADD_PRESET: &str = "+ preset";
pub(crate) const ADD_PRESET_NAME: &str = "Add the permissions of a common deployment";
pub(crate) const OPTIONAL: &str = " (optional)";
pub(crate) const WRITE_PRESET: &str = "Write into the inline policy";
pub(crate) const PRESET_WRITTEN: &str = "Written into the inline policy: {}";

/// What a step did, for Undo and Redo.
pub(crate) fn change(change: Change) -> AttrValue {
    AttrValue::Static(match change {
        Change::Typed(field) => {
            let path = field.path();
            return fill("change of {}", &[path.rsplit('.').next().unwrap_or_default()]);
        }
        Change::Added => "adding",
        Change::Duplicated => "duplicating",
        Change::Removed => "removal",
        Change::Moved => "move",
        Change::Switched => "switch",
        Change::Pasted => "pasted address",
        Change::Opened => "opened setup",
        Change::StartedOver => "starting over",
        Change::Replaced => "change that was offered",
        Change::TypedPolicy => "change of the policy",
        Change::Composed => "composing from your own policy",
        Change::ShownPolicy => "switch of the policy",
    })
}

pub(crate) const STILL_EMPTY: &str = "still empty";

/// What a message is, for those who do not see its mark.
pub(crate) fn kind_of_message(kind: &str) -> &'static str {
    match kind {
        "wrong" => "Wrong: ",
        "todo" => "To fill in: ",
        "grave" => "Serious: ",
        "stopper" => "It stops the token: ",
        "caution" => "Caution: ",
        _ => "Note: ",
    }
}

// What to deploy.
pub(crate) const FILES: &str = "Files";
pub(crate) const STALE: &str =
    "Something on the left is not right yet. The files and the check are of the last setup that was right.";
pub(crate) const SIZE_OF: &str = "{} of {} characters";
pub(crate) const LINES: &str = "{} lines";
pub(crate) const OWN: &str = "This is your own policy: the check follows it, the link does not hold it.";
pub(crate) const OWN_STALE: &str = "The check is of the last policy that could be read.";
pub(crate) const OWN_UNREAD: &str = "The check is still of the composed policy.";
pub(crate) const BACK_TO_COMPOSED: &str = "Back to the composed one";
pub(crate) const OWN_WAITS: &str = "This is the composed policy.";
pub(crate) const BACK_TO_OWN: &str = "Return to your own";
pub(crate) const NOT_OF_OWN: &str = "This file is of the composed setup, not of your own policy.";
pub(crate) const TAKEN_FOR: &str = "Taken for {}.";
pub(crate) const JUDGED_OF_IT: &str = " Judged is the trust policy of `{}`.";
pub(crate) const UNREAD_OF_IT: &str = " Not judged, as it could not be read: `{}`.";
pub(crate) const NOT_READ: &str = "Not read in this text";
pub(crate) const ROLE_OF_IT: &str = "Role";
pub(crate) const NO_VALUE: &str = "no value here: give one";
pub(crate) const MORE_UNKNOWN: &str = "{} more have no value either.";
pub(crate) const FINDINGS: &str = "Findings";
pub(crate) const NO_FINDINGS: &str = "No known mistake was found in it.";
pub(crate) const EXPLAIN: &str = "Why";
pub(crate) const FIX: &str = "Fix: {}";
pub(crate) const FIXED: &str = "Done: {}. Ctrl+Z in the editor takes it back.";
pub(crate) const SEE_WITNESS: &str = "See a token that proves it";
pub(crate) const BESIDE: &str = "Looked at beside it";
pub(crate) const FORGET_FILE: &str = "Forget it: {}";
pub(crate) const TRACE: &str = "Each statement";
pub(crate) const STATEMENT: &str = "Statement {}, {}";
pub(crate) const APPLIES: [&str; 3] = ["applies", "does not apply", "hangs on what is not known"];
pub(crate) const AGREEING: [&str; 3] = ["satisfied", "not satisfied", "not known"];
pub(crate) const NOT_KNOWN: &str = "not known here";
pub(crate) const ACTION: &str = "Action";
pub(crate) const CALL: &str = "sts:AssumeRoleWithWebIdentity";
pub(crate) const REQUEST_KEYS: &str = "What no token tells";
pub(crate) const REQUEST_KEYS_HINT: &str =
    "The verdict hangs on these keys of the request. Give them values to see what would come.";
pub(crate) const NOT_GIVEN: &str = "not given";
pub(crate) const IF_ALLOW: &str = "Where `{}` satisfies `{}` {}, statement {} lets the token in if nothing else stops it; where not, that statement does not.";
pub(crate) const IF_DENY: &str = "Where `{}` satisfies `{}` {}, statement {} denies; where not, it does not apply.";
pub(crate) const FOR_OWN: &str = "for the role that has this policy";
pub(crate) const ALLOWED_UNNAMED: &str = "STS hands out credentials for the role that has this policy, for at most {}.";
pub(crate) const COMPOSE: &str = "Compose from this policy";
pub(crate) const COMPOSED: &str = "The setup on the left now composes this policy.";
pub(crate) const NOT_COMPOSED: &str = "It cannot be composed: what no setup says.";
pub(crate) const FORMAT: &str = "Format";
pub(crate) const NOT_FORMATTED: &str = "It cannot be formatted yet: {}.";
pub(crate) const EDITOR_KEYS: &str = "Tab leads on. Ctrl+] and Ctrl+[ move lines. F8 goes to the next place that a message speaks of, Shift+F8 to the one before.";
pub(crate) const NOT_COLOURED: &str = "So long a text has no colours and no line numbers here.";
pub(crate) const LARGE_PASTE: &str = "That text is larger than 1 MB and was not taken. What was there is still there.";
pub(crate) const AT_LINE: &str = "Line {}: ";
pub(crate) const LINE: &str = "line {}";
pub(crate) const COPY: &str = "Copy";
pub(crate) const COPY_NAME: &str = "Copy {}";
pub(crate) const COPIED: &str = "Copied {}";
pub(crate) const COPY_BY_HAND: &str =
    "Copying is not allowed here. The text below is selected: press Ctrl+C (on a Mac, ⌘C).";
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const DOWNLOAD_NAME: &str = "Download {}";
pub(crate) const DOWNLOADED: &str = "Downloaded {}";
pub(crate) const DOWNLOAD_ALL: &str = "All files .zip";
pub(crate) const DOWNLOAD_ALL_TITLE: &str = "Download every file of this setup, with what to do in which order";
pub(crate) const FOR_ROLE: &str = "for the role `{}`";
pub(crate) const LINES_FOR_ALL: &str = "{} lines, for all roles";
pub(crate) const METHOD: &str = "Credentials";
pub(crate) const METHODS: [(&str, &str); 2] =
    [("token-file", "from a token file, renewed by the CLI"), ("assume-role", "by a call to STS in the job")];
pub(crate) const JOB: &str = "Job";
pub(crate) const IMAGE: &str = "Image";
pub(crate) const SESSION_SECONDS: &str = "Session, in seconds";
pub(crate) const SESSION_SECONDS_USUAL: &str = "3600";

// Would this token get in?
pub(crate) const TOKEN: &str = "Token";
pub(crate) const PASTE: &str = "Paste a token or an error";
pub(crate) const PASTED: &str = "The token that was pasted";
pub(crate) const PASTE_LABEL: &str =
    "A JWT, its payload, the CloudTrail record of a call, or the error from a job's log; a policy or a CI file too";
pub(crate) const PASTE_HINT: &str = "Of a JWT, header and payload alone are kept, in this page's memory. The signature is dropped; only AWS can verify it.";
pub(crate) const LOG_SAYS: &str = "What the job's log says";
pub(crate) const LOG_ALONE: &str =
    "Paste the job's token too, and the role's trust policy if it is not the one here, to be told which cause it is.";
pub(crate) const LOG_NOT_KEPT: &str = "Of the log only these errors are kept.";
pub(crate) const SAID_BY: &str = "Said by {}: {}.";
pub(crate) const ARISES_AT: &str = "It arises at: {}.";
pub(crate) const COMPARED_WITH: &str = "Beside the pasted token and the policy here: {}.";
pub(crate) const CAUSE_YES: &str = "This is the cause";
pub(crate) const CAUSE_NO: &str = "Not this";
pub(crate) const CAUSE_OPEN: &str = "Perhaps this";
pub(crate) const WHAT_TO_DO: &str = "What to do: {}.";
pub(crate) const NOT_CONFIRMED: &str = "AWS has not confirmed this.";
pub(crate) const PASTE_CHECK: &str = "Check it";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const SIGNATURE_DROPPED: &str =
    "The signature was dropped: only AWS can verify it. What is left stays in this page's memory.";
pub(crate) const NO_SIGNATURE: &str =
    "No signature was looked at: only AWS verifies it. This stays in this page's memory.";
pub(crate) const FORGET: &str = "Forget it";
pub(crate) const RECORD_CALL: &str = "call";
pub(crate) const RECORD_FIRST: &str = "the first of {}";
pub(crate) const RECORD_OUTCOME: &str = "outcome";
pub(crate) const RECORD_ALLOWED: &str = "allowed, says the record";
pub(crate) const RECORD_DENIED: &str = "denied, says the record";
pub(crate) const EXPIRES: &str = "expires";
pub(crate) const EXPIRES_IN: &str = "in {}";
pub(crate) const EXPIRED_AGO: &str = "{} ago";
pub(crate) const MORE_CLAIMS: &str = "{} more claims";
pub(crate) const FEWER_CLAIMS: &str = "hide {} claims";
pub(crate) const ALL_CLAIMS: &str = "All claims of the token";
pub(crate) const AS_OF: &str = "Judged as of";
pub(crate) const AS_OF_ISSUED: &str = "{}, when the job ran";
pub(crate) const AS_OF_NOW: &str = "now";
pub(crate) const EXPIRED_SINCE: &str = "It has expired since; that is not why the job failed.";
pub(crate) const JOURNEY: &str = "The way of the token";
pub(crate) const STAGES: [&str; 6] = ["Token", "Provider", "Time", "Audience", "Trust policy", "Credentials"];
pub(crate) const STAGE_PASSED: &str = "passed";
pub(crate) const STAGE_ENDED: &str = "it ended here";
pub(crate) const STAGE_ALSO: &str = "would fail too";
pub(crate) const STAGE_OPEN: &str = "cannot be known here";
pub(crate) const STAGE_TODO: &str = "not reached";
pub(crate) const VERDICT: &str = "Verdict: ";
pub(crate) const VERDICT_LINE: &str = "Verdict";
pub(crate) const NOTICE: &str = "Message";
pub(crate) const ALLOWED: &str = "Allowed";
pub(crate) const DENIED: &str = "Denied";
pub(crate) const REFUSED: &str = "Refused";
pub(crate) const DEPENDS: &str = "Depends";
pub(crate) const UNREADABLE: &str = "Unreadable";
pub(crate) const NO_TOKEN: &str = "No token";
pub(crate) const NO_VERDICT: &str = "No verdict";
pub(crate) const ALLOWED_ANSWER: &str = "Credentials";
pub(crate) const ALLOWED_SAYS: &str = "STS hands out credentials for the role `{}`, for at most {}.";
pub(crate) const ALLOWED_WHY: &str = "statement {} of the trust policy lets it in";
pub(crate) const DEPENDS_ANSWER: &str = "It cannot be known here";
pub(crate) const DEPENDS_SAYS: &str = "The outcome hangs on what was not given: {}.";
pub(crate) const UNCONFIRMED_SAYS: &str = "The outcome hangs on what AWS has not confirmed. {}.";
pub(crate) const DEPENDS_AND_UNCONFIRMED_SAYS: &str =
    "The outcome hangs on what was not given, {}, and on what AWS has not confirmed. {}.";
pub(crate) const NO_SAMPLE: &str = "There is no such token: {}.";
pub(crate) const NOT_A_TOKEN: &str = "This cannot be read as a token";
pub(crate) const NO_VERDICT_ANSWER: &str = "There is no verdict";
pub(crate) const NO_MESSAGE: &str = "(AWS gives no further words)";
pub(crate) const COMPARED: &str = "What the policy wants and what came";
pub(crate) const WANTED: &str = "wanted";
pub(crate) const WANTED_LINE: &str = "wanted, line {}";
pub(crate) const CAME: &str = "came";
pub(crate) const NOTHING: &str = "nothing";
pub(crate) const AGREES: &str = "agrees";
pub(crate) const DIFFERS: &str = "differs";
pub(crate) const NEAREST: &str = "The nearest of {} values is shown.";
pub(crate) const WHOLE_VALUE: &str = "value";
pub(crate) const PRINCIPAL: &str = "Principal";
pub(crate) const ALSO: &str = "It would fail here too";
pub(crate) const ORDER_UNCONFIRMED: &str = "AWS has not confirmed in which order it looks at these.";
pub(crate) const IAM_REFUSES: &str = "IAM would refuse to save this policy today";
/// Where it ended, in a sentence, in the order of `STAGES`.
pub(crate) const AT_STAGE: [&str; 6] = [
    "at the token: {}",
    "at the provider: {}",
    "at the time: {}",
    "at the audience: {}",
    "at the trust policy: {}",
    "at the credentials: {}",
];

// Remedies.
pub(crate) const REMEDIES: &str = "What would let it in";
pub(crate) const NEAREST_TOKEN: &str = "The nearest token that this policy lets in:";
pub(crate) const TRY_TOKEN: &str = "look at it";
pub(crate) const CLAIM_INSTEAD: &str = "`{}`: {} instead of {}";
pub(crate) const NOTHING_CAME: &str = "nothing";
pub(crate) const MENDED: &str = "Done: {}";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const KEPT: &str = "{}, as it was";

// Tests.
pub(crate) const TESTS: &str = "Tests";
pub(crate) const AS_EXPECTED: &str = "{} of {} as expected";
pub(crate) const THIS_POLICY: &str = "this policy";
pub(crate) const GET_IN: &str = "{} of {} get in";
pub(crate) const TESTS_NAME: &str = "Sample tokens against each role";
pub(crate) const SAMPLE: &str = "sample token";
pub(crate) const CELL_ALLOWED: &str = "allowed";
pub(crate) const CELL_DENIED: &str = "denied";
pub(crate) const CELL_OPEN: &str = "not known";
pub(crate) const UNEXPECTED: &str = "not as expected";

// Help.
pub(crate) const HELP: &str = "How it works";
pub(crate) const HELP_NAME: &str = "Help: how it works";
pub(crate) const HELP_BACK: &str = "Back to the workbench";
/// Each part: its heading, what stands above its drawing, what stands below.
pub(crate) const HELP_PARTS: [(&str, &str, &str); 4] = [
    (
        "From a job to credentials",
        "No key is stored anywhere. Each job brings a token that says what the job is, and AWS decides by it.",
        "The signature covers every claim, so a job cannot change its token. STS has one message for every cause in a trust policy; Check tells them apart. AWS has not confirmed the order of its checks.",
    ),
    (
        "The anatomy of `sub`",
        "`sub` names the project and the ref, and AWS compares it as one text. This is the one of the first scope of `{}`.",
        "A maintainer can change what a project's `sub` holds, through GitLab's API (`ci_id_token_sub_claim_components`). An exact policy for the usual form then lets none of its jobs in. The name of the environment is no component.",
    ),
    (
        "What AWS sees of a token",
        "A token of GitLab may hold up to {} claims. A trust policy can ask for {} of them where the issuer is `{}`.",
        "A condition that wants a value of a claim that is no key lets nobody in; one that forbids a value keeps nobody out. Path and ref are seen as parts of `sub`. The environment is not seen at all; its tier is, where a project put it into `sub`.",
    ),
    (
        "Why one role for each environment",
        "AWS cannot see the environment, but it sees the ref. A role for each environment, each with its own refs, keeps them apart.",
        "Who edits the script changes what the job asks for, not what its token says. Who may push to `main` decides who gets in there: protect it, and ask for `ref_protected` where AWS has that key.",
    ),
];
/// The last part, which draws nothing: the person's own policy.
pub(crate) const HELP_OWN: (&str, [&str; 4]) = (
    "Your own policy",
    [
        "Type or paste over the trust policy: JSON, what `aws iam get-role` prints, Terraform or CloudFormation. Everything else follows each key press. What you typed is in this page's memory alone: the link does not hold it.",
        "In the editor Tab leads on to the next control. `Ctrl+]` and `Ctrl+[` move lines, `F8` and `Shift+F8` lead to the places that a message speaks of, `Ctrl+Z` takes back whatever changed the text, a fix too.",
        "A wavy line is a text that cannot be read, a double one a serious finding, a dashed one a caution or what IAM would refuse to save, a dotted one worth knowing. The line in colour is what stopped the token.",
        "A token, a CI file or a provider, pasted at the check, is looked at beside the policy.",
    ],
);
/// The way of a token: who acts, what it is, what happens.
pub(crate) const HELP_FLOW: [(&str, &str, &str); 7] = [
    ("GitLab", "Token", "GitLab signs a token for this one job: which project, which ref, who started it."),
    ("Job", "Call", "The job shows it to STS and asks for the role `{}`."),
    ("STS", "Provider", "Is `{}` a provider of this account, and is the signature its own?"),
    ("STS", "Time", "Is it valid already, and still? Five minutes are tolerated."),
    ("STS", "Audience", "Is `aud` a client ID of the provider? Here: `{}`."),
    ("STS", "Trust policy", "Does the role's trust policy let this `sub` in?"),
    ("AWS", "Credentials", "They end by themselves, after {} at most."),
];
pub(crate) const HELP_PROJECT_PATH: &str =
    "The whole path, as in the project's address, with every group. AWS tells capitals from small letters.";
pub(crate) const HELP_PROJECT_ID: &str = "The project's id. It stays when the path changes.";
pub(crate) const HELP_REF_TYPE: &str = "`branch` or `tag`, nothing else. The job of a merge request says `branch` too.";
pub(crate) const HELP_REF: &str =
    "The short name, without `refs/heads/`. For a merge request it is the source branch, not the target.";
pub(crate) const HELP_COMPONENT: &str =
    "This project added it. A job without such a value has the component left out, name and all.";
pub(crate) const HELP_WILDCARD: &str = " `*` stands for any text, `/` and `:` too; `?` for one character.";
pub(crate) const HELP_SEEN_NAME: &str = "The claims of a token, and what AWS makes of them";
/// What becomes of claims, and how well that is known.
pub(crate) const HELP_SEEN: [(&str, &str, &str); 4] = [
    ("open", "Checked by STS, before any policy", "Seen in answers of STS."),
    ("allowed", "Condition keys, for every issuer", "AWS documents them."),
    ("allowed", "Condition keys, for `gitlab.com` alone", "AWS documents them; not for which partitions."),
    ("denied", "Not seen by any policy", "Inferred: AWS lists none of them as a key of this issuer."),
];
/// Who gets where: a heading where one begins, the job, the answer, the role.
pub(crate) const HELP_LANES: [(&str, &str, &str, &str); 4] = [
    ("One role for everything", "a job on `dev`", "odd", "the one role, which may change prod too"),
    ("A role for each", "a job on `main`", "allowed", "the role for prod"),
    ("", "a job on `dev`", "allowed", "the role for dev"),
    ("", "the same, its script changed to ask for prod", "denied", "the role for prod"),
];

// The foot.
pub(crate) const NOTHING_LEAVES: &str = "nothing you type leaves this page";
pub(crate) const ENGINE: &str = "engine {} · AWS keys of {}";
pub(crate) const SOURCE: &str = "source";
