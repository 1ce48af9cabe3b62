//! The table of tests: each sample token against each role, and whether the answer is the expected one.

use yew::prelude::*;

use crate::playground::{Action, Cell, SampleKind, Table};
use crate::ui::components::{plain, prose};
use crate::ui::store::{Dispatch, Shared};
use crate::ui::words;

#[derive(Properties)]
pub(super) struct TestsProps {
    pub(super) table: Shared<Table>,
    /// The sample that is looked at.
    pub(super) chosen: Option<SampleKind>,
    pub(super) dispatch: Dispatch,
}

/// The tokens themselves are not shown here: where they alone changed, nothing is drawn again.
impl PartialEq for TestsProps {
    fn eq(&self, other: &Self) -> bool {
        let rows = |it: &Self| {
            it.table
                .rows
                .iter()
                .map(|(it, cells)| (it.kind, it.title.clone(), it.token.as_ref().err().copied(), cells.clone()))
                .collect::<Vec<_>>()
        };
        self.chosen == other.chosen
            && (self.table == other.table || (self.table.roles == other.table.roles && rows(self) == rows(other)))
    }
}

#[component]
pub(super) fn Tests(props: &TestsProps) -> Html {
    let dispatch = &props.dispatch;
    let (count, expected) = props.table.count();
    let cells = || props.table.rows.iter().flat_map(|it| &it.1);
    // Nobody said what a person's own policy is for.
    let (template, state, number) = if cells().any(|it| it.expected.is_none()) {
        (words::GET_IN, "good", cells().filter(|it| it.allowed == Some(true)).count())
    } else {
        (words::AS_EXPECTED, if count == expected { "good" } else { "bad" }, expected)
    };
    let roles = &props.table.roles;
    let is_wide = roles.len() > 1;
    let heads = html! {
        <tr>
            <th scope="col"><span class="hidden">{ words::SAMPLE }</span></th>
            { for roles.iter().map(|it| {
                let name = if it.is_empty() { words::THIS_POLICY } else { it };
                html! { <th scope="col"><span class="tests__role" title={words::text(name.to_owned())}>{ plain(name) }</span></th> }
            }) }
        </tr>
    };
    html! {
        <div class="tests">
            <h3 class="tests__head">
                { words::TESTS }{ " " }
                <span class="tests__count" data-state={state}>
                    { words::fill(template, &[&number.to_string(), &count.to_string()]) }
                </span>
            </h3>
            <table class="tests__table" aria-label={words::TESTS_NAME}>
                if is_wide { <thead class="tests__roles">{ heads }</thead> } else { <thead class="hidden">{ heads }</thead> }
                <tbody>
                    { for props.table.rows.iter().map(|(sample, cells)| {
                        let is_chosen = props.chosen == Some(sample.kind);
                        let onclick = dispatch.act(Action::ChooseSample(sample.kind));
                        html! {
                            <tr class="tests__row" data-chosen={is_chosen.then_some("true")} {onclick}>
                                <th scope="row">
                                    <button type="button" class="tests__sample" aria-pressed={if is_chosen { "true" } else { "false" }}>{ plain(&sample.title) }</button>
                                </th>
                                { match &sample.token {
                                    Ok(_) => cells.iter().map(|it| cell(*it, is_wide)).collect(),
                                    Err(why) => html! { <td class="tests__none" colspan={roles.len().to_string()}>{ prose(why) }</td> },
                                } }
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn cell(cell: Cell, is_wide: bool) -> Html {
    let (sign, words, state) = match cell.allowed {
        Some(true) => ("✓", words::CELL_ALLOWED, "allowed"),
        Some(false) => ("✕", words::CELL_DENIED, "denied"),
        None => ("?", words::CELL_OPEN, "open"),
    };
    let is_odd = !cell.is_as_expected();
    html! {
        <td class="tests__cell" data-state={if is_odd { "odd" } else { state }}>
            <span aria-hidden="true">{ sign }</span>
            // With several roles a cell has its sign alone; the words are for those who do not see it.
            if is_wide && !is_odd { <span class="hidden">{ " " }{ words }</span> } else { <span>{ " " }{ words }</span> }
            if is_odd { <span>{ ", " }{ words::UNEXPECTED }</span> }
        </td>
    }
}
