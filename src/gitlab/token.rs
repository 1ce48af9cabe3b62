//! Reading what a person pastes as a token: a JWT, or its payload as JSON.
//!
//! A JWT's signature is dropped at once and never kept; only AWS can verify it. Nothing here judges a token.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::document::json::{self, Node, Value};
use crate::text::{Diagnostic, Span};

/// A token that could be read. It is a secret as long as it is valid: memory only.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// The JOSE header; none where only a payload was given.
    pub header: Option<Node>,
    /// The payload, an object.
    pub claims: Node,
    /// The JWT's length in characters; none where only a payload was given.
    pub length: Option<usize>,
}

impl Token {
    /// The claim of that name; where the payload has it twice, the last one, as STS reads it.
    pub fn claim(&self, name: &str) -> Option<&Node> {
        self.claims.member(name)
    }

    /// The claim of that name, if it is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claim(name)?.as_str()
    }

    /// The claim of that name in whole seconds since 1970: an integer, or a string of one.
    pub fn seconds(&self, name: &str) -> Option<i64> {
        match &self.claim(name)?.value {
            Value::Number(it) | Value::String(it) => it.parse().ok(),
            _ => None,
        }
    }

    /// The audiences: one string, or each of a list.
    pub fn audiences(&self) -> Vec<&str> {
        match self.claim("aud").map(|it| &it.value) {
            Some(Value::String(it)) => vec![it],
            Some(Value::Array(items)) => items.iter().filter_map(Node::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// Reads a JWT or a payload.
///
/// # Errors
/// A text that is neither, with what it looks like instead.
pub fn read(text: &str) -> Result<Token, Diagnostic> {
    let bare = bare(text);
    let text = bare.trim();
    if text.is_empty() {
        return Err(Diagnostic::new("no token here: expected a JWT or its payload as JSON"));
    }
    if text.starts_with('{') {
        let claims = json::parse(text)?;
        return Ok(Token { header: None, claims, length: None });
    }
    if text.len() > json::MAX_BYTES {
        return Err(Diagnostic::new(format!(
            "this text has {} bytes; at most {} are read",
            text.len(),
            json::MAX_BYTES
        )));
    }
    let parts: Vec<&str> = text.split('.').collect();
    let (header, payload) = match parts.as_slice() {
        [header, payload] | [header, payload, _] => (header, payload),
        [_, _, _, _, _] => {
            return Err(Diagnostic::new(
                "this is an encrypted token (JWE); GitLab's ID tokens have three parts, not five",
            ));
        }
        _ => {
            return Err(Diagnostic::new("this is neither a JWT nor a JSON object")
                .help("a JWT has three parts with dots between them and begins with `eyJ`"));
        }
    };
    let header_object = part(text, header, "header", 0)?;
    let claims = part(text, payload, "payload", header.len() + 1)?;
    Ok(Token { header: Some(header_object), claims, length: Some(text.chars().count()) })
}

/// Decodes one part of a JWT into a JSON object. Messages never carry the part itself.
fn part(whole: &str, encoded: &str, name: &str, start: usize) -> Result<Node, Diagnostic> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &URL_SAFE,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let span = Span::new(start, (start + encoded.len()).min(whole.len()));
    let no_jwt = |why: &str| Diagnostic::new(format!("this is no JWT: its {name} {why}")).at(span);
    let bytes = LENIENT.decode(encoded).map_err(|_| no_jwt("is not base64url"))?;
    let text = String::from_utf8(bytes).map_err(|_| no_jwt("is not UTF-8 text"))?;
    let node = json::parse(&text).map_err(|it| no_jwt(&format!("is not JSON: {}", it.message)))?;
    match node.value {
        Value::Object(_) => Ok(node),
        _ => Err(no_jwt("is not a JSON object")),
    }
}

/// A JWT out of what people copy with it: quotes, `Bearer`, the name of a variable, line breaks. Any other text as it is.
pub fn bare(text: &str) -> Cow<'_, str> {
    let is_mark = |it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '`' | ',' | ';');
    let mut rest = text.trim_matches(is_mark);
    let is_word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '"' | '\'') || it.is_whitespace();
    // `Authorization: Bearer eyJ…`, `export TOKEN="eyJ…"`.
    if let Some((before, _)) = rest.split_once("eyJ")
        && before.len() <= PREFIX_MOST
        && before.chars().all(|it| is_word(it) || matches!(it, ':' | '='))
        && before.ends_with([':', '=', ' ', '"', '\'', '\n'])
    {
        rest = rest.get(before.len()..).unwrap_or(rest);
    }
    let is_of_jwt = |it: char| it.is_ascii_alphanumeric() || "-_.=".contains(it) || it.is_whitespace();
    let is_jwt = rest.starts_with("eyJ") && rest.matches('.').count() == 2 && rest.chars().all(is_of_jwt);
    match is_jwt {
        true if rest.contains(char::is_whitespace) => Cow::Owned(rest.split_whitespace().collect()),
        true => Cow::Borrowed(rest),
        false => Cow::Borrowed(text),
    }
}

