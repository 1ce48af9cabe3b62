//! Finds known errors in a log, and says of one answer what says most.

use super::Speaker::{Iam, Sts};
use super::plain::Plain;
use super::{Known, known};
use crate::text::Span;

/// The most errors of one log.
pub const MOST: usize = 12;

/// How far behind its code a message may begin, in bytes: `) when calling the AssumeRoleWithWebIdentity operation: ` and some more.
const CODE_TO_MESSAGE: usize = 90;

/// An error in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Which one.
    pub known: &'static Known,
    /// Where it stands.
    pub span: Span,
    /// The text by which it was told, one of the error's patterns.
    pub pattern: &'static str,
    /// The parts that vary, as they stand there: an issuer, two times, a claim.
    pub parts: Vec<String>,
}

impl Complaint {
    /// Its message as it is written, with what stood there for the parts that vary; what goes over lines is left out.
    pub fn message(&self) -> String {
        let mut message = String::new();
        for (at, piece) in self.pattern.split("{}").enumerate() {
            if at > 0 {
                let part = self.parts.get(at - 1).filter(|it| !it.contains(char::is_control));
                message.push_str(part.map_or("…", String::as_str));
            }
            message.push_str(piece);
        }
        message
    }

    /// The code that is written before its message: none where the message holds it, or where the error has none.
    pub fn code_before(&self) -> &'static str {
        let code = self.known.code;
        if self.message().contains(code) { "" } else { code }
    }

    /// Whether it is a code alone, and `other` is the message that follows it in the same answer of AWS's.
    fn is_code_of(&self, other: &Self) -> bool {
        let pattern = self.pattern.strip_suffix("Exception").unwrap_or(self.pattern);
        let is_code = pattern == self.known.code || pattern.ends_with(" when calling the");
        let gap = other.span.start.checked_sub(self.span.end);
        is_code && matches!(other.known.speaker, Sts | Iam) && gap.is_some_and(|it| it <= CODE_TO_MESSAGE)
    }
}

