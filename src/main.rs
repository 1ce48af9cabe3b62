//! Two faces over one engine: on wasm32 this mounts the page, elsewhere it runs the command.

#[cfg(target_arch = "wasm32")]
fn main() {
    yew::Renderer::<App>::new().render();
}

#[cfg(target_arch = "wasm32")]
#[yew::component]
fn App() -> yew::Html {
    yew::html! { <h1>{ "Claimcheck" }</h1> }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    claimcheck::cli::run()
}
