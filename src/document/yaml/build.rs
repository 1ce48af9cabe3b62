//! Builds the tree from the events of the parser.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Range, StrInput, Tag};

use crate::document::json::{MAX_BYTES, Member, Node, Value};
use crate::text::{Diagnostic, Span, quoted};

/// How deep collections may stand in each other.
const DEPTH: usize = 100;

/// How much aliases may copy in all: bytes of strings, and some for each value.
const COPIES: usize = 4 * MAX_BYTES;

/// What a value counts for beside the bytes of its string.
const WEIGHT: usize = 16;

type Next<'t> = (Event<'t>, Range);

pub(super) fn documents(text: &str) -> Result<Vec<Node>, Diagnostic> {
    if text.len() > MAX_BYTES {
        return Err(Diagnostic::new(format!("this text has {} bytes; at most {MAX_BYTES} are read", text.len())));
    }
    // The parser counts characters.
    let places = text.char_indices().map(|it| it.0).chain([text.len()]).collect();
    let parser = Parser::new_from_str(text);
    let mut builder = Builder { text, places, parser, anchors: HashMap::new(), copied: 0 };
    let mut found = Vec::new();
    while let Some(next) = builder.next()? {
        if let (Event::DocumentStart(_), _) = next {
            builder.anchors.clear();
            let first = builder.must()?;
            found.push(builder.node(first, 0)?);
        }
    }
    Ok(found)
}

struct Builder<'t> {
    text: &'t str,
    /// The byte at which each character stands.
    places: Vec<usize>,
    parser: Parser<'t, StrInput<'t>>,
    /// The values with an anchor, and what each counts for.
    anchors: HashMap<usize, (Node, usize)>,
    copied: usize,
}

