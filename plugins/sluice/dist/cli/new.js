const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_installation = require("./installation.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let dist_hub_channels_catalogue_js = require("../../dist/hub/channels/catalogue.js");
let node_crypto = require("node:crypto");

// src/cli/scaffold/write.ts
const TEMPLATE_KINDS = [
	"webhook",
	"chat",
	"service",
	"observe"
];
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const SAMPLE = "my-channel";
const RENAMED = {
	gitignore: ".gitignore",
	npmrc: ".npmrc"
};
const TARBALL = "sluice.tgz";
const PACKAGES = [
	"sluice",
	"typescript",
	"zod"
];
function checkName(name) {
	if (!NAME.test(name)) {
		const near = toNear(name);
		throw require_main.toUsageFault(`${JSON.stringify(name)} is no name of a channel: use a-z, 0-9 and -, a letter first, at most 32 characters${near === void 0 ? "" : `; did you mean "${near}"?`}`);
	}
	if (dist_hub_channels_catalogue_js.CHANNEL_KINDS.includes(name)) throw require_main.toUsageFault(`"${name}" is a kind of Sluice's own; use another name, as "my-${name}"`);
	if (PACKAGES.includes(name)) throw require_main.toUsageFault(`"${name}" is a package that the new one needs; use another name, as "my-${name}"`);
}
function toNear(name) {
	const near = (0, node_path.basename)(name).normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^[^a-z]+|-+$/g, "").slice(0, 32);
	return NAME.test(near) ? near : void 0;
}
function toFolder(name) {
	try {
		return (0, node_path.resolve)(name);
	} catch (cause) {
		throw new require_main.SluiceError("bad_input", "this folder is not there any more; go to another", { cause });
	}
}
function lacksPackage() {
	return require_installation.isPlugin(require_installation.locateInstallation());
}
function writeScaffold(folder, kind) {
	const name = (0, node_path.basename)(folder);
	if ((0, node_fs.lstatSync)(folder, { throwIfNoEntry: false }) !== void 0) throw taken(name);
	const files = readTemplate(kind, name);
	const half = (0, node_path.join)((0, node_path.dirname)(folder), `.${name}-${(0, node_crypto.randomBytes)(6).toString("hex")}`);
	try {
		require_main.withUsualUmask(() => {
			(0, node_fs.mkdirSync)(half);
			for (const [path, text] of files) (0, node_fs.writeFileSync)((0, node_path.join)(half, path), text, { flag: "wx" });
		});
		(0, node_fs.renameSync)(half, folder);
	} catch (thrown) {
		(0, node_fs.rmSync)(half, {
			recursive: true,
			force: true
		});
		if ([
			"ENOTEMPTY",
			"EEXIST",
			"ENOTDIR"
		].includes(String(require_main.readErrorCode(thrown)))) throw taken(name);
		throw new require_main.SluiceError("bad_input", `${name} cannot be written in ${(0, node_path.dirname)(folder)} (${String(require_main.readErrorCode(thrown) ?? require_main.toMessage(thrown))}); go to a folder of yours`, { cause: thrown });
	}
	return [...files.keys()].toSorted();
}
function taken(name) {
	return new require_main.SluiceError("conflict", `${name} is there already; nothing was changed. Use another name, or move it away`);
}
function readTemplate(kind, name) {
	const installation = require_installation.locateInstallation();
	const templates = (0, node_path.join)(installation.root, "templates");
	const files = /* @__PURE__ */ new Map();
	for (const folder of [(0, node_path.join)(templates, "shared"), (0, node_path.join)(templates, kind)]) for (const file of (0, node_fs.readdirSync)(folder)) {
		const text = (0, node_fs.readFileSync)((0, node_path.join)(folder, file), "utf8");
		files.set(RENAMED[file] ?? file, fillName(text, name));
	}
	const manifest = JSON.parse(files.get("package.json") ?? "{}");
	manifest.devDependencies["sluice"] = `file:${require_installation.isPlugin(installation) ? TARBALL : installation.root}`;
	files.set("package.json", `${JSON.stringify(manifest, void 0, 2)}\n`);
	return files;
}
function fillName(text, name) {
	const words = name.replaceAll("-", "_");
	return text.replaceAll(SAMPLE, name).replaceAll(SAMPLE.replaceAll("-", "_"), words).replaceAll(SAMPLE.replaceAll("-", "_").toUpperCase(), words.toUpperCase());
}

// src/cli/scaffold/new.ts
const ABOUT = {
	webhook: "another system posts what happens",
	chat: "people write, and the session answers",
	service: "a connection of its own, and a tool for the session",
	observe: "a list is asked again and again for what is new"
};
const USUAL = "webhook";
const command = require_shared.defineCommand({
	description: "Makes a folder with a channel of your own in TypeScript: the channel, a fake of its platform where it has one, a test that passes, a README with the next steps. Nothing is installed, and nothing that is there is written over. Without --kind, at a terminal, it asks.",
	args: {
		name: require_shared.positional("What the channel and its folder are called: a-z, 0-9 and -"),
		kind: {
			type: "enum",
			options: [...TEMPLATE_KINDS],
			description: `What it begins with: ${TEMPLATE_KINDS.map((kind) => `${kind} (${ABOUT[kind]})`).join(", ")}`
		},
		yes: require_shared.flag(`Ask nothing: without --kind it is ${USUAL}`)
	},
	examples: ["sluice new deploys", "sluice new deploys --kind observe"],
	async run({ args: { name, kind, yes } }) {
		checkName(name);
		const folder = toFolder(name);
		const chosen = kind ?? (yes === true ? USUAL : await askKind());
		const files = writeScaffold(folder, chosen);
		require_main.printLines([
			`made ${require_main.paint("bold", name)} (${chosen}): ${files.join(", ")}`,
			"",
			"Next:",
			`  cd ${name} && npm install && npm test`,
			`  sluice add ./${name}      in the hub, from the folder above`,
			`  ${name}/README.md says the rest`
		]);
		if (lacksPackage()) require_main.printNote(`before npm install: this Sluice is Claude Code's plugin, which is no package; put what "npm pack" makes in its repository into ${name} as ${TARBALL}`);
	}
});
async function askKind() {
	const list = TEMPLATE_KINDS.join(", ");
	if (process.stdin.isTTY !== true) throw require_main.toUsageFault(`--kind is missing: give one of ${list}, or --yes for ${USUAL}`);
	for (const kind of TEMPLATE_KINDS) require_main.printNote(`  ${kind.padEnd(8)} ${ABOUT[kind]}`);
	const questions = require_shared.openQuestions({ hidden: false });
	try {
		for (;;) {
			const typed = (await questions.ask(`Kind (Enter for ${USUAL}): `)).trim().toLowerCase();
			const found = typed === "" ? USUAL : TEMPLATE_KINDS.find((kind) => kind === typed);
			if (found !== void 0) return found;
			require_main.printNote(`no kind "${typed}"; the kinds are ${list}`);
		}
	} catch (cause) {
		throw new require_main.SluiceError("bad_input", "nothing was answered; nothing was made", { cause });
	} finally {
		questions.close();
	}
}

exports.new = command;