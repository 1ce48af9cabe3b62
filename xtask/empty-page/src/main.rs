//! A Yew page with one heading: the floor that the real page's first paint is measured against.
//!
//! Its own workspace, so that no feature of the product's crates reaches it.

use yew::prelude::*;

#[component]
fn Empty() -> Html {
    html! { <h1>{ "empty" }</h1> }
}

fn main() {
    yew::Renderer::<Empty>::new().render();
}
