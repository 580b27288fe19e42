let node_fs = require("node:fs");
let node_path = require("node:path");
let node_crypto = require("node:crypto");

// src/local/build.ts
const PROGRAM = (0, node_path.join)(__dirname, "..");
const CODE = /(?<!\.d|\.test|\.fixture)\.(?:c?js|ts|sql)$/;
let build;
function readBuild() {
	build ??= toBuild(PROGRAM);
	return build;
}
function toBuild(program) {
	const hash = (0, node_crypto.createHash)("sha256");
	const files = (0, node_fs.readdirSync)(program, {
		recursive: true,
		encoding: "utf8"
	});
	for (const file of files.filter((name) => CODE.test(name)).toSorted()) hash.update(`${file}\0`).update((0, node_fs.readFileSync)((0, node_path.join)(program, file)));
	return hash.digest("hex").slice(0, 12);
}

Object.defineProperty(exports, "readBuild", {
  enumerable: true,
  get: function () {
    return readBuild;
  }
});