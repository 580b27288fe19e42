const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_json = require("./json.js");
let node_fs = require("node:fs");
let node_path = require("node:path");

// src/cli/claude/official-folder.ts
const OFFICIAL_KINDS = ["telegram", "discord"];
function locateOfficialFolder(env, kind = "telegram") {
	const variable = `${kind.toUpperCase()}_STATE_DIR`;
	const own = env[variable];
	if (own !== void 0) return own;
	const claude = kind === "telegram" ? env["CLAUDE_CONFIG_DIR"] : void 0;
	return (0, node_path.join)(claude ?? (0, node_path.join)(require_main.requireUserFolder(env, `${variable} to that plugin's folder`), ".claude"), "channels", kind);
}
function readOfficialFolder(path, kind = "telegram") {
	const variable = `${kind.toUpperCase()}_BOT_TOKEN`;
	const token = readToken(readText((0, node_path.join)(path, ".env")) ?? "", variable);
	if (token === void 0) throw new require_main.SluiceError("not_found", `${(0, node_path.join)(path, ".env")} holds no ${variable}; run "sluice add ${kind}" and paste the token`);
	const file = (0, node_path.join)(path, "access.json");
	const text = readText(file);
	const parsed = require_json.parseJson(text ?? "{}");
	if (parsed.kind === "bad" || typeof parsed.value !== "object" || parsed.value === null) throw new require_main.SluiceError("bad_config", `${file} cannot be read; nothing was taken over`);
	return {
		path,
		token,
		...readAccess(parsed.value, kind)
	};
}
function findOfficialPoller(path) {
	const pid = Number(readText((0, node_path.join)(path, "bot.pid"))?.trim());
	return Number.isSafeInteger(pid) && pid > 1 && require_shared.readProcess(pid) !== void 0 ? pid : void 0;
}
function readToken(text, variable) {
	for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
		const [, name, value] = /^\s*(?:export\s+)?([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
		if (name !== variable) continue;
		const bare = value?.replace(/^(["'])(.*)\1$/, "$2");
		if (bare !== void 0 && bare !== "") return bare;
	}
}
function readAccess(access, kind) {
	const left = [];
	const word = require_json.textAt(access, "dmPolicy");
	const policy = word === "allowlist" || word === "disabled" ? word : "pairing";
	const people = toIds(require_json.listAt(access, "allowFrom"), "allowFrom", left);
	const groups = [];
	const listed = require_json.at(access, "groups");
	const entries = typeof listed === "object" && listed !== null ? Object.entries(listed) : [];
	for (const [id, group] of entries) {
		if (!/^-?\d{1,20}$/.test(id)) {
			left.push("a group whose id is no number");
			continue;
		}
		const senders = toIds(require_json.listAt(group, "allowFrom"), `group ${id}`, left);
		const named = require_json.at(group, "requireMention") === void 0 || require_json.isTrueAt(group, "requireMention");
		if (senders.length > 0) groups.push({
			id,
			senders,
			requireMention: named
		});
		else left.push(`group ${id}, where anybody could write: sluice access group add ${kind} --id=${id} --sender <id>`);
	}
	if (require_json.listAt(access, "mentionPatterns").length > 0) left.push("mentionPatterns, which are regular expressions: give words with --pattern");
	return {
		policy,
		people,
		groups,
		left
	};
}
function toIds(values, where, left) {
	const ids = values.map((value) => String(value)).filter((id) => /^\d{1,20}$/.test(id));
	if (ids.length < values.length) left.push(`${values.length - ids.length} entries of ${where} that are no ids`);
	return [...new Set(ids)];
}
function readText(path) {
	try {
		return (0, node_fs.readFileSync)(path, "utf8");
	} catch (cause) {
		if (cause.code === "ENOENT") return void 0;
		throw new require_main.SluiceError("bad_config", `${path} cannot be read (${cause.code ?? "?"})`);
	}
}

Object.defineProperty(exports, "OFFICIAL_KINDS", {
  enumerable: true,
  get: function () {
    return OFFICIAL_KINDS;
  }
});
Object.defineProperty(exports, "findOfficialPoller", {
  enumerable: true,
  get: function () {
    return findOfficialPoller;
  }
});
Object.defineProperty(exports, "locateOfficialFolder", {
  enumerable: true,
  get: function () {
    return locateOfficialFolder;
  }
});
Object.defineProperty(exports, "readOfficialFolder", {
  enumerable: true,
  get: function () {
    return readOfficialFolder;
  }
});