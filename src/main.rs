//! Two faces over one engine: on wasm32 this mounts the page, elsewhere it runs the command.

#[cfg(target_arch = "wasm32")]
fn main() {
    claimcheck::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    claimcheck::cli::run()
}
