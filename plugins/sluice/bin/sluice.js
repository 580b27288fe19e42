#!/usr/bin/env node
// The entry file: says what is missing on an old Node, else hands over to dist/cli/main.js.
// Old syntax on purpose, no "node:" prefixes, old modules only: a Node that is too old must still get to the sentence below. CommonJS
// (package.json beside it), as the bundle is that it loads.
var fs = require("fs");
var path = require("path");

/** EX_CONFIG of sysexits.h. */
var BAD_SETUP = 78;
var main = path.join(__dirname, "../dist/cli/main.js");
// In a checkout the dev dependency "node" has brought a good one.
var ownNode = path.join(__dirname, "../node_modules/node/bin/node");

if (!isGoodNode(process.versions.node) && fs.existsSync(ownNode)) {
  // Loaded here alone: no good Node needs them.
  handOver(require("child_process"), require("os"));
} else if (!isGoodNode(process.versions.node)) {
  fail(
    "needs Node.js 22.13 or newer; this is " +
      process.version +
      " (" +
      process.execPath +
      "). " +
      "Install a newer one from https://nodejs.org, or put one that you have first on PATH",
  );
} else if (!fs.existsSync(main)) {
  fail("is not built: " + main + ' is missing; run "npm install" or "npm run build" in its folder');
} else {
  require(main);
}

// node:sqlite without a flag came with 22.13 and 23.4.
function isGoodNode(version) {
  var parts = version.split(".").map(Number);
  if (parts[0] === 22) return parts[1] >= 13;
  if (parts[0] === 23) return parts[1] >= 4;
  return parts[0] > 23;
}

// This process stays, since whoever started it waits for it and signals it; the other one does the work and is told.
function handOver(childProcess, os) {
  var child = childProcess.spawn(ownNode, process.argv.slice(1), { stdio: "inherit" });
  child.on("error", function (error) {
    fail("cannot run " + ownNode + " (" + error.message + ")");
  });
  child.on("exit", function (code, signal) {
    process.exitCode = code === null ? 128 + os.constants.signals[signal] : code;
  });
  ["SIGTERM", "SIGINT", "SIGHUP"].forEach(function (signal) {
    process.on(signal, function () {
      // A terminal tells both, and to a hub a second signal means "at once".
      if (signal === "SIGTERM" || !process.stdin.isTTY) child.kill(signal);
    });
  });
}

function fail(what) {
  console.error("sluice: " + what);
  process.exitCode = BAD_SETUP;
}
