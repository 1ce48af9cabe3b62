//! Loads the program, and says so in words where that cannot be done.
//!
//! A classic script, not a module: it also runs from `file:` and in browsers that know no modules, where somebody
//! most needs to read why nothing happens. It is a file of its own because the page's content security policy allows
//! no inline script. The addresses of the program stand in the page's preload links, written there by the build.

(function () {
  "use strict";

  /** Shows `reason` and `remedy` in the place that the page keeps for it. */
  function refuse(reason, remedy, detail) {
    document.getElementById("boot-reason").textContent = reason;
    document.getElementById("boot-remedy").textContent = remedy;
    document.getElementById("boot-detail").textContent = detail || "";
    document.getElementById("boot-message").hidden = false;
    document.documentElement.setAttribute("data-boot", "failed");
  }

  /** Sorts what went wrong by what the reader can do about it. */
  function explain(error) {
    var detail = String(error);
    if (location.protocol === "file:") {
      refuse(
        "The page was opened as a file, and browsers do not load programs from files.",
        "Serve the folder with any static web server and open it from there.",
        detail,
      );
    } else if (typeof WebAssembly === "object" && error instanceof WebAssembly.CompileError) {
      refuse(
        "This browser cannot run the page's WebAssembly program.",
        "Use a browser of mid-2024 or newer. If this one is, the server's content security policy may lack 'wasm-unsafe-eval'.",
        detail,
      );
    } else {
      refuse(
        "The page's program could not be loaded.",
        "Reload the page. If that does not help, a file is missing on the server or the connection is down.",
        detail,
      );
    }
  }

  // A fault in the program ends it: nothing answers any more, and that must not look like a page that thinks.
  function fault(event) {
    var error = event.error || event.reason;
    if (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) {
      refuse(
        "The page's program stopped. That is a fault of Claimcheck's, not of what you typed.",
        "Reload the page: what you composed stands in its address. A pasted token is gone.",
        String(error),
      );
    }
  }
  addEventListener("error", fault);
  addEventListener("unhandledrejection", fault);

  /** All that `stream` makes of `bytes`; more than `most` bytes are refused before they fill the memory. */
  async function through(stream, bytes, most) {
    var writer = stream.writable.getWriter();
    // What goes wrong is told by the reading side.
    writer.write(bytes).catch(function () {});
    writer.close().catch(function () {});
    var reader = stream.readable.getReader();
    var pieces = [];
    var length = 0;
    for (;;) {
      var next = await reader.read();
      if (next.done) break;
      length += next.value.length;
      if (length > most) throw new RangeError("too much");
      pieces.push(next.value);
    }
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
  }

  /** Raw deflate, for links: the browser has it, so the program does not carry it. */
  globalThis.claimcheck = {
    pack: function (bytes) {
      return through(new CompressionStream("deflate-raw"), bytes, Infinity);
    },
    unpack: function (bytes, most) {
      return through(new DecompressionStream("deflate-raw"), bytes, most);
    },
  };

  // What is partly out of sight browsers leave there when it takes the focus; a tab comes wholly into its bar.
  document.addEventListener("focusin", function (event) {
    if (event.target.matches("[role=tab]")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // Inside another page there is room for all of this one: that page is told how high it is, and nothing else.
  if (/&view=embed(&|$)/.test(location.hash)) {
    document.documentElement.setAttribute("data-view", "embed");
    var told;
    var tell = function () {
      var height = Math.ceil(document.body.getBoundingClientRect().height);
      if (parent === self || height === told || height === 0) return;
      told = height;
      parent.postMessage({ type: "claimcheck:height", version: 1, height: height }, "*");
    };
    new ResizeObserver(tell).observe(document.body);
    // Browsers do not draw a frame that is scrolled out of sight, and what is not drawn is not observed to grow. What is
    // measured in between may not be what is drawn, so it is measured then too.
    new MutationObserver(function () {
      tell();
      requestAnimationFrame(tell);
    }).observe(document.body, { childList: true, subtree: true });
  }

  if (typeof WebAssembly !== "object") {
    refuse(
      "This browser has no WebAssembly, or it is switched off.",
      "Switch it on (some hardened browsers keep it off for unknown sites), or use another browser. The native command, claimcheck, does the same work without a browser.",
    );
    return;
  }

  var glue = document.getElementById("glue").href;
  var program = document.getElementById("program").href;
  import(glue)
    .then(function (module) {
      return module.default({ module_or_path: program });
    })
    .catch(explain);
})();
