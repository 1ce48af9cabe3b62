//! How GitLab reads and evaluates an expression of `rules: if:`, written from what its lexer and lexemes do
//! (`lib/gitlab/ci/pipeline/expression` of its open source): strings without escapes, `\/` alone undone in patterns, an absent
//! variable as an empty text to `=~`, a search rather than a whole match. Only what the generator writes is known here.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

/// Variables that are set.
pub(crate) type Variables = HashMap<&'static str, String>;

#[derive(Debug, Clone)]
enum Token {
    Variable(String),
    Text(String),
    Pattern(Regex),
    Operator(String),
}

/// An expression that was read.
pub(crate) struct Expression {
    text: String,
    tokens: Vec<Token>,
}

impl Expression {
    /// Whether it holds where these variables are set.
    ///
    /// # Panics
    /// Where it holds more than the generator writes.
    pub(crate) fn holds(&self, variables: &Variables) -> bool {
        let value = |name: &str| variables.iter().find(|it| *it.0 == name).map(|it| it.1.as_str());
        self.tokens.split(|it| matches!(it, Token::Operator(it) if it == "&&")).all(|test| match test {
            [Token::Variable(name)] => value(name).is_some_and(|it| !it.is_empty()),
            [Token::Variable(name), Token::Operator(operator), Token::Text(text)] if operator == "==" => {
                value(name) == Some(text)
            }
            [Token::Variable(name), Token::Operator(operator), Token::Pattern(pattern)] if operator == "=~" => {
                pattern.is_match(value(name).unwrap_or(""))
            }
            _ => panic!("no test: {}", self.text),
        })
    }

    /// Reads an expression.
    ///
    /// # Panics
    /// Where GitLab would refuse it.
    pub(crate) fn read(text: &str) -> Self {
        static LEXEMES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
            [r"^\$([A-Za-z0-9_]+)", r#"^(?:"(.*?)"|'(.*?)')"#, r"^(/(?:[^/]|\\/)+[^\\]/)[ismU]*", r"^(==|=~|&&)"]
                .map(|it| Regex::new(it).unwrap())
        });
        let mut tokens = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let found = LEXEMES.iter().enumerate().find_map(|(at, it)| Some((at, it.captures(rest)?)));
            let Some((at, captures)) = found else { panic!("unknown lexeme: {rest}") };
            let lexeme = captures.get(1).or(captures.get(2)).unwrap().as_str();
            tokens.push(match at {
                0 => Token::Variable(lexeme.to_owned()),
                1 => Token::Text(lexeme.to_owned()),
                2 => {
                    let pattern = lexeme.trim_start_matches('/').strip_suffix('/').unwrap().replace(r"\/", "/");
                    Token::Pattern(Regex::new(&pattern).unwrap())
                }
                _ => Token::Operator(lexeme.to_owned()),
            });
            rest = rest[captures.get(0).unwrap().end()..].trim_start();
        }
        assert!(tokens.len() <= 100, "GitLab takes at most 100 tokens: {text}");
        Self { text: text.to_owned(), tokens }
    }
}
