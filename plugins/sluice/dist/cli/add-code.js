const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_read_input = require("./read-input.js");
const require_json = require("./json.js");
const require_npm_run = require("./npm-run.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_crypto = require("node:crypto");
let node_child_process = require("node:child_process");
let node_os = require("node:os");
let dist_author_package_entry_js = require("../../dist/author/package-entry.js");
let dist_hub_authored_kept_code_js = require("../../dist/hub/authored/kept-code.js");
let dist_hub_authored_describe_code_js = require("../../dist/hub/authored/describe-code.js");
let dist_author_load_js = require("../../dist/author/load.js");

// src/cli/authored/copy.ts
const LEFT_OUT = /* @__PURE__ */ new Set(["node_modules", ".git"]);
var CodeCopy = class {
	#root;
	#target;
	#bytes = 0;
	#files = 0;
	constructor(root, target) {
		this.#root = root;
		this.#target = target;
	}
	addFile(path) {
		const copy = this.#toPlace(path);
		if ((0, node_fs.existsSync)(copy)) return;
		try {
			this.#bytes += (0, node_fs.statSync)(path).size;
			if (++this.#files > dist_hub_authored_kept_code_js.MAX_FILES || this.#bytes > dist_hub_authored_kept_code_js.MAX_BYTES) throw (0, dist_hub_authored_kept_code_js.tooLarge)();
			makeFolder((0, node_path.dirname)(copy));
			(0, node_fs.copyFileSync)(path, copy);
			(0, node_fs.chmodSync)(copy, 384);
		} catch (thrown) {
			throw toFault(path, thrown);
		}
	}
	addPackage(folder) {
		for (const entry of readFolder(folder)) {
			const path = (0, node_path.join)(folder, entry.name);
			if (entry.isFile()) this.addFile(path);
			else if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) this.addPackage(path);
		}
	}
	addLink(place, real) {
		const at = this.#toPlace(place);
		makeFolder((0, node_path.dirname)(at));
		if (!(0, node_fs.existsSync)(at)) (0, node_fs.symlinkSync)((0, node_path.relative)((0, node_path.dirname)(at), this.#toPlace(real)), at, "junction");
	}
	#toPlace(path) {
		return (0, node_path.join)(this.#target, (0, node_path.relative)(this.#root, path));
	}
};
function makeFolder(path) {
	(0, node_fs.mkdirSync)(path, {
		recursive: true,
		mode: 448
	});
}
function readFolder(folder) {
	try {
		return (0, node_fs.readdirSync)(folder, { withFileTypes: true });
	} catch (thrown) {
		throw toFault(folder, thrown);
	}
}
function toFault(path, thrown) {
	if (thrown instanceof require_main.SluiceError) return thrown;
	const why = String(require_main.readErrorCode(thrown) ?? require_main.toMessage(thrown));
	return new require_main.SluiceError("bad_config", `${path} cannot be copied (${why}); nothing was added`, { cause: thrown });
}

// src/cli/authored/packages.ts
const PACKAGE_NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;
const INSTALL_SCRIPTS = [
	"preinstall",
	"install",
	"postinstall",
	"prepare"
];
function readManifest(folder) {
	const path = (0, node_path.join)(folder, "package.json");
	if (!(0, node_fs.existsSync)(path)) return void 0;
	let text;
	try {
		text = (0, node_fs.readFileSync)(path, "utf8");
	} catch (thrown) {
		throw new require_main.SluiceError("bad_config", `${path} cannot be read (${require_main.toMessage(thrown)})`);
	}
	const json = require_json.parseObject(text);
	if (json === void 0) throw new require_main.SluiceError("bad_config", `${path} holds no JSON object`);
	return json;
}
function readPackage(folder) {
	const json = readManifest(folder);
	if (json === void 0) return void 0;
	const keys = (key) => Object.keys(toObject(json[key]));
	return {
		name: toText$1(json["name"]) ?? "",
		version: toText$1(json["version"]) ?? "",
		dependencies: [.../* @__PURE__ */ new Set([...keys("dependencies"), ...keys("optionalDependencies")])],
		node: toText$1(toObject(json["engines"])["node"]),
		scripts: keys("scripts").filter((name) => INSTALL_SCRIPTS.includes(name))
	};
}
function toPackageFolder(path) {
	const mark = `${node_path.sep}node_modules${node_path.sep}`;
	const at = path.lastIndexOf(mark);
	if (at === -1) return void 0;
	const base = path.slice(0, at + mark.length);
	const [first = "", second = ""] = path.slice(at + mark.length).split(node_path.sep);
	return (0, node_path.join)(base, first.startsWith("@") ? (0, node_path.join)(first, second) : first);
}
function findPackage(folder, name) {
	if (!PACKAGE_NAME.test(name)) return void 0;
	for (let at = folder;; at = (0, node_path.dirname)(at)) {
		const place = (0, node_path.join)(at, "node_modules", name);
		if ((0, node_fs.existsSync)((0, node_path.join)(place, "package.json"))) return {
			place,
			real: (0, node_fs.realpathSync)(place)
		};
		if ((0, node_path.dirname)(at) === at) return void 0;
	}
}
function requireEngine({ name, version, node }, running) {
	if (node === void 0 || fitsRange(running, node)) return;
	throw new require_main.SluiceError("unsupported", `${name}${version === "" ? "" : ` ${version}`} needs Node ${node}, and this is ${running}; run Sluice with such a Node, or take another version of it`);
}
function fitsRange(running, range) {
	const version = toVersion(running.replace(/^v/, ""));
	if (version === void 0) return true;
	return range.split("||").some((part) => {
		const text = part.trim().replaceAll(/(>=|<=|>|<|=|\^|~)\s+/g, "$1");
		const span = /^(\S+)\s+-\s+(\S+)$/.exec(text);
		return (span === null ? text.split(/\s+/) : [`>=${span[1]}`, `<=${span[2]}`]).every((one) => fitsOne(version, one));
	});
}
function fitsOne(version, comparator) {
	const [, sign = "", text = ""] = /^(>=|<=|>|<|=|\^|~)?v?(.*)$/.exec(comparator) ?? [];
	const given = text.split("-", 1)[0]?.split(".") ?? [];
	const known = given.filter((part) => /^\d+$/.test(part)).length;
	if (known === 0) return true;
	const low = toVersion(given.slice(0, known).join("."));
	if (low === void 0) return true;
	const above = bump(low, sign === "^" ? leading(low) : sign === "~" ? Math.min(2, known) : known);
	switch (sign) {
		case ">=": return compare(version, low) >= 0;
		case ">": return compare(version, known === 3 ? bump(low, 3) : above) >= 0;
		case "<": return compare(version, low) < 0;
		case "<=": return compare(version, above) < 0;
		default: return compare(version, low) >= 0 && compare(version, above) < 0;
	}
}
function leading([major, minor]) {
	return major > 0 ? 1 : minor > 0 ? 2 : 3;
}
function bump([major, minor, patch], places) {
	if (places <= 1) return [
		major + 1,
		0,
		0
	];
	return places === 2 ? [
		major,
		minor + 1,
		0
	] : [
		major,
		minor,
		patch + 1
	];
}
function compare(one, other) {
	return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
function toVersion(text) {
	const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
	if (parts === null) return void 0;
	return [
		Number(parts[1]),
		Number(parts[2] ?? 0),
		Number(parts[3] ?? 0)
	];
}
function toObject(value) {
	return typeof value === "object" && value !== null ? value : {};
}
function toText$1(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}

// src/cli/authored/collect.ts
const LOADED = /\.(?:[cm]?[jt]s|json|wasm|node)$|[\\/]node_modules[\\/]/;
async function collectLocal(file, target, env) {
	const entry = (0, node_fs.realpathSync)(file);
	const homes = listHomes(env);
	const project = findProject((0, node_path.dirname)(entry), homes);
	const own = readPackage(project);
	if (own !== void 0) requireEngine({
		...own,
		name: own.name || project
	}, process.version);
	const reads = [...listReadable(project)];
	for (const folder of reads) requireApart(folder, homes);
	const { files } = await load(entry, reads, env);
	for (const path of files) requireOwn(path, reads);
	if (!files.includes(entry)) throw new require_main.SluiceError("unsupported", `${entry}: this Node does not say what a file loads`);
	const owners = new Map(files.map((path) => [path, toOwner(path, project)]));
	const local = files.filter((path) => owners.get(path) === void 0);
	const packages = /* @__PURE__ */ new Map();
	for (const folder of owners.values()) if (folder !== void 0) await addPackage(folder, packages);
	const links = listLinks(local, [...packages.keys()]);
	const root = toCommon([
		...local.map(node_path.dirname),
		...packages.keys(),
		...links.map(({ place }) => place)
	]);
	const described = local.flatMap((path) => listManifests(path, root));
	const copy = new CodeCopy(root, target);
	for (const path of /* @__PURE__ */ new Set([...local, ...described])) copy.addFile(path);
	for (const folder of packages.keys()) copy.addPackage(folder);
	for (const { place, real } of links) copy.addLink(place, real);
	return {
		entry: (0, node_path.relative)(root, entry),
		root,
		local: local.map((path) => (0, node_path.relative)(root, path)).toSorted(),
		packages: [...packages.keys()].map((folder) => toKept(folder)).toSorted(byName)
	};
}
async function load(entry, reads, env) {
	try {
		return await (0, dist_hub_authored_describe_code_js.describeCode)(entry, (0, node_path.dirname)(entry), reads, env);
	} catch (thrown) {
		const line = isSyntaxFault(thrown) ? await findFaultyLine(entry) : void 0;
		if (line === void 0 || !require_main.isSluiceError(thrown)) throw thrown;
		throw new require_main.SluiceError(thrown.code, thrown.message.replace(" cannot be read:", ` cannot be read at line ${line}:`), { cause: thrown });
	}
}
function isSyntaxFault(thrown) {
	return require_main.isSluiceError(thrown, "bad_config") && thrown.message.includes(" cannot be read:");
}
function findFaultyLine(entry) {
	return new Promise((resolve) => {
		(0, node_child_process.execFile)(process.execPath, ["--check", entry], { timeout: 1e4 }, (_fault, _out, stderr) => {
			const at = stderr.split("\n").find((line) => line.includes(`${(0, node_path.basename)(entry)}:`));
			resolve(/:(\d+)$/.exec(at ?? "")?.[1]);
		});
	});
}
function toOwner(path, project) {
	const folder = toPackageFolder(path);
	if (folder !== void 0) return folder;
	const nearest = findProject((0, node_path.dirname)(path), []);
	const name = nearest === project ? void 0 : readPackage(nearest)?.name;
	if (name === void 0 || name === "") return void 0;
	return findPackage(project, name)?.real === nearest ? nearest : void 0;
}
function listHomes(env) {
	return [
		require_main.locateHome(env).path,
		(0, node_os.homedir)(),
		...env["HOME"] ? [env["HOME"]] : []
	].flatMap((path) => (0, node_fs.existsSync)(path) ? [(0, node_fs.realpathSync)(path)] : []);
}
function isIn(path, folder) {
	return path === folder || path.startsWith(folder === node_path.sep ? node_path.sep : folder + node_path.sep);
}
function requireApart(folder, homes) {
	const home = homes.find((one) => isIn(one, (0, node_fs.realpathSync)(folder)));
	if (home === void 0) return;
	throw new require_main.SluiceError("bad_config", `the code could read all of ${folder}, and so ${home}, while it is looked at; put the channel's file into a folder of its own`);
}
function requireOwn(path, reads) {
	if (toRealFile(path) === path && LOADED.test(path) && reads.some((one) => isIn(path, one))) return;
	throw new require_main.SluiceError("bad_config", `the code says that it loads ${path}, which is no file of code in its project; nothing was copied`);
}
function toRealFile(path) {
	try {
		return (0, node_fs.lstatSync)(path).isFile() ? (0, node_fs.realpathSync)(path) : void 0;
	} catch {
		return;
	}
}
function findProject(folder, homes) {
	for (let at = folder;; at = (0, node_path.dirname)(at)) {
		if (homes.some((home) => isIn(home, at))) return folder;
		if ((0, node_fs.existsSync)((0, node_path.join)(at, "package.json"))) return at;
		if ((0, node_path.dirname)(at) === at) return folder;
	}
}
function* listReadable(project) {
	yield project;
	for (let at = project;; at = (0, node_path.dirname)(at)) {
		for (const name of ["node_modules", "package.json"]) {
			const path = (0, node_path.join)(at, name);
			if ((0, node_fs.existsSync)(path)) yield* [path, (0, node_fs.realpathSync)(path)];
		}
		if ((0, node_path.dirname)(at) === at) break;
	}
	for (const name of readPackage(project)?.dependencies ?? []) {
		const one = findPackage(project, name);
		if (one !== void 0) yield one.real;
	}
}
async function addPackage(folder, found) {
	if (found.has(folder)) return;
	const facts = readPackage(folder);
	if (facts === void 0) return;
	requireEngine(facts, process.version);
	found.set(folder, facts.name);
	if (found.size > dist_hub_authored_kept_code_js.MAX_FILES) throw (0, dist_hub_authored_kept_code_js.tooLarge)();
	for (const name of facts.dependencies) {
		const one = findPackage(folder, name);
		if (one !== void 0) await addPackage(one.real, found);
	}
}
function listLinks(local, folders) {
	const links = /* @__PURE__ */ new Map();
	const look = (from, name) => {
		const one = findPackage(from, name);
		if (one !== void 0 && one.place !== one.real && folders.includes(one.real)) links.set(one.place, one);
	};
	const names = folders.map((folder) => readPackage(folder)?.name ?? "");
	for (const from of new Set(local.map(node_path.dirname))) for (const name of names) look(from, name);
	for (const folder of folders) for (const name of readPackage(folder)?.dependencies ?? []) look(folder, name);
	return [...links.values()];
}
function listManifests(path, root) {
	const found = [];
	for (let at = (0, node_path.dirname)(path); at.length >= root.length; at = (0, node_path.dirname)(at)) {
		const manifest = (0, node_path.join)(at, "package.json");
		if ((0, node_fs.existsSync)(manifest)) found.push(manifest);
		if ((0, node_path.dirname)(at) === at) break;
	}
	return found;
}
async function requireSize(target) {
	let bytes = 0;
	for (const name of await (0, dist_hub_authored_kept_code_js.listFiles)(target)) bytes += (0, node_fs.lstatSync)((0, node_path.join)(target, name)).size;
	if (bytes > dist_hub_authored_kept_code_js.MAX_BYTES) throw (0, dist_hub_authored_kept_code_js.tooLarge)();
}
function toCommon(folders) {
	const [first = "", ...rest] = folders;
	let common = first;
	for (const folder of rest) while (!isIn(folder, common)) {
		if ((0, node_path.dirname)(common) === common) return common;
		common = (0, node_path.dirname)(common);
	}
	return common;
}
function toKept(folder) {
	const { name, version } = readPackage(folder) ?? {
		name: folder,
		version: ""
	};
	return {
		name: name || folder,
		version,
		...toIntegrity(folder)
	};
}
function toIntegrity(folder) {
	const mark = `${node_path.sep}node_modules${node_path.sep}`;
	const at = folder.indexOf(mark);
	if (at === -1) return {};
	const integrity = readLock((0, node_path.join)(folder.slice(0, at), "node_modules", ".package-lock.json"))[folder.slice(at + 1).split(node_path.sep).join("/")]?.integrity;
	return typeof integrity === "string" ? { integrity } : {};
}
function readLock(path) {
	if (!(0, node_fs.existsSync)(path)) return {};
	try {
		const { packages } = JSON.parse((0, node_fs.readFileSync)(path, "utf8"));
		return packages ?? {};
	} catch (cause) {
		throw new require_main.SluiceError("bad_config", `${path} cannot be read (${require_main.toMessage(cause)})`, { cause });
	}
}
function byName(one, other) {
	return one.name < other.name ? -1 : 1;
}

// src/cli/authored/prepare.ts
function prepareLocal(path, home, env) {
	const file = (0, dist_author_load_js.findFile)((0, node_path.resolve)(path));
	return prepare(home, env, async (files) => ({
		...await collectLocal(file, files, env),
		from: file
	}));
}
async function prepare(home, env, gather) {
	const folder = `.new-${(0, node_crypto.randomBytes)(8).toString("hex")}`;
	require_main.ensureInnerFolder((0, dist_hub_authored_kept_code_js.toCodeFolder)(home));
	const path = (0, node_path.join)((0, dist_hub_authored_kept_code_js.toCodeFolder)(home), folder);
	const files = (0, node_path.join)(path, dist_hub_authored_kept_code_js.FILES_FOLDER);
	const discard = () => (0, node_fs.rmSync)(path, {
		recursive: true,
		force: true
	});
	(0, node_fs.mkdirSync)(files, {
		recursive: true,
		mode: 448
	});
	try {
		const { from, entry, root, local, packages } = await gather(files);
		const { outline } = await (0, dist_hub_authored_describe_code_js.describeCode)((0, node_path.join)(files, entry), files, [path], env);
		const manifest = {
			entry,
			from,
			root,
			local,
			packages,
			outline
		};
		(0, node_fs.writeFileSync)((0, node_path.join)(path, dist_hub_authored_kept_code_js.MANIFEST_FILE), `${JSON.stringify(manifest, void 0, 2)}\n`, { mode: 384 });
		return {
			folder,
			path,
			digest: await (0, dist_hub_authored_kept_code_js.toDigest)(path),
			manifest,
			discard
		};
	} catch (thrown) {
		discard();
		throw thrown instanceof require_main.SluiceError ? new require_main.SluiceError(thrown.code, thrown.message.replaceAll(`${files}/`, ""), { cause: thrown }) : thrown;
	}
}

// src/cli/authored/show.ts
const MAX_SHOWN = 20;
const MAX_TOOL_CHARS = 600;
const MAX_TOLD_CHARS = 2e3;
async function readKeptPackages(home, name, digest) {
	return (await (0, dist_hub_authored_kept_code_js.openKeptCode)(home, name, digest)).manifest.packages;
}
function renderNewCode({ manifest, digest }, name) {
	const { outline, from } = manifest;
	return [
		`${require_main.paint("bold", require_main.toLine(outline.title))}, as channel ${require_main.paint("bold", require_main.toLine(name))} (kind ${require_main.toLine(outline.kind)})`,
		...outline.description === outline.title ? [] : [`  ${require_main.toLine(outline.description)}`],
		`  from          ${require_main.toLine(from)}`,
		...renderOrigin(manifest),
		`  digest        ${digest.slice(0, 16)}… (SHA-256 of all its files)`,
		...renderFiles(manifest),
		...renderPackages(manifest.packages),
		"",
		"It will be able to:",
		...renderAbilities(outline).map((line) => `  - ${line}`),
		...renderSecrets(outline.secrets),
		""
	];
}
function renderOrigin({ from, packages }) {
	const own = packages.find((one) => from.startsWith(`npm:${one.name}@`));
	if (own === void 0) return [];
	return [`  version       ${require_main.toLine(own.version)}`, `  integrity     ${require_main.toLine(own.integrity ?? "none: it did not come from a registry")}`];
}
function renderFiles({ local }) {
	if (local.length === 0) return [];
	const shown = local.slice(0, MAX_SHOWN).map((path) => `                ${require_main.toLine(path)}`);
	const more = local.length > MAX_SHOWN ? [`                and ${local.length - MAX_SHOWN} more`] : [];
	return [
		`  files         ${local.length}:`,
		...shown,
		...more
	];
}
function renderPackages(packages) {
	if (packages.length === 0) return [];
	const shown = packages.slice(0, MAX_SHOWN).map(({ name, version }) => `                ${require_main.toLine(name)} ${require_main.toLine(version)}`);
	const more = packages.length > MAX_SHOWN ? [`                and ${packages.length - MAX_SHOWN} more`] : [];
	return [
		`  packages      ${packages.length}:`,
		...shown,
		...more
	];
}
function renderAbilities(outline) {
	const { sources, tools, reply, permission, instructions, chat } = outline;
	return [
		...sources.map(renderSource),
		"use the network, without asking, for as long as it is a channel",
		...reply === "handler" ? ["carry your session's replies out, and read them"] : [],
		...reply === "stream" ? ["have replies read on its stream, with a listen token"] : [],
		...chat === void 0 ? [] : renderChat(chat),
		...tools.map(({ name, description }) => `offer your session the tool ${require_main.toLine(name)}: ${toShown(description, MAX_TOOL_CHARS)}`),
		...instructions === "" ? [] : [`tell your session: ${toShown(instructions, MAX_TOLD_CHARS)}`],
		...permission ? ["show permission prompts of your sessions to people whom you make approvers on it, and bring their answers: its code can answer for them"] : []
	];
}
function renderChat({ acts }) {
	const words = {
		edit: "change messages that it has sent",
		react: "react to messages",
		typing: "show that a session works",
		mark: "show people how far their messages got",
		download: "fetch files that people send, which your session may open"
	};
	return acts.map((act) => words[act]);
}
function toShown(text, max) {
	const line = require_main.toLine(text);
	if (line.length <= max) return line;
	return `${line.slice(0, max)}… (${line.length - max} more characters, which your session reads)`;
}
function renderSource(source) {
	if (source.type !== "webhook") return `${{
		service: "bring events over a connection of its own",
		observe: "bring events of what it watches",
		schedule: "bring events by the clock"
	}[source.type]} (${source.name})`;
	const { proof, name } = source;
	const how = {
		scheme: `proved by ${proof.kind === "scheme" ? `${require_main.toLine(proof.scheme)} with ${proof.secrets.map(require_main.toLine).join(", ")}` : ""}`,
		made: "proved by a token that Sluice makes",
		local: "without any proof, from programs on this machine",
		own: "proved by code of its own: unproved requests reach that code"
	}[proof.kind];
	return `receive webhooks (${require_main.toLine(name)}), ${how}`;
}
function renderSecrets(secrets) {
	if (secrets.length === 0) return ["  - know no secret but those it has in its code"];
	return [`  - know these secrets, which you give it: ${secrets.map(require_main.toLine).join(", ")}`];
}

// src/cli/authored/npm.ts
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/;
const VERSION = /^[\w.^~<>=|* +-]{1,128}$/;
const FROM_REGISTRY = /^(?:npm:[^:]*|[^:/]*)$/;
const FOLDER = "node_modules/";
const LIMITS = {
	timeoutMs: 3e5,
	maxBytes: 4 * dist_hub_authored_kept_code_js.MAX_BYTES,
	maxFiles: 4 * dist_hub_authored_kept_code_js.MAX_FILES
};
function prepareNpm(spec, home, env, before = []) {
	const { name, version, subpath } = parseSpec(spec);
	return prepare(home, env, async (files) => {
		require_main.printNote(`downloading ${name}@${version} with npm; no script of it runs`);
		await install(`${name}@${version}`, files, env);
		const folder = (0, node_path.join)(files, "node_modules", name);
		const facts = readPackage(folder);
		if (facts === void 0) throw new require_main.SluiceError("bad_config", `${name} has no package.json`);
		const packages = listInstalled(files, name);
		for (const one of packages) requireEngine(readPackage((0, node_path.join)(files, "node_modules", one.path)) ?? facts, process.version);
		const kept = packages.map(({ path: _path, ...one }) => one);
		requireSame(kept, before);
		await requireSize(files);
		const entry = (0, dist_author_package_entry_js.findEntry)(folder, readManifest(folder) ?? {}, subpath);
		if (entry === void 0) throw noEntry(name, subpath);
		const installed = packages.find(({ path }) => path === name)?.version ?? version;
		for (const line of renderDownload(name, installed, kept)) require_main.printNote(line);
		await require_shared.askYes("Nothing of it has run. Load it, in a process without secrets, to see what it can do?");
		return {
			entry: (0, node_path.relative)(files, entry),
			root: files,
			from: `npm:${name}@${installed}${subpath.slice(1)}`,
			local: [],
			packages: kept
		};
	});
}
function noEntry(name, subpath) {
	return new require_main.SluiceError("bad_config", subpath === "." ? `npm:${name} has nothing to import: neither its exports nor its main name a file in it; take another version, or name a door of it: npm:${name}/channel` : `npm:${name} has no ${subpath} in its exports that can be imported; nothing was added`);
}
function parseSpec(spec) {
	const [, name = "", version = "latest", path] = /^((?:@[^/]*\/)?[^@/]*)(?:@([^/]*))?(?:\/(.*))?$/.exec(spec) ?? [];
	if (path !== void 0 && !/^[\w~-][\w.~-]*(?:\/[\w~-][\w.~-]*)*$/.test(path)) throw require_main.toUsageFault(`npm:${spec}: "${path}" is no door of a package; write npm:name@1.2.3/channel`);
	if (!NAME.test(name) || name.length > 214) throw require_main.toUsageFault(`npm:${spec} names no package; write npm:name or npm:name@1.2.3`);
	if (!VERSION.test(version) || version.startsWith("-")) throw require_main.toUsageFault(`npm:${spec}: "${version}" is no version; write npm:${name}@1.2.3`);
	return {
		name,
		version,
		subpath: path === void 0 ? "." : `./${path}`
	};
}
async function install(spec, folder, env) {
	const cache = (0, node_path.join)((0, node_path.dirname)(folder), "npm");
	(0, node_fs.writeFileSync)((0, node_path.join)(folder, "package.json"), "{\"private\":true}\n");
	(0, node_fs.mkdirSync)((0, node_path.join)(folder, "node_modules"), { recursive: true });
	const args = [
		"install",
		spec,
		"--ignore-scripts",
		"--no-bin-links",
		"--no-audit",
		"--no-fund",
		"--save-exact",
		"--legacy-peer-deps",
		"--omit=dev",
		`--git=${(0, node_path.join)(folder, "no-git")}`,
		"--loglevel=error",
		`--prefix=${folder}`,
		`--cache=${cache}`
	];
	(0, node_fs.mkdirSync)(cache);
	try {
		const { isDone, stderr } = await require_npm_run.runNpm(args, {
			cwd: folder,
			room: (0, node_path.dirname)(folder)
		}, env, LIMITS);
		if (!isDone) throw toNpmFault(spec, stderr);
	} finally {
		(0, node_fs.rmSync)(cache, {
			recursive: true,
			force: true
		});
	}
	(0, node_fs.rmSync)((0, node_path.join)(folder, "node_modules", ".package-lock.json"), { force: true });
}
function toNpmFault(spec, stderr) {
	const code = /npm (?:error|ERR!) code (\S+)/.exec(stderr)?.[1];
	const line = stderr.split("\n").map((one) => one.replace(/^npm (?:error|ERR!)\s*/, "").trim()).find((one) => one !== "" && !one.startsWith("code ") && !one.startsWith("A complete log"));
	if (code === "E404") return new require_main.SluiceError("not_found", `npm:${spec}: the registry has no such package or version`);
	return new require_main.SluiceError("bad_config", `npm:${spec} could not be downloaded (${[code, line].filter(Boolean).join(": ") || "npm did not say why"})`);
}
function listInstalled(folder, asked) {
	const lock = readLock((0, node_path.join)(folder, "package-lock.json"));
	return Object.entries(lock).flatMap(([place, facts]) => {
		if (place === "" || facts === void 0) return [];
		requireRegistry(place, facts, asked);
		const path = place.replace(/^node_modules\//, "");
		const { integrity } = facts;
		return [{
			path,
			name: toText(facts.name) ?? place.slice(place.lastIndexOf(FOLDER) + 13),
			version: toText(facts.version) ?? "",
			...typeof integrity === "string" ? { integrity } : {}
		}];
	});
}
function requireRegistry(place, facts, asked) {
	if (facts.inBundle === true) return;
	const isTarball = /^https?:/.test(toText(facts.resolved) ?? "");
	const other = Object.entries({
		...facts.dependencies,
		...facts.optionalDependencies
	}).find(([, spec]) => !FROM_REGISTRY.test(String(spec)));
	if (facts.link !== true && isTarball && toText(facts.integrity) !== void 0 && !other) return;
	const what = other === void 0 ? place : `${other[0]} (${String(other[1])})`;
	throw new require_main.SluiceError("unsupported", `npm:${asked}: ${what} does not come from a registry; take a version without it, or add the channel from a folder of yours`);
}
function toText(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
function requireSame(packages, before) {
	for (const { name, version, integrity } of packages) {
		const known = before.find((one) => one.name === name && one.version === version);
		if (known === void 0 || known.integrity === integrity) continue;
		throw new require_main.SluiceError("conflict", `${name} ${version} is not what it was: its integrity is ${integrity ?? "none"}, and was ${known.integrity ?? "none"}; nothing was changed`);
	}
}
function renderDownload(name, version, packages) {
	const own = packages.find((one) => one.name === name);
	return [
		`${require_main.paint("bold", require_main.toLine(name))} ${require_main.toLine(version)}`,
		`  integrity     ${require_main.toLine(own?.integrity ?? "none")}`,
		...renderPackages(packages.filter((one) => one !== own))
	];
}

// src/cli/authored/add-code.ts
const MAX_SECRET_BYTES = 16384;
const NPM = "npm:";
function isCode(typed) {
	return typed.startsWith(NPM) || /[/\\]/.test(typed) || /^\.{1,2}$|\.[cm]?[jt]s$/.test(typed);
}
function requireTerminal(what) {
	if (require_shared.isAtTerminal(require_shared.readCallerFacts()) && process.stderr.isTTY) return;
	throw new require_main.SluiceError("unauthorized", `${what} by a person at a terminal only, who reads first what it will be able to do; nothing was changed`);
}
async function addCode(from, request) {
	requireTerminal("code of a channel is added");
	const code = await prepareCode(from);
	try {
		const { outline } = code.manifest;
		const name = request.name ?? outline.kind;
		for (const line of renderNewCode(code, name)) require_main.printNote(line);
		await require_shared.askYes(`Adds this code as channel ${name}; it then runs whenever Sluice does.`);
		const secrets = await readSecrets(outline.secrets);
		const { folder, digest } = code;
		const json = {
			caller: require_shared.readCallerFacts(),
			...request,
			folder,
			digest,
			secrets
		};
		return await require_shared.ask((api) => api.channels.code.$post({ json }));
	} finally {
		code.discard();
	}
}
function prepareCode(from, before) {
	const { env } = process;
	const home = require_main.locateHome(env);
	return from.startsWith(NPM) ? prepareNpm(from.slice(4), home, env, before) : prepareLocal(from.replace(/^~(?=\/)/, env["HOME"] ?? "~"), home, env);
}
async function readSecrets(names) {
	const secrets = {};
	for (const name of names) {
		const known = Object.hasOwn(process.env, name) ? process.env[name] : void 0;
		if (known !== void 0 && known !== "") require_main.printNote(`${name} is taken from the environment`);
		const value = known || await require_read_input.readSecret(MAX_SECRET_BYTES, name);
		if (value.length > MAX_SECRET_BYTES) throw require_main.toUsageFault(`${name} is too long for a secret`);
		if (value !== "") secrets[name] = value;
	}
	return secrets;
}

Object.defineProperty(exports, "addCode", {
  enumerable: true,
  get: function () {
    return addCode;
  }
});
Object.defineProperty(exports, "isCode", {
  enumerable: true,
  get: function () {
    return isCode;
  }
});
Object.defineProperty(exports, "prepareCode", {
  enumerable: true,
  get: function () {
    return prepareCode;
  }
});
Object.defineProperty(exports, "readKeptPackages", {
  enumerable: true,
  get: function () {
    return readKeptPackages;
  }
});
Object.defineProperty(exports, "readSecrets", {
  enumerable: true,
  get: function () {
    return readSecrets;
  }
});
Object.defineProperty(exports, "renderNewCode", {
  enumerable: true,
  get: function () {
    return renderNewCode;
  }
});
Object.defineProperty(exports, "requireTerminal", {
  enumerable: true,
  get: function () {
    return requireTerminal;
  }
});