/// The errors in `log`, in the order in which they stand there, each once; at most [`MOST`], from the last [`READ_MOST`](super::READ_MOST) bytes.
pub fn read(log: &str) -> Vec<Complaint> {
    let plain = Plain::of(log);
    let mut found: Vec<Complaint> = Vec::new();
    for known in known() {
        let hit = known.patterns.iter().find_map(|pattern| Some((*pattern, plain.find(log, known, pattern)?)));
        let Some((pattern, (start, end, parts))) = hit else { continue };
        let span = plain.span(log, start, end);
        // What a more specific message said already is not said again in general words.
        let overlaps = |it: &Complaint| it.span.start < span.end && span.start < it.span.end;
        let is_told = |it: &Complaint| {
            it.known.code == known.code
                && !known.code.is_empty()
                && pattern.contains(known.code)
                && known.causes.len() > 1
        };
        // A client whose sign-in failed says too that it found no credentials; `aws` tells a wrong word and lists all that it knows.
        let is_answered = |it: &Complaint| match known.id {
            "no-credentials" => it.known.speaker == Sts || matches!(it.known.id, "empty-token" | "token-file"),
            "cli-word" => matches!(it.known.id, "entrypoint" | "cli-command"),
            _ => false,
        };
        if found.iter().any(|it| overlaps(it) || is_told(it) || is_answered(it)) {
            continue;
        }
        let parts = parts.iter().map(|it| plain.span(log, it.0, it.1).of(log).trim_matches(' ').to_owned()).collect();
        found.push(Complaint { known, span, pattern, parts });
        if found.len() == MOST {
            break;
        }
    }
    let told = found.clone();
    found.retain(|it| !told.iter().any(|other| it.is_code_of(other)));
    found.sort_by_key(|it| it.span.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(log: &str) -> Vec<&'static str> {
        read(log).iter().map(|it| it.known.id).collect()
    }

    #[test]
    fn a_message_is_found_through_colours_and_line_breaks() {
        let log = "\u{1b}[0Ksection_start:1:x\r\u{1b}[0K\u{1b}[31;1mAn error occurred (InvalidIdentityToken) when calling the\n \
                   AssumeRoleWithWebIdentity operation: No OpenIDConnect provider\nfound in your account for https://GitLab.example.com.\u{1b}[0m";
        let found = read(log);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].known.id, "no-provider");
        assert_eq!(found[0].parts, ["https://GitLab.example.com"]);
        assert!(found[0].span.of(log).starts_with("No OpenIDConnect"));
    }

    #[test]
    fn the_two_spaces_of_awss_message_do_not_matter() {
        assert_eq!(
            ids(
                "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation"
            ),
            ["verification-key"]
        );
    }

    #[test]
    fn a_specific_message_takes_the_place_of_its_code() {
        assert_eq!(ids("InvalidIdentityToken: Incorrect token audience"), ["audience-not-registered"]);
        assert_eq!(ids("caused by: InvalidIdentityToken (cut here"), ["invalid-identity-token"]);
        let found =
            read("Token expired: current date/time 1795168560 must be before the expiration date/time 1795168500");
        assert_eq!(found[0].parts, ["1795168560", "1795168500"]);
    }

    #[test]
    fn a_code_in_the_message_is_not_written_before_it() {
        let before = |log: &str| read(log)[0].code_before();
        assert_eq!(before("InvalidIdentityToken: Incorrect token audience"), "InvalidIdentityToken");
        for log in [
            "InvalidIdentityToken: Issuer must be a valid URL",
            "(InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Issuer must be a valid URL",
            "InvalidIdentityToken (cut",
            "You must specify a region",
        ] {
            assert_eq!(before(log), "", "{log}");
        }
    }

    #[test]
    fn a_part_of_a_longer_word_is_another_word() {
        let user = "User: arn:aws:iam::123456789012:user/ci is not authorized to perform:";
        assert_eq!(ids(&format!("{user} sts:AssumeRoleWithWebIdentity on resource: x")), ["not-authorized"]);
        assert_eq!(ids(&format!("{user} sts:AssumeRole on resource: x")), ["assume-role-instead"]);
        assert!(ids(&format!("{user} sts:AssumeRoleWithSAML on resource: x")).is_empty());
        let both = format!("{user} sts:AssumeRoleWithSAML\n").repeat(100) + user + " sts:AssumeRole on resource: x";
        assert_eq!(ids(&both), ["assume-role-instead"]);
        assert_eq!(ids("InvalidIdentityTokenException: cut he"), ["invalid-identity-token"]);
        for log in [
            "gojq: not found",
            "my-jq: command not found",
            "ReInvalidIdentityToken",
            "InvalidIdentityTokens",
            "Missing regions",
        ] {
            assert!(ids(log).is_empty(), "{log}");
        }
        assert_eq!(ids("{\"log\":\"\\tMissing a required claim: aud\"}"), ["missing-claim"]);
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(
            ids("Error: Could not assume role with OIDC: Incorrect token audience"),
            ["audience-not-registered"]
        );
        assert_eq!(ids("INCORRECT TOKEN AUDIENCE"), ["audience-not-registered"]);
        for log in [
            "401: an incorrect token audience was provided",
            "token is missing a required claim: aud",
            "then you must specify a region that has it",
        ] {
            assert!(ids(log).is_empty(), "{log}");
        }
    }

    #[test]
    fn no_message_goes_on_behind_the_next_command() {
        let log = "$ echo AssumeRoleWithWebIdentity\nAssumeRoleWithWebIdentity\n$ aws lambda invoke\nInternalFailure";
        assert!(ids(log).is_empty(), "{:?}", ids(log));
    }

    #[test]
    fn a_command_over_several_lines_is_no_error_in_any_of_them() {
        let said = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
        let lines = ["$ aws sts assume-role-with-web-identity \\", "  --role-arn x \\", &format!("  || echo '{said}'")];
        let mark = |it: &str| format!("2026-11-25T10:11:12.123456Z 00O {it}");
        let coloured = |it: &str| format!("\u{1b}[32;1m{it}\u{1b}[0;m");
        let section = format!("section_start:1:step\r\u{1b}[0K{}", lines.join("\n"));
        for log in [
            lines.join("\n"),
            lines.join("\r\n"),
            lines.map(mark).join("\n"),
            lines.map(coloured).join("\n"),
            lines.map(|it| mark(&coloured(it))).join("\n"),
            section,
        ] {
            assert!(ids(&log).is_empty(), "{log}");
            assert_eq!(ids(&format!("{log}\n{}", mark(said))), ["not-authorized"], "{log}");
        }
        assert_eq!(ids(&format!("{}\n{said}", lines[..1].concat().trim_end_matches('\\'))), ["not-authorized"]);
        assert_eq!(ids(&format!("C:\\\n{said}")), ["not-authorized"]);
    }

    #[test]
    fn what_the_message_itself_says_is_the_cause() {
        let log = "User: x is not authorized to perform: sts:AssumeRoleWithWebIdentity on resource: y with an explicit deny in a resource control policy";
        let found = read(log);
        assert_eq!(found[0].known.id, "control-policy");
        let causes = crate::doctor::diagnose(&found[0], None).causes;
        assert_eq!((causes.len(), causes[0].holds), (1, crate::doctor::Holds::Yes));
    }

    #[test]
    fn what_is_no_error_is_none() {
        assert!(read("").is_empty());
        assert!(read("Job succeeded").is_empty());
        assert!(read(&"Token expired ".repeat(1000)).is_empty());
    }

    #[test]
    fn a_huge_log_is_read_at_its_end_and_in_time() {
        let log =
            format!("{}\nNot authorized to perform sts:AssumeRoleWithWebIdentity\n", "é\u{1b}[".repeat(3_000_000));
        assert_eq!(ids(&log), ["not-authorized"]);
        let many = "No OpenIDConnect provider found in your account for ".repeat(100_000);
        assert_eq!(ids(&many), ["no-provider"]);
    }
}
