let node_fs = require("node:fs");
let node_path = require("node:path");

// src/local/find-program.ts
const PLACES = [
	"/usr/local/bin",
	"/opt/homebrew/bin",
	"/snap/bin",
	"/usr/bin"
];
function findProgram(name, env, more = []) {
	return [...[...(env["PATH"] ?? "").split(node_path.delimiter).filter(node_path.isAbsolute), ...PLACES].map((folder) => (0, node_path.join)(folder, name)), ...more].find(isProgram);
}
function isProgram(path) {
	try {
		(0, node_fs.accessSync)(path, node_fs.constants.X_OK);
		return (0, node_fs.statSync)(path).isFile();
	} catch {
		return false;
	}
}

Object.defineProperty(exports, "findProgram", {
  enumerable: true,
  get: function () {
    return findProgram;
  }
});