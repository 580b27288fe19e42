const require_main = require("./main.js");
let node_fs = require("node:fs");
let node_path = require("node:path");

// src/cli/claude/installation.ts
function locateInstallation(from = __dirname, execPath = process.execPath) {
	const root = findRoot(from);
	const isOwn = (0, node_fs.existsSync)((0, node_path.join)(root, ".claude-plugin", "plugin.json"));
	return {
		root,
		node: toLastingNode(execPath),
		cli: (0, node_path.join)(root, "bin", "sluice.js"),
		plugin: isOwn ? root : (0, node_path.join)(root, "plugin"),
		client: (0, node_path.join)(root, "dist", "client")
	};
}
function listPathTraps({ root, node }, client = "claude") {
	const traps = [];
	if (node.startsWith(`${root}${node_path.sep}`)) traps.push(`the Node at ${node} lies inside this copy of Sluice: after moving or deleting ${root}, run "sluice connect ${client}" again from where it then is`);
	if (/[\\/]fnm_multishells[\\/]/.test(node)) traps.push(`the Node at ${node} is a link that fnm makes for one shell; run "sluice connect ${client}" with a Node of its own path`);
	return traps;
}
function isPlugin({ root, plugin }) {
	return plugin === root;
}
function isInNpxCache({ root }) {
	return root.split(node_path.sep).includes("_npx");
}
function toLastingNode(execPath, exists = node_fs.existsSync) {
	const [, prefix, formula] = /^(.*)\/Cellar\/(node(?:@\d+)?)\/[^/]+\/bin\/node$/.exec(execPath) ?? [];
	if (prefix === void 0 || formula === void 0) return execPath;
	const lasting = (0, node_path.join)(prefix, "opt", formula, "bin", "node");
	return exists(lasting) ? lasting : execPath;
}
function findRoot(from) {
	for (let folder = (0, node_fs.realpathSync)(from);; folder = (0, node_path.dirname)(folder)) {
		const file = (0, node_path.join)(folder, "package.json");
		if ((0, node_fs.existsSync)(file) && isOurs(file)) return folder;
		if ((0, node_path.dirname)(folder) === folder) throw new require_main.SluiceError("internal", `no package of Sluice around ${from}; install it again`);
	}
}
function isOurs(file) {
	const value = JSON.parse((0, node_fs.readFileSync)(file, "utf8"));
	return typeof value === "object" && value !== null && "name" in value && value.name === "sluice";
}

Object.defineProperty(exports, "isInNpxCache", {
  enumerable: true,
  get: function () {
    return isInNpxCache;
  }
});
Object.defineProperty(exports, "isPlugin", {
  enumerable: true,
  get: function () {
    return isPlugin;
  }
});
Object.defineProperty(exports, "listPathTraps", {
  enumerable: true,
  get: function () {
    return listPathTraps;
  }
});
Object.defineProperty(exports, "locateInstallation", {
  enumerable: true,
  get: function () {
    return locateInstallation;
  }
});