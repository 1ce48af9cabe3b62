//! The page: draws a sitting and passes on what a person does. It decides nothing.
//!
//! `store` holds the sitting, `app` derives what is shown from it, `panes` draw the three columns, `components` what they share,
//! `hooks` and `browser` are the doors to the browser. Every sentence stands in `words`.

mod app;
mod browser;
mod components;
mod hooks;
mod panes;
mod store;
mod words;

/// Mounts the page in the element that the shell keeps for it.
pub fn start() {
    if let Some(root) = gloo::utils::document().get_element_by_id("app") {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