/// The most characters of what stands before a JWT that is copied with it.
const PREFIX_MOST: usize = 80;

/// Header and payload of a JWT without its signature, as it may be kept while somebody looks at it. Any other text as it is.
pub fn without_signature(text: &str) -> Cow<'_, str> {
    let is_base64url = |it: char| it.is_ascii_alphanumeric() || "-_.=\r\n".contains(it);
    let cut = |text: &str| {
        let text = text.trim();
        let unsigned = text.match_indices('.').nth(1).and_then(|it| text.get(..it.0));
        unsigned.filter(|it| it.chars().all(is_base64url)).map_or(text.len(), str::len)
    };
    match bare(text) {
        Cow::Borrowed(it) => Cow::Borrowed(it.trim().get(..cut(it)).unwrap_or(it)),
        Cow::Owned(it) => Cow::Owned(it.get(..cut(&it)).unwrap_or(&it).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn jwt(header: &str, payload: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn the_signature_of_a_jwt_alone_is_cut_off() {
        assert_eq!(without_signature(" ey-A.ey_B.c2ln "), "ey-A.ey_B");
        assert_eq!(without_signature("eyA.ey\nB.c2\nln"), "eyA.ey\nB");
        assert_eq!(without_signature("Authorization: Bearer eyJA.ey\nB.c2\nln"), "eyJA.eyB");
        for other in ["{\"a\": \"b.c.d\"}", "url = \"https://gitlab.example.com\"", "https://a.b.c"] {
            assert_eq!(without_signature(other), other);
        }
    }

    #[test]
    fn a_jwt_and_its_payload_have_the_same_claims() {
        let payload = r#"{"sub":"a","aud":["x"],"iat":12,"exp":"13"}"#;
        let text = jwt(r#"{"alg":"RS256"}"#, payload);
        let token = read(&text).unwrap();
        assert_eq!(token.claims, read(payload).unwrap().claims);
        assert_eq!(token.audiences(), ["x"]);
        assert_eq!((token.seconds("iat"), token.seconds("exp"), token.seconds("nbf")), (Some(12), Some(13), None));
        assert_eq!(read(&without_signature(&text)).unwrap().claims, token.claims);
        assert!(!without_signature(&text).contains("c2ln"));
    }

    #[test]
    fn a_jwt_is_found_in_what_is_copied_with_it() {
        let token = jwt(r#"{"alg":"RS256"}"#, r#"{"sub":"a"}"#);
        let broken: String =
            token.chars().map(|it| if it == '.' { "\n.".to_owned() } else { it.to_string() }).collect();
        for text in [
            format!("\"{token}\""),
            format!("Bearer {token}"),
            format!("Authorization: bearer {token}\n"),
            format!("export GITLAB_OIDC_TOKEN='{token}'"),
            format!("\"token\": \"{token}\","),
            broken,
        ] {
            let read = read(&text).unwrap_or_else(|it| panic!("{text}: {}", it.message));
            assert_eq!((read.text("sub"), read.length), (Some("a"), Some(token.len())), "{text}");
            assert!(!without_signature(&text).contains("c2ln"), "{text}");
        }
        for text in ["see eyJ.a.b c d!", "{\"a\": \"eyJh.b.c\"}", "a sentence. It has three. eyJ"] {
            assert_eq!(bare(text), text);
        }
    }

    #[test]
    fn the_last_of_a_double_claim_counts() {
        assert_eq!(read(r#"{"sub":"a","sub":"b"}"#).unwrap().text("sub"), Some("b"));
    }

    #[test]
    fn what_is_no_token_is_refused_without_repeating_it() {
        for wrong in
            ["", "hello", "a.b.c", "a.b.c.d.e", "[1]", "{\"a\"", &jwt("{}", "[]"), &jwt("{}", "{"), "\u{0}.\u{0}.\u{0}"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let secret = jwt("{}", "sesame");
        let error = read(&secret).unwrap_err();
        assert!(!error.one_line(&secret).contains("sesame"));
    }
}
