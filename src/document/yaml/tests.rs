//! YAML is read as `serde_yaml_ng` reads it, with places, and hostile texts end.

use super::*;
use crate::document::json::Value;

fn one(text: &str) -> Node {
    parse(text).unwrap().into_iter().next().unwrap()
}

/// A tree in one line, numbers by their value; theirs and ours are the same line.
fn ours(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => format!("{:?}", it.parse::<f64>().unwrap()),
        Value::String(it) => format!("{it:?}"),
        Value::Template(_) => unreachable!("YAML has no templates"),
        Value::Array(items) => format!("[{}]", items.iter().map(ours).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|it| format!("{}: {}", it.key, ours(&it.value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

fn theirs(value: &serde_yaml_ng::Value) -> String {
    use serde_yaml_ng::Value as V;
    match value {
        V::Null => "null".to_owned(),
        V::Bool(it) => it.to_string(),
        V::Number(it) => format!("{:?}", it.as_f64().unwrap()),
        V::String(it) => format!("{it:?}"),
        V::Sequence(items) => format!("[{}]", items.iter().map(theirs).collect::<Vec<_>>().join(", ")),
        V::Mapping(members) => {
            let key = |it: &V| it.as_str().unwrap_or("?").to_owned();
            let members = members.iter().map(|it| format!("{}: {}", key(it.0), theirs(it.1)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        V::Tagged(it) => format!("{{{}: {}}}", it.tag, theirs(&it.value)),
    }
}

#[test]
fn what_people_write_is_read_as_another_reader_reads_it() {
    for text in [
        "a: 1\nb: [x, 'y''z', \"q\\n\", 1.5, true, ~, 2012-10-17]\n",
        "a: &x\n  k: v\nb: *x\nc:\n- *x\n-   - 1\n    - 2\n",
        "a: |\n  one\n   two\n\nb: >-\n  one\n  two\n\n  three\nc: |+\n  x\n\n",
        "a: one\n  two\nb: \"one\n  two\"\n",
        "# c\n? a\n: b # d\n\"c\": {d: e, \"f\":g}\n",
        "- !Sub \"${A}:sub\"\n- !GetAtt\n  - A\n  - Arn\n- {a: !Ref B}\n",
        "a:\nb: ''\nc: !!str 1\n",
    ] {
        assert_eq!(ours(&one(text)), theirs(&serde_yaml_ng::from_str(text).unwrap()), "{text}");
    }
}

#[test]
fn what_both_readers_take_they_read_alike() {
    let pieces =
        ["a", ": ", "- ", "\n", "  ", "'b'", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "|\n    ", " # c", "1"];
    let (mut both, mut differ) = (0, Vec::new());
    let mut indices = [0usize; 4];
    'all: loop {
        let text: String = ["k:\n- "].into_iter().chain(indices.iter().map(|&it| pieces[it])).chain(["\n"]).collect();
        if let (Ok(mine), Ok(yours)) = (parse(&text), serde_yaml_ng::from_str::<serde_yaml_ng::Value>(&text))
            && let [mine] = mine.as_slice()
        {
            let (mine, yours) = (ours(mine), theirs(&yours));
            // A key that is no string is kept as it is written, which they do not do.
            if mine != yours && !yours.contains('?') {
                differ.push((text, mine, yours));
            }
            both += 1;
        }
        for it in indices.iter_mut() {
            *it += 1;
            if *it < pieces.len() {
                continue 'all;
            }
            *it = 0;
        }
        break;
    }
    differ.truncate(5);
    assert_eq!(differ, []);
    assert!(both > 10_000, "{both}");
}

#[test]
fn places_are_bytes_of_the_value_without_its_tag_and_anchor() {
    let text = "é: &a [x, 'yé']\nb: *a\nc: !Sub \"q\"\nd:\n  - e: f\n    g: h\n\ni: !Sub &z |\n  lo\nj: !R [k, l]\n";
    let root = one(text);
    let of = |key: &str| root.member(key).unwrap();
    assert_eq!(of("é").span.of(text), "[x, 'yé']");
    assert_eq!(of("b").span, of("é").span);
    assert_eq!(of("c").span.of(text), "!Sub \"q\"");
    assert_eq!(of("c").member("!Sub").unwrap().span.of(text), "\"q\"");
    assert_eq!(of("c").as_object().unwrap()[0].key_span.of(text), "!Sub");
    assert_eq!(of("d").span.of(text), "- e: f\n    g: h");
    assert_eq!(of("i").member("!Sub").unwrap().as_str(), Some("lo\n"));
    assert_eq!(of("i").member("!Sub").unwrap().span.of(text), "lo\n");
    assert_eq!(of("j").span.of(text), "!R [k, l]");
    let Value::Array(items) = &of("é").value else { panic!("a list") };
    assert_eq!(verbatim(text, items[1].span, "yé").unwrap().of(text), "yé");
    assert_eq!(verbatim(text, of("d").span, "x"), None);
}

#[test]
fn double_keys_and_several_documents_are_kept() {
    assert_eq!(one("a: 1\na: 2").as_object().unwrap().len(), 2);
    assert_eq!(parse("a\n---\nb\n").unwrap().len(), 2);
    assert_eq!(one("!Sub \"${H}:sub\": x").as_object().unwrap()[0].unknown, ["!Sub ${H}:sub"]);
}

#[test]
fn what_is_broken_is_said_with_the_place() {
    for (text, at, words) in [
        ("é: b: c", 5, "mapping values are not allowed"),
        ("a: *b", 3, "unknown anchor"),
        ("a: &b [*b]", 7, "stands inside of what it refers to"),
        ("? [a]\n: b", 2, "a key that is a list or a map"),
        ("a: \"b", 3, "this is no YAML"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.message.contains(words), "{text}: {error:?}");
        assert_eq!(error.span.unwrap().start, at, "{text}: {error:?}");
    }
}

#[test]
fn hostile_texts_end_in_a_message() {
    let laughs: String = (1..40).map(|it| format!("a{it}: &a{it} [*a{0}, *a{0}]\n", it - 1)).collect();
    let error = parse(&format!("a0: &a0 lol\n{laughs}")).unwrap_err();
    assert!(error.message.contains("copy more") || error.message.contains("hold more"), "{error:?}");
    let long = format!("a: &a {}\nb: [{}]", "x".repeat(500_000), "*a,".repeat(100_000));
    assert!(parse(&long).unwrap_err().message.contains("copy more"));
    for open in ["[", "- ", "? ", "{a: ", "&a [", "!t [", "\"a", "a: &a [\n"] {
        assert!(parse(&open.repeat(400_000 / open.len())).is_err(), "{open}");
    }
    let nested: String = (0..500).map(|it| " ".repeat(it) + "a:\n").collect();
    assert!(parse(&nested).unwrap_err().message.contains("nested too deeply"));
    assert!(parse(&"a\n".repeat(2_000_000)).unwrap_err().message.contains("at most"));
}
