//! The page: draws a sitting and passes on what a person does. It decides nothing.
//!
//! `store` holds the sitting, `app` draws it, `panes` are the three columns, `components` what they share, `outside` and `browser`
//! the doors to the browser. Every sentence stands in `words`. Panes are functions, drawn with the root; a component stands where
//! something is worth comparing before it is drawn again: a scope, a line of a file, the table of tests.

mod app;
mod browser;
mod components;
mod outside;
mod panes;
mod store;
mod words;

/// Mounts the page in the element that the shell keeps for it, once the browser has unpacked the link in the address.
pub fn start() {
    wasm_bindgen_futures::spawn_local(async {
        let store = outside::opened().await;
        if let Some(root) = gloo::utils::document().get_element_by_id("app") {
            yew::Renderer::<app::App>::with_root_and_props(root, app::AppProps { store }).render();
        }
    });
}