impl<'t> Builder<'t> {
    fn next(&mut self) -> Result<Option<Next<'t>>, Diagnostic> {
        self.parser.next().transpose().map_err(|error| {
            let at = self.byte(error.marker().index());
            let end = self.text.get(at..).and_then(|it| it.chars().next()).map_or(at, |it| at + it.len_utf8());
            Diagnostic::new(format!("this is no YAML: {}", error.info())).at(Span::new(at, end))
        })
    }

    fn must(&mut self) -> Result<Next<'t>, Diagnostic> {
        let end = self.text.len();
        self.next()?.ok_or_else(|| Diagnostic::new("this is no YAML: it ends too early").at(Span::new(end, end)))
    }

    fn byte(&self, character: usize) -> usize {
        self.places.get(character).copied().unwrap_or(self.text.len())
    }

    /// Where a value stands, without the anchor and the tag before it, and where its tag stands.
    fn places_of(&self, range: Range, anchor: usize, tag: Option<&Tag>) -> (Span, Span) {
        let mut span = Span::new(self.byte(range.start.index()), self.byte(range.end.index()));
        let mut tag_span = Span::new(span.start, span.start);
        for _ in 0..usize::from(anchor > 0) + usize::from(tag.is_some()) {
            let rest = self.text.get(span.start..).unwrap_or("");
            if !rest.starts_with(['!', '&']) {
                break;
            }
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            if rest.starts_with('!') {
                tag_span = Span::new(span.start, span.start + length);
            }
            let behind = rest.get(length..).unwrap_or("");
            span.start += length + (behind.len() - behind.trim_start().len());
        }
        // Nothing stands behind them.
        span.start = span.start.min(span.end);
        (span, tag_span)
    }

    /// The lines of a block without the `|` and what else stands in its line.
    fn lines_of(&self, span: Span) -> Span {
        let whole = span.of(self.text);
        let head = if whole.starts_with(['|', '>']) { whole.find('\n').map_or(whole.len(), |at| at + 1) } else { 0 };
        let rest = whole.get(head..).unwrap_or("");
        Span::new(span.start + head + (rest.len() - rest.trim_start_matches([' ', '\t']).len()), span.end)
    }

    fn node(&mut self, (event, range): Next<'t>, depth: usize) -> Result<Node, Diagnostic> {
        let start = self.byte(range.start.index());
        if depth == DEPTH {
            let message = format!("nested too deeply: at most {DEPTH} levels are read");
            return Err(Diagnostic::new(message).at(Span::new(start, start)));
        }
        let (node, anchor, tag, tag_span) = match event {
            Event::Alias(id) => return self.copy(id, range),
            Event::Scalar(value, style, anchor, tag) => {
                let (mut span, tag_span) = self.places_of(range, anchor, tag.as_deref());
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    span = self.lines_of(span);
                }
                let is_text = style != ScalarStyle::Plain || tag.as_deref().is_some_and(|it| it.suffix == "str");
                let value = if is_text { Value::String(value.into_owned()) } else { plain(&value) };
                (Node { span, value }, anchor, tag, tag_span)
            }
            Event::SequenceStart(anchor, tag) => {
                let (span, tag_span) = self.places_of(range, anchor, tag.as_deref());
                let mut items = Vec::new();
                let end = loop {
                    match self.must()? {
                        (Event::SequenceEnd, range) => break range,
                        next => items.push(self.node(next, depth + 1)?),
                    }
                };
                let last = items.last().map(|it| it.span.end);
                let span = self.closed(span.start, end, last);
                (Node { span, value: Value::Array(items) }, anchor, tag, tag_span)
            }
            Event::MappingStart(anchor, tag) => {
                let (span, tag_span) = self.places_of(range, anchor, tag.as_deref());
                let mut members = Vec::new();
                let end = loop {
                    match self.must()? {
                        (Event::MappingEnd, range) => break range,
                        next => members.push(self.member(next, depth)?),
                    }
                };
                let last = members.last().map(|it| it.value.span.end.max(it.key_span.end));
                let span = self.closed(span.start, end, last);
                (Node { span, value: Value::Object(members) }, anchor, tag, tag_span)
            }
            _ => return Err(Diagnostic::new("this is no YAML: expected a value").at(Span::new(start, start))),
        };
        let node = match tag.as_deref() {
            Some(tag) if tag.handle == "!" && !tag.suffix.is_empty() => tagged(node, &tag.suffix, tag_span),
            _ => node,
        };
        if anchor > 0 {
            let weight = self.count(&node)?;
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        Ok(node)
    }

    /// A collection in brackets ends with its bracket, another with its last value.
    fn closed(&self, start: usize, end: Range, last: Option<usize>) -> Span {
        let is_flow = self.text.get(start..).is_some_and(|it| it.starts_with(['[', '{']));
        let end = if is_flow { self.byte(end.end.index()) } else { last.unwrap_or(start) };
        Span::new(start, end.max(start))
    }

    fn member(&mut self, key: Next<'t>, depth: usize) -> Result<Member, Diagnostic> {
        let key = self.node(key, depth + 1)?;
        let (text, unknown) = match (&key.value, key.as_object()) {
            (Value::String(it) | Value::Number(it), _) => (it.clone(), Vec::new()),
            (Value::Bool(it), _) => (it.to_string(), Vec::new()),
            (Value::Null, _) => (key.span.of(self.text).to_owned(), Vec::new()),
            // What a function in a key would give is not known here, and CloudFormation calls none there.
            (_, Some([Member { key: tag, value, .. }])) if tag.starts_with('!') => {
                let text = value.as_str().unwrap_or_default().to_owned();
                (text.clone(), vec![format!("{tag} {text}")])
            }
            _ => return Err(Diagnostic::new("a key that is a list or a map is not read").at(key.span)),
        };
        let next = self.must()?;
        Ok(Member { key: text, unknown, key_span: key.span, value: self.node(next, depth + 1)? })
    }

    fn copy(&mut self, id: usize, range: Range) -> Result<Node, Diagnostic> {
        let place = Span::new(self.byte(range.start.index()), self.byte(range.end.index()));
        let Some((node, weight)) = self.anchors.get(&id) else {
            let message = format!("{} stands inside of what it refers to", quoted(place.of(self.text)));
            return Err(Diagnostic::new(message).at(place));
        };
        self.copied += weight;
        if self.copied > COPIES {
            return Err(Diagnostic::new("the aliases in this text copy more than is read here").at(place));
        }
        Ok(node.clone())
    }

    /// What a value with an anchor counts for. To keep it is to copy it once.
    fn count(&mut self, node: &Node) -> Result<usize, Diagnostic> {
        let weight = weight(node);
        self.copied += weight;
        if self.copied > COPIES {
            return Err(Diagnostic::new("the anchors in this text hold more than is read here").at(node.span));
        }
        Ok(weight)
    }
}

fn weight(node: &Node) -> usize {
    WEIGHT
        + match &node.value {
            Value::String(it) | Value::Number(it) => it.len(),
            Value::Array(items) => items.iter().map(weight).sum(),
            Value::Object(members) => members.iter().map(|it| WEIGHT + it.key.len() + weight(&it.value)).sum(),
            _ => 0,
        }
}

/// `!Sub x` as `{"!Sub": x}`, from its tag to its end.
fn tagged(node: Node, tag: &str, tag_span: Span) -> Node {
    let span = Span::new(tag_span.start, node.span.end.max(tag_span.end));
    let member = Member { key: format!("!{tag}"), unknown: Vec::new(), key_span: tag_span, value: node };
    Node { span, value: Value::Object(vec![member]) }
}

/// A plain scalar by the core schema.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::String(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && digits(exponent)
        && !exponent.is_empty()
}
