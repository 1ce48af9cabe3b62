//! What is measured in a real browser: the first usable page, and the work of one key press.
//!
//! `tests/browser/bench.mjs` drives Chromium and answers with JSON; here the page is built and served, and the answer
//! becomes figures. Where it is said, the processor is slowed down four times, as a cheap phone is.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Figure;
use crate::project::Project;
use crate::run::watched;
use crate::say;
use crate::serve::Site;

/// The real page may take this many times as long as an empty one.
const USABLE_BUDGET: f64 = 1.6;
const USABLE_RUNS: usize = 7;
/// Set by the program on `<html>` once it has drawn itself.
const READY: &str = "html[data-ready]";

const KEY_PRESSES: usize = 300;
/// Of main-thread work, for all but the worst of a hundred.
const KEY_PRESS_BUDGET: f64 = 16.0;

/// Builds the page that the real one is compared with.
pub(super) fn build_empty_page(project: &Project) -> Result<()> {
    let mut trunk = project.command("trunk")?;
    trunk.current_dir(project.root.join("xtask/empty-page"));
    trunk.args(["build", "--release", "--dist"]).arg(project.target.join("empty-page-dist"));
    trunk.env("CARGO_TARGET_DIR", project.target.join("empty-page"));
    watched(project, "release build of an empty page", "40 s the first time, 3 s later", &mut trunk)
}

/// From the request to the frame that shows the usable page, over a slow line.
pub(super) fn first_usable_page(project: &Project, chromium: &Path) -> Result<Figure> {
    say::heading("First usable page");
    say::note(
        "slow 4G (1.6 Mbit/s down, 150 ms a request, by the browser's own emulation), CPU slowed 4 times, brotli,",
    );
    say::note("cold cache; from the start of the navigation to the end of the first frame after the page is usable");
    let page = Site::prepared(&project.dist())?.serve(0)?;
    let empty = Site::prepared(&project.target.join("empty-page-dist"))?.serve(0)?;
    let question = json!({
        "runs": USABLE_RUNS,
        "page": { "url": page.address(), "ready": READY },
        "empty": { "url": empty.address(), "ready": "h1" },
    });
    let answer = ask(project, chromium, "first-usable-page", &question)?;
    let measured = "First usable page, slow 4G, CPU slowed 4 times".to_owned();
    let budget = |kept| Some((format!("{USABLE_BUDGET} times an empty Yew page"), kept));
    if let Some(reason) = answer.get("missing").and_then(Value::as_str) {
        say::note(&format!("not measured: {reason}"));
        return Ok(Figure { measured, figure: Err(reason.to_owned()), budget: budget(false) });
    }
    let (page, empty) = (Sample::read(&answer, "page")?, Sample::read(&answer, "empty")?);
    let paint = Sample::read(&answer, "page_first_paint")?;
    for (name, sample) in [
        ("this page", &page),
        ("its frame, painted before the program is there", &paint),
        ("an empty Yew page", &empty),
    ] {
        say::note(&format!(
            "{name}: median {:.2} s of {} ({})",
            sample.median() / 1000.0,
            sample.0.len(),
            sample.listed()
        ));
    }
    let ratio = page.median() / empty.median();
    Ok(Figure {
        measured,
        figure: Ok(format!(
            "{:.2} s, {ratio:.2} times an empty Yew page ({:.2} s); its frame is painted after {:.2} s",
            page.median() / 1000.0,
            empty.median() / 1000.0,
            paint.median() / 1000.0
        )),
        budget: budget(ratio <= USABLE_BUDGET),
    })
}

/// Where keys are pressed, and how fast the processor is meanwhile.
struct Keys {
    heading: &'static str,
    /// What is on the page, for who reads the figures.
    scene: &'static str,
    /// For the README: "work of one key press in ...".
    place: &'static str,
    field: &'static str,
    slowdown: u32,
    /// A file of `tests/bench` that is put into the field first, and the words behind which the keys are pressed.
    text: Option<(&'static str, &'static str)>,
}

/// The project of a scope, which everything that is composed follows.
const COMPOSING: Keys = Keys {
    heading: "One key press in the project field",
    scene: "three roles, twelve scopes",
    place: "the project field, CPU slowed 4 times",
    field: "[data-bench=\"project\"]",
    slowdown: 4,
    text: None,
};

/// The pattern that admits the token that is looked at: a key press there turns the verdict, and edits are looked for.
const OWN_POLICY: Keys = Keys {
    heading: "One key press in a policy of one's own",
    scene: "6,000 characters and more, in the pattern that decides about the token that is looked at",
    place: "an own policy of over 6,000 characters",
    field: "#policy",
    slowdown: 1,
    text: Some(("own-policy.json", "mygroup/myrepo:ref_type:branch:ref:main")),
};

/// Main-thread work from the event to the end of the paint it causes: while composing, and in a policy of one's own.
pub(super) fn key_presses(project: &Project, chromium: &Path) -> Result<[Figure; 2]> {
    Ok([key_press(project, chromium, &COMPOSING)?, key_press(project, chromium, &OWN_POLICY)?])
}

