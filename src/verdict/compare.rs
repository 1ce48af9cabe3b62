//! The failing value laid against what came: component by component where both are well-formed subjects, else character by
//! character.

use super::why::{fits, nearest_wanted};
use super::{ConditionTrace, KeyState};
use crate::gitlab::{Component, segments};
use crate::pattern::{Pattern, Piece, align};

/// A comparison, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The value of the condition that was laid out, as written: the nearest, where there are several.
    pub wanted: String,
    /// How many values the condition has.
    pub of: usize,
    /// The rows: one a component, or a single one without a name.
    pub rows: Vec<Row>,
}

/// One row of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The component, or none for a value as a whole.
    pub component: Option<Component>,
    /// The wanted side.
    pub wanted: Vec<Piece>,
    /// The side that came; empty where the token has no such component.
    pub came: Vec<Piece>,
    /// Whether they agree.
    pub agrees: bool,
}

/// Lays a condition out; none where nothing came that could be compared, and where nothing is to be alike.
pub fn lay_out(it: &ConditionTrace) -> Option<Layout> {
    let KeyState::Known(came) = &it.actual else { return None };
    let [came] = came.as_slice() else { return None };
    if !it.asks.compares_text() || it.asks.negated || it.wanted.is_empty() {
        return None;
    }
    let wanted = it
        .wanted
        .iter()
        .map(|it| it.0.as_str())
        .find(|value| fits(value, came, it.asks.reads_wildcards()))
        .unwrap_or_else(|| nearest_wanted(it, came));
    let rows = match (segments(wanted), segments(came)) {
        (Some(wants), Some(comes)) => {
            let mut rows: Vec<Row> = wants
                .iter()
                .map(|want| {
                    let come = comes.iter().find(|it| it.component == want.component).map(|it| it.value);
                    row(Some(want.component), want.value, come, it.asks.reads_wildcards())
                })
                .collect();
            let extra = comes.iter().filter(|come| !wants.iter().any(|it| it.component == come.component));
            rows.extend(extra.map(|it| Row {
                component: Some(it.component),
                wanted: Vec::new(),
                came: vec![Piece { text: it.value.to_owned(), agrees: false }],
                agrees: false,
            }));
            rows
        }
        _ => vec![row(None, wanted, Some(came), it.asks.reads_wildcards())],
    };
    Some(Layout { wanted: wanted.to_owned(), of: it.wanted.len(), rows })
}

fn row(component: Option<Component>, wanted: &str, came: Option<&str>, like: bool) -> Row {
    let Some(came) = came else {
        return Row {
            component,
            wanted: vec![Piece { text: wanted.to_owned(), agrees: false }],
            came: Vec::new(),
            agrees: false,
        };
    };
    let read = if like { Pattern::like(wanted, true) } else { Pattern::exact(wanted, true) };
    match read {
        Ok(pattern) => {
            let (wanted, pieces) = align(&pattern, came);
            Row { component, wanted, came: pieces, agrees: pattern.matches(came) }
        }
        Err(_) => Row {
            component,
            wanted: vec![Piece { text: wanted.to_owned(), agrees: false }],
            came: vec![Piece { text: came.to_owned(), agrees: false }],
            agrees: false,
        },
    }
}
