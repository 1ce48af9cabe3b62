//! The reader: bodies and expressions.

use super::{Attribute, Block, Body, Entry, Expr, For, Step, Text, Value};
use crate::document::json::MAX_BYTES;
use crate::text::{Diagnostic, Span, character, quoted};

/// How deep blocks, brackets and templates may stand in each other.
const DEPTH: usize = 100;

/// Reads a file.
///
/// # Errors
/// The first place at which it is no HCL, with what was expected there.
pub fn read(text: &str) -> Result<Body, Diagnostic> {
    if text.len() > MAX_BYTES {
        return Err(Diagnostic::new(format!("this text has {} bytes; at most {MAX_BYTES} are read", text.len())));
    }
    Reader { text, at: 0, depth: 0, lines: true }.body(None)
}

/// Reads one expression, such as an object on its own.
///
/// # Errors
/// The first place at which it is none.
pub fn read_expression(text: &str) -> Result<Expr, Diagnostic> {
    let mut reader = Reader { text, at: 0, depth: 0, lines: false };
    let expr = reader.expr()?;
    reader.space();
    if reader.at < text.len() { Err(reader.wrong("the end")) } else { Ok(expr) }
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    depth: usize,
    /// Whether the end of a line ends an expression: not inside of brackets.
    pub(super) lines: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over `token`, if it is next.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// Says what was expected here, and what is here.
    pub(super) fn wrong(&self, expected: &str) -> Diagnostic {
        let here = self.peek().map_or("the end of the text".to_owned(), character);
        let length = self.peek().map_or(0, char::len_utf8);
        Diagnostic::new(format!("expected {expected}, found {here}")).at(Span::new(self.at, self.at + length))
    }

    pub(super) fn never_closed(&self, start: usize, token: &str) -> Diagnostic {
        Diagnostic::new(format!("this `{token}` is never closed")).at(Span::new(start, start + token.len()))
    }

    pub(super) fn deeper<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        if self.depth == DEPTH {
            let message = format!("nested too deeply: at most {DEPTH} levels are read");
            return Err(Diagnostic::new(message).at(Span::new(self.at, self.at)));
        }
        self.depth += 1;
        let outcome = inside(self);
        self.depth -= 1;
        outcome
    }

    /// Inside of brackets the end of a line is a space.
    pub(super) fn across_lines<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        let before = std::mem::replace(&mut self.lines, false);
        let outcome = self.deeper(inside);
        self.lines = before;
        outcome
    }

    /// Steps over spaces and comments, and over line breaks where they mean nothing.
    pub(super) fn space(&mut self) {
        loop {
            let rest = self.rest();
            let blank = |c: char| matches!(c, ' ' | '\t' | '\r') || (c == '\n' && !self.lines);
            let spaces = rest.len() - rest.trim_start_matches(blank).len();
            let comment = match rest.get(spaces..).unwrap_or("") {
                it if it.starts_with('#') || it.starts_with("//") => it.find('\n').unwrap_or(it.len()),
                it if it.starts_with("/*") => it.find("*/").map_or(it.len(), |at| at + 2),
                _ => 0,
            };
            self.at += spaces + comment;
            if comment == 0 {
                return;
            }
        }
    }

    /// Steps over spaces, comments and line breaks.
    fn blank(&mut self) {
        let before = std::mem::replace(&mut self.lines, false);
        self.space();
        self.lines = before;
    }

    fn identifier(&mut self) -> Option<Text> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let length = rest.len() - rest.trim_start_matches(inside).len();
        let span = Span::new(self.at, self.at + length);
        self.at += length;
        Some(Text::new(span.of(self.text), span))
    }

    /// A body, up to the end or to the brace that closes the one at `open`.
    fn body(&mut self, open: Option<usize>) -> Result<Body, Diagnostic> {
        let mut body = Body::default();
        let before = std::mem::replace(&mut self.lines, true);
        loop {
            self.blank();
            match (self.peek(), open) {
                (None, None) => break,
                (None, Some(open)) => return Err(self.never_closed(open, "{")),
                (Some('}'), Some(_)) => {
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            let start = self.at;
            let Some(name) = self.identifier() else { return Err(self.wrong("a name")) };
            self.space();
            if self.peek() == Some('=') && !self.rest().starts_with("==") {
                self.at += 1;
                let value = self.expr()?;
                self.space();
                if !matches!(self.peek(), None | Some('\n' | '}')) {
                    return Err(self.wrong("the end of the line"));
                }
                body.attributes.push(Attribute { name, value });
            } else {
                let block = self.block(start, name)?;
                body.blocks.push(block);
            }
        }
        self.lines = before;
        Ok(body)
    }

    fn block(&mut self, start: usize, kind: Text) -> Result<Block, Diagnostic> {
        let mut labels = Vec::new();
        loop {
            self.space();
            if self.peek() == Some('"') {
                let from = self.at;
                let inside = self.rest().get(1..).unwrap_or("");
                let length = inside.find(['"', '\n']).unwrap_or(inside.len());
                if inside.get(length..).is_none_or(|it| !it.starts_with('"')) {
                    return Err(self.never_closed(from, "\""));
                }
                self.at += length + 2;
                labels.push(Text::new(inside.get(..length).unwrap_or(""), self.span_from(from)));
            } else if let Some(label) = self.identifier() {
                labels.push(label);
            } else if self.peek() == Some('{') {
                let open = self.at;
                self.at += 1;
                let body = self.deeper(|it| it.body(Some(open)))?;
                return Ok(Block { kind, labels, body, span: self.span_from(start) });
            } else if labels.is_empty() {
                return Err(self.wrong(&format!("`=` or `{{` after {}", quoted(&kind.value))));
            } else {
                return Err(self.wrong("`{`"));
            }
        }
    }

    /// An expression, with the operators behind it.
    pub(super) fn expr(&mut self) -> Result<Expr, Diagnostic> {
        self.deeper(Self::operation)
    }

    fn operation(&mut self) -> Result<Expr, Diagnostic> {
        const OPERATORS: [&str; 14] = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "?"];
        self.space();
        let start = self.at;
        let mut expr = self.operand()?;
        let mut operators = 0;
        loop {
            let before = self.at;
            self.space();
            let Some(operator) = OPERATORS.into_iter().find(|it| self.take(it)) else {
                self.at = before;
                return Ok(expr);
            };
            let value = if operator == "?" {
                let one = self.expr()?;
                self.blank();
                if !self.take(":") {
                    return Err(self.wrong("`:`"));
                }
                Value::Conditional(Box::new([expr, one, self.expr()?]))
            } else {
                let right = self.operand()?;
                match operator {
                    "==" | "!=" if operators == 0 => Value::Equal(Box::new([expr, right]), operator == "!="),
                    _ => Value::Other,
                }
            };
            operators += 1;
            expr = Expr { span: self.span_from(start), value };
        }
    }

    /// One operand, with the signs before it and the steps behind it.
    fn operand(&mut self) -> Result<Expr, Diagnostic> {
        self.space();
        let start = self.at;
        let (mut signs, mut is_negative) = (0, false);
        while self.take("!") || self.take("-") {
            is_negative = self.text.get(start..self.at) == Some("-");
            signs += 1;
            self.space();
        }
        let is_literal = self.peek().is_some_and(|it| it.is_ascii_digit());
        let mut value = self.primary()?;
        if signs > 0 {
            value = match value {
                Value::Number(it) if is_negative && is_literal && signs == 1 => Value::Number(format!("-{it}")),
                _ => Value::Other,
            };
        }
        let value = self.steps(value, start)?;
        Ok(Expr { span: self.span_from(start), value })
    }

    fn primary(&mut self) -> Result<Value, Diagnostic> {
        let start = self.at;
        match self.peek() {
            Some('"') => self.deeper(Self::quoted).map(Value::Template),
            Some('<') if self.rest().starts_with("<<") => self.deeper(Self::heredoc).map(Value::Template),
            Some('[') => self.across_lines(|it| it.list(start)),
            Some('{') => self.across_lines(|it| it.object(start)),
            Some('(') => self.across_lines(|it| {
                it.at += 1;
                let inside = it.expr()?;
                it.space();
                if it.take(")") { Ok(inside.value) } else { Err(it.wrong("`)`")) }
            }),
            Some('0'..='9') => {
                self.number();
                Ok(Value::Number(self.span_from(start).of(self.text).to_owned()))
            }
            _ => {
                let Some(mut name) = self.identifier() else { return Err(self.wrong("a value")) };
                while self.take("::") {
                    let more = self.identifier().map(|it| it.value).unwrap_or_default();
                    name.value.push_str("::");
                    name.value.push_str(&more);
                }
                if self.peek() == Some('(') {
                    let open = self.at;
                    return self.across_lines(|it| it.call(name.value, open));
                }
                Ok(match name.value.as_str() {
                    "null" => Value::Null,
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    _ => Value::Reference(vec![Step::Name(name.value)]),
                })
            }
        }
    }

    fn digits(&self, after: usize) -> usize {
        let rest = self.rest().get(after..).unwrap_or("");
        rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()
    }

    fn number(&mut self) {
        self.at += self.digits(0);
        let fraction = if self.peek() == Some('.') { self.digits(1) } else { 0 };
        self.at += if fraction > 0 { fraction + 1 } else { 0 };
        let sign = if self.rest().starts_with(['e', 'E']) {
            1 + usize::from(self.rest().get(1..).is_some_and(|it| it.starts_with(['+', '-'])))
        } else {
            return;
        };
        let exponent = self.digits(sign);
        self.at += if exponent > 0 { sign + exponent } else { 0 };
    }

    /// The `.name` and `[index]` behind an operand.
    fn steps(&mut self, mut value: Value, start: usize) -> Result<Value, Diagnostic> {
        let mut count = 0;
        loop {
            let span = self.span_from(start);
            let is_whole = self.peek() == Some('[');
            let step = if self.rest().starts_with("...") {
                return Ok(value);
            } else if self.take(".") {
                if let Some(step) = self.attribute() {
                    Some(step)
                } else if self.take("*") {
                    None
                } else {
                    return Err(self.wrong("a name after `.`"));
                }
            } else if self.peek() == Some('[') {
                self.across_lines(Self::index)?
            } else {
                return Ok(value);
            };
            value = match (value, step) {
                (Value::Reference(mut steps), Some(step)) => {
                    steps.push(step);
                    Value::Reference(steps)
                }
                (Value::Other, _) => Value::Other,
                (value, None) => self.splat(Expr { span, value }, is_whole)?,
                _ if count == DEPTH => Value::Other,
                (value, Some(step)) => Value::Step(Box::new(Expr { span, value }), step),
            };
            count += 1;
        }
    }

    /// What stands behind a `.`: a name, or the number of an element.
    fn attribute(&mut self) -> Option<Step> {
        self.blank();
        if let Some(name) = self.identifier() {
            return Some(Step::Name(name.value));
        }
        let digits = self.digits(0);
        self.at += digits;
        (digits > 0).then(|| Step::Index(self.span_from(self.at - digits).of(self.text).to_owned()))
    }

    /// What stands behind `list[*]`, of each element, or behind `list.*`, which an index ends.
    fn splat(&mut self, list: Expr, is_whole: bool) -> Result<Value, Diagnostic> {
        let start = list.span.start;
        let mut steps = vec![Step::Name("*".to_owned())];
        while !self.rest().starts_with("...") {
            let step = if self.take(".") {
                self.attribute()
            } else if is_whole && self.peek() == Some('[') {
                self.across_lines(Self::index)?
            } else {
                break;
            };
            let Some(step) = step else {
                // One in another.
                self.take("*");
                return Ok(Value::Other);
            };
            steps.push(step);
        }
        let names = vec![Text::new("*", list.span)];
        let value = Expr { span: self.span_from(start), value: Value::Reference(steps) };
        Ok(Value::For(Box::new(For { names, list, key: None, value, condition: None })))
    }

    /// `[…]` behind an operand: the index.
    fn index(&mut self) -> Result<Option<Step>, Diagnostic> {
        let start = self.at;
        self.at += 1;
        self.space();
        let index = if self.take("*") { None } else { Some(self.expr()?) };
        self.space();
        if !self.take("]") {
            return Err(self.wrong("`]`"));
        }
        let computed = || Step::Computed(self.span_from(start).of(self.text).to_owned());
        Ok(index.map(|it| it.literal().map_or_else(computed, Step::Index)))
    }

    /// Whether a `for` begins here; then it is stepped over, up to `close`.
    fn skip_for(&mut self, open: usize, token: &str, close: char) -> Result<bool, Diagnostic> {
        let is_for = self.rest().strip_prefix("for").is_some_and(|it| it.starts_with(char::is_whitespace));
        if !is_for {
            return Ok(false);
        }
        let mut inside: Vec<char> = vec![close];
        while let Some(&wanted) = inside.last() {
            self.space();
            match self.peek() {
                None => return Err(self.never_closed(open, token)),
                Some('"') => drop(self.deeper(Self::quoted)?),
                Some('<') if self.is_heredoc() => drop(self.deeper(Self::heredoc)?),
                Some(c) => {
                    self.at += c.len_utf8();
                    match c {
                        '(' => inside.push(')'),
                        '[' => inside.push(']'),
                        '{' => inside.push('}'),
                        c if c == wanted => drop(inside.pop()),
                        _ => {}
                    }
                }
            }
        }
        Ok(true)
    }

    /// `for name in list : value`, and the bracket behind it; with braces, `key => value`.
    fn each(&mut self, is_object: bool) -> Result<Value, Diagnostic> {
        let mut names = Vec::new();
        let word = |it: &mut Self| {
            it.space();
            it.identifier().ok_or_else(|| it.wrong("a name"))
        };
        let sign = |it: &mut Self, token: &str| {
            it.space();
            if it.take(token) { Ok(()) } else { Err(it.wrong(&format!("`{token}`"))) }
        };
        word(self)?;
        while names.is_empty() || (names.len() == 1 && self.take(",")) {
            names.push(word(self)?);
            self.space();
        }
        if word(self)?.value != "in" {
            return Err(self.wrong("`in`"));
        }
        let list = self.expr()?;
        sign(self, ":")?;
        let key = if is_object { Some(self.expr()?) } else { None };
        if is_object {
            sign(self, "=>")?;
        }
        let value = self.expr()?;
        self.space();
        let condition = if self.identifier().is_some_and(|it| it.value == "if") { Some(self.expr()?) } else { None };
        sign(self, if is_object { "}" } else { "]" })?;
        Ok(Value::For(Box::new(For { names, list, key, value, condition })))
    }

    /// A collection that is made of another one, from behind its bracket on, where `close` is what ends it; none where it is no such.
    fn made(&mut self, open: usize, token: &str, close: char) -> Result<Option<Value>, Diagnostic> {
        let start = self.at;
        if !self.skip_for(open, token, close)? {
            return Ok(None);
        }
        let end = std::mem::replace(&mut self.at, start);
        let value = self.each(close == '}').ok().filter(|_| self.at == end);
        self.at = end;
        Ok(Some(value.unwrap_or(Value::Other)))
    }

    fn list(&mut self, open: usize) -> Result<Value, Diagnostic> {
        self.at += 1;
        self.space();
        if let Some(it) = self.made(open, "[", ']')? {
            return Ok(it);
        }
        let mut items = Vec::new();
        loop {
            self.space();
            if self.take("]") {
                return Ok(Value::List(items));
            }
            if self.peek().is_none() {
                return Err(self.never_closed(open, "["));
            }
            items.push(self.expr()?);
            self.space();
            if !self.take(",") && self.peek() != Some(']') {
                return Err(if self.peek().is_none() {
                    self.never_closed(open, "[")
                } else {
                    self.wrong("`,` or `]`")
                });
            }
        }
    }

    fn call(&mut self, name: String, open: usize) -> Result<Value, Diagnostic> {
        self.at += 1;
        let (mut arguments, mut is_spread) = (Vec::new(), false);
        loop {
            self.space();
            if self.take(")") {
                return Ok(if is_spread { Value::Other } else { Value::Call(name, arguments) });
            }
            if self.peek().is_none() {
                return Err(self.never_closed(open, "("));
            }
            arguments.push(self.expr()?);
            self.space();
            is_spread |= self.take("...");
            self.space();
            if !self.take(",") && self.peek() != Some(')') {
                return Err(if self.peek().is_none() {
                    self.never_closed(open, "(")
                } else {
                    self.wrong("`,` or `)`")
                });
            }
        }
    }

    fn object(&mut self, open: usize) -> Result<Value, Diagnostic> {
        self.at += 1;
        self.space();
        if let Some(it) = self.made(open, "{", '}')? {
            return Ok(it);
        }
        let mut entries = Vec::new();
        loop {
            self.blank();
            if self.take("}") {
                return Ok(Value::Object(entries));
            }
            if self.peek().is_none() {
                return Err(self.never_closed(open, "{"));
            }
            let key = self.key()?;
            self.space();
            if !self.take("=") && !self.take(":") {
                return Err(self.wrong("`=` after the key"));
            }
            // The end of a line ends an entry.
            self.lines = true;
            let value = self.expr();
            self.space();
            self.lines = false;
            entries.push(Entry { key, value: value? });
            if !self.take(",") && !matches!(self.peek(), Some('}' | '\n') | None) {
                return Err(self.wrong("`,`, `}` or the end of the line"));
            }
        }
    }

    /// A key: a bare name is a string, as Terraform reads it.
    fn key(&mut self) -> Result<Expr, Diagnostic> {
        let start = self.at;
        if let Some(name) = self.identifier() {
            self.space();
            if matches!(self.peek(), Some('=' | ':')) {
                let mut text = crate::document::spelled::Spelled::default();
                text.push_verbatim(&name.value, start);
                return Ok(Expr { span: name.span, value: Value::Template(vec![super::Part::Text(text)]) });
            }
            self.at = start;
        }
        self.expr()
    }
}

impl Expr {
    /// The text of a literal.
    pub fn literal(&self) -> Option<String> {
        match &self.value {
            Value::Number(it) => Some(it.clone()),
            Value::Bool(it) => Some(it.to_string()),
            Value::Template(parts) => parts
                .iter()
                .map(|it| match it {
                    super::Part::Text(text) => Some(text.text.as_str()),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }
}