fn key_press(project: &Project, chromium: &Path, keys: &Keys) -> Result<Figure> {
    say::heading(keys.heading);
    say::note(&format!("{}; from Chromium's trace: processor time of the main thread", keys.scene));
    say::note("from the dispatch of `keydown` to the end of the task that commits the frame caused by `input`;");
    say::note(&match keys.slowdown {
        1 => "CPU not slowed".to_owned(),
        times => format!("CPU slowed {times} times by the browser"),
    });
    let measured = format!("Main-thread work of one key press in {}, {KEY_PRESSES} presses", keys.place);
    let budget = |kept| Some((format!("{KEY_PRESS_BUDGET} ms p99"), kept));
    let unmeasured = |reason: String| {
        say::note(&format!("not measured: {reason}"));
        Ok(Figure { measured: measured.clone(), figure: Err(reason), budget: budget(false) })
    };
    let Some(fragment) = share_link(project) else {
        return unmeasured("`claimcheck share tests/bench/three-roles.json` prints no link yet".to_owned());
    };
    let page = Site::OnDisk(project.dist()).serve(0)?;
    let (url, text, after) = match keys.text {
        // The example, whose first job the policy admits.
        Some((file, after)) => {
            let path = project.root.join("tests/bench").join(file);
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            (page.address(), Some(text), Some(after))
        }
        None => (page.address() + &fragment, None, None),
    };
    let question = json!({
        "ready": READY, "url": url, "field": keys.field, "presses": KEY_PRESSES,
        "slowdown": keys.slowdown, "text": text, "after": after,
    });
    let answer = ask(project, chromium, "key-press", &question)?;
    if let Some(reason) = answer.get("missing").and_then(Value::as_str) {
        return unmeasured(reason.to_owned());
    }
    let (work, bare) = (Sample::read(&answer, "work")?, Sample::read(&answer, "bare")?);
    for (key, name) in [
        ("work", "work of one key press"),
        ("bare", "  of which a bare text field alone needs"),
        ("elapsed", "on the clock, waiting for the frame included"),
        ("until_next", "work until the next key press, at least 100 ms later"),
        ("unslowed", "work without the slowdown"),
        ("bare_unslowed", "  of which a bare text field alone needs"),
    ] {
        if answer.get(key).is_none() {
            continue;
        }
        let sample = Sample::read(&answer, key)?;
        let [p50, p90, p99, worst] = [0.5, 0.9, 0.99, 1.0].map(|share| sample.quantile(share));
        say::note(&format!("{name:<54} median {p50:>5.1} ms, p90 {p90:>5.1}, p99 {p99:>5.1}, worst {worst:>5.1}"));
    }
    let p99 = work.quantile(0.99);
    Ok(Figure {
        figure: Ok(format!(
            "median {:.1} ms, p99 {p99:.1} ms; a bare text field alone: median {:.1} ms, p99 {:.1} ms",
            work.median(),
            bare.median(),
            bare.quantile(0.99)
        )),
        budget: budget(p99 <= KEY_PRESS_BUDGET),
        measured,
    })
}

/// The fragment of the link that the command makes of the measured setup.
fn share_link(project: &Project) -> Option<String> {
    let setup = project.root.join("tests/bench/three-roles.json");
    let output = std::process::Command::new(project.native_command()).arg("share").arg(setup).output().ok()?;
    let link = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let fragment = link.split_once('#')?.1;
    (output.status.success() && fragment.starts_with("1.")).then(|| format!("#{fragment}"))
}

/// Runs one measurement of `bench.mjs`; its progress goes to this terminal by standard error.
fn ask(project: &Project, chromium: &Path, name: &str, question: &Value) -> Result<Value> {
    let mut node = project.command("node")?;
    node.args(["tests/browser/bench.mjs", name, &question.to_string()]).env("CHROMIUM", chromium);
    let output = node.stderr(Stdio::inherit()).output().context("cannot run node")?;
    if !output.status.success() {
        bail!("tests/browser/bench.mjs {name} failed ({})", output.status);
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("tests/browser/bench.mjs {name} printed no JSON"))
}

/// Measured milliseconds, in ascending order, never empty.
struct Sample(Vec<f64>);

impl Sample {
    fn read(answer: &Value, name: &str) -> Result<Self> {
        let list = answer.get(name).and_then(Value::as_array).with_context(|| format!("the answer has no `{name}`"))?;
        let mut values: Vec<f64> = list.iter().filter_map(Value::as_f64).collect();
        if values.is_empty() || values.len() != list.len() {
            bail!("`{name}` is no list of numbers");
        }
        values.sort_by(f64::total_cmp);
        Ok(Self(values))
    }

    /// The smallest value that at least this share of the sample does not exceed.
    fn quantile(&self, share: f64) -> f64 {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.clamp(1, self.0.len()) - 1).copied().unwrap_or(f64::NAN)
    }

    fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    fn listed(&self) -> String {
        self.0.iter().map(|value| format!("{:.2}", value / 1000.0)).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn quantiles_are_values_of_the_sample() {
        let sample = Sample((1..=300).map(f64::from).collect());
        assert_eq!(sample.median(), 150.0);
        assert_eq!(sample.quantile(0.99), 297.0);
        assert_eq!(sample.quantile(1.0), 300.0);
        assert_eq!(Sample(vec![1.0, 2.0, 9.0]).median(), 2.0);
    }
}
