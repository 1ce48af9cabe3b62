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
