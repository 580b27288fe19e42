const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_check_event_clients = require("./check-event-clients.js");
const require_channel_flag = require("./channel-flag.js");
const require_claude_client = require("./claude-client.js");
const require_connect_claude = require("./connect-claude.js");
const require_compare_versions = require("./compare-versions.js");
const require_installation = require("./installation.js");
const require_build = require("./build.js");
const require_official_folder = require("./official-folder.js");
const require_duration = require("./duration.js");
const require_pick_session = require("./pick-session.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_child_process = require("node:child_process");

// src/cli/doctor/check-clients.ts
function isDue({ cwd }, plugins) {
	return plugins.some(({ projectPath }) => projectPath === void 0 || projectPath === cwd);
}
const ATTENDED = /* @__PURE__ */ new Set(["interactive", "background"]);
const STARTING_MS = 15e3;
function checkClients(rows, { sessions }, now = Date.now()) {
	return rows.filter(({ pid, kind, startedAt }) => {
		if (!ATTENDED.has(kind)) return false;
		return !sessions.some(({ client }) => client.pid === pid) && (now - startedAt > STARTING_MS || now < startedAt);
	}).map(({ pid, cwd, kind, name }) => require_check_event_clients.fail(`client ${name}`, `${kind}, pid ${pid}, ${cwd}, runs without the plugin: it was started before that was installed, with --bare, in a folder that it does not trust, or its server was stopped`, "restart that session, or reconnect sluice in its /mcp"));
}

// src/cli/doctor/check-marketplace.ts
const ASK = "ask the administrator of Claude Code in your organisation";
function checkMarketplace(folder, known, rules) {
	const { name: _, ...source } = known?.source === void 0 ? toFolderSource(folder) : known;
	const where = source.repo ?? source.url ?? source.path ?? folder;
	for (const { path, allowed, blocked } of rules) {
		if (blocked?.some((entry) => isCovering(entry, source)) === true) return require_check_event_clients.fail("marketplace", `${path} blocks ${where} (blockedMarketplaces)`, ASK);
		if (allowed !== void 0 && !allowed.some((entry) => isCovering(entry, source))) return require_check_event_clients.fail("marketplace", `${path} names the marketplaces that may be used (strictKnownMarketplaces), and ${where} is not among them`, `${ASK} to add ${JSON.stringify(toEntry(source))}`);
	}
	return known !== void 0 ? require_check_event_clients.pass("marketplace", `${require_channel_flag.MARKETPLACE}, ${where}`) : require_check_event_clients.fail("marketplace", `Claude Code does not know ${require_channel_flag.MARKETPLACE}, so it loads no plugin from it`, "sluice connect claude");
}
function toFolderSource(path) {
	return {
		name: require_channel_flag.MARKETPLACE,
		source: "directory",
		path
	};
}
function toEntry({ source, path, repo, url }) {
	return {
		source,
		...repo === void 0 ? {} : { repo },
		...url === void 0 ? {} : { url },
		...path === void 0 ? {} : { path }
	};
}
function isCovering(entry, { source, path, repo, url }) {
	if (typeof entry !== "object" || entry === null || !("source" in entry)) return false;
	if (entry.source === "github") return "repo" in entry && repo !== void 0 && entry.repo === repo;
	if (entry.source === "git" || entry.source === "url") return "url" in entry && url !== void 0 && entry.url === url;
	if (entry.source === "hostPattern" && "hostPattern" in entry) {
		const host = source === "github" ? "github.com" : toHost(url);
		return host !== void 0 && isMatching(entry.hostPattern, host);
	}
	if (entry.source === "directory" || entry.source === "file") return "path" in entry && path !== void 0 && entry.path === path;
	if (entry.source !== "pathPattern" || !("pathPattern" in entry)) return false;
	return path !== void 0 && isMatching(entry.pathPattern, path);
}
function toHost(url) {
	if (url === void 0) return void 0;
	if (URL.canParse(url)) return new URL(url).hostname;
	return /^[^@/]+@([^:/]+):/.exec(url)?.[1];
}
function isMatching(pattern, text) {
	try {
		return new RegExp(String(pattern)).test(text);
	} catch {
		return false;
	}
}

// src/cli/doctor/check-claude.ts
const [NAME = ""] = require_channel_flag.PLUGIN.split("@");
const SELF_CONTAINED = "--plugin-server";
async function checkClaudeSide(env, cwd, status) {
	let claude;
	const client = await require_check_event_clients.attempt("client", async () => {
		claude = await require_claude_client.findClaude(env);
		return [checkClient(claude)];
	});
	const found = claude;
	let plugins = [];
	return [
		...client,
		...found === void 0 ? [] : await require_check_event_clients.attempt("plugin", async () => {
			plugins = (await require_claude_client.listPlugins(found, NAME, {
				env,
				cwd
			})).filter(isOurs);
			return checkPlugin(found, plugins, env, cwd);
		}),
		...found === void 0 || status === void 0 || plugins.length === 0 ? [] : await require_check_event_clients.attempt("clients", async () => {
			const enabled = plugins.filter((one) => one.enabled);
			const due = (await require_claude_client.listClients(found, { env })).filter((one) => isDue(one, enabled));
			return checkClients(due, status);
		}),
		...await require_check_event_clients.attempt("policy", async () => [await checkPolicy(status)]),
		...await require_check_event_clients.attempt("hooks", async () => {
			const { toPolicyFolder } = await import("../../dist/hub/settings/policy.js");
			const settings = readAllSettings(env, cwd, toPolicyFolder());
			return [checkHooks(settings), ...checkLanes(settings, env)];
		})
	];
}
function checkClient(claude) {
	if (claude === void 0) return require_check_event_clients.fail("client", "no claude on PATH", "install Claude Code (https://code.claude.com/docs/en/setup), or set SLUICE_CLAUDE to it");
	const detail = `Claude Code ${claude.version} (${claude.path})`;
	return require_compare_versions.compareVersions(claude.version, "2.1.310") >= 0 ? require_check_event_clients.pass("client", detail) : require_check_event_clients.fail("client", `${detail} runs no monitors, so nothing wakes a session`, `claude update, to ${require_claude_client.MONITORS_SINCE} or later`);
}
async function checkPlugin(claude, rows, env, cwd) {
	const home = require_main.locateHome(env);
	const here = rows.filter((row) => row.projectPath === void 0 || row.projectPath === cwd);
	if (here.length > 0) {
		const { toPolicyFolder } = await import("../../dist/hub/settings/policy.js");
		const managed = readAllSettings(env, cwd, toPolicyFolder()).filter((file) => file.managed);
		const known = await require_claude_client.findMarketplace(claude, require_channel_flag.MARKETPLACE, { env });
		return [
			...here.map((row) => checkPluginRow(row, home.path)),
			...checkCopies(here, require_connect_claude.hasBareServer(env, cwd, home)),
			checkMarketplace(require_connect_claude.toClaudeFolder(home.claudeDir, require_main.VERSION).marketplace, known, managed.map(({ marketplaces }) => marketplaces))
		];
	}
	if (require_connect_claude.hasBareServer(env, cwd, home)) return [require_check_event_clients.pass("plugin", "not installed; a bare server entry is: no bell, receipts by tool calls only")];
	const fix = require_installation.isPlugin(require_installation.locateInstallation()) ? `claude plugin install ${require_channel_flag.PLUGIN}` : "sluice connect claude";
	return [require_check_event_clients.fail("plugin", "not installed in Claude Code", fix)];
}
function isOurs({ id, mcpServers }) {
	const args = mcpServers?.["sluice"]?.args ?? [];
	return id === "sluice@sluice" || args.some((arg) => arg === SELF_CONTAINED || arg.endsWith("shim.js"));
}
function checkCopies(rows, hasBare) {
	const ids = [...new Set(rows.filter(({ enabled }) => enabled).map(({ id }) => id))];
	const copies = [...ids, ...hasBare ? ["a bare server entry"] : []];
	if (copies.length < 2 || ids.length === 0) return [];
	const spare = ids.filter((id) => id !== require_channel_flag.PLUGIN);
	const fix = hasBare ? `claude mcp remove ${require_connect_claude.SERVER}` : `claude plugin disable ${spare[0] ?? "sluice@sluice"}`;
	return [require_check_event_clients.fail("copies", `${copies.join(" and ")}: each session starts Sluice more than once`, fix)];
}
function checkPluginRow(row, home, ours = require_main.VERSION) {
	const version = row.folderVersion ?? row.version;
	const server = row.mcpServers?.[require_connect_claude.SERVER];
	const isWhole = server?.args?.includes(SELF_CONTAINED) === true;
	const detail = `version ${version} (scope ${row.scope}${isWhole ? `, from its marketplace ${row.id.split("@")[1] ?? ""}` : ""})`;
	const mend = isWhole ? `claude plugin update ${row.id} --scope ${row.scope}` : "sluice connect claude";
	if (!row.enabled) return require_check_event_clients.fail("plugin", `${detail} is disabled`, `claude plugin enable ${row.id} --scope ${row.scope}`);
	const order = require_compare_versions.compareVersions(version, ours);
	if (order < 0) return require_check_event_clients.fail("plugin", `${detail}, older than this command (${ours})`, mend);
	if (order > 0) return require_check_event_clients.fail("plugin", `${detail}, newer than this command (${ours})`, "update this sluice, or use the one it came from");
	const root = row.readFromFolder ?? row.installPath ?? "";
	const fill = (path) => path?.replaceAll("${CLAUDE_PLUGIN_ROOT}", root);
	const program = server?.args?.find((arg) => !arg.startsWith("-"));
	const gone = [
		server?.command,
		program,
		server?.env?.["SLUICE_CLI"]
	].map(fill).find((path) => path !== void 0 && !(0, node_fs.existsSync)(path));
	if (gone !== void 0) return require_check_event_clients.fail("plugin", `${detail} starts ${gone}, which is not there any more`, mend);
	const itsHome = server?.env?.["SLUICE_HOME"];
	if (itsHome !== void 0 && itsHome !== home) return require_check_event_clients.fail("plugin", `${detail} belongs to the home ${itsHome}, not to ${home}`, "sluice connect claude, or set SLUICE_HOME to that one");
	return require_check_event_clients.pass("plugin", detail);
}
async function checkPolicy(status) {
	const { state, detail } = status?.policy ?? (await import("../../dist/hub/settings/policy.js")).readPolicy();
	return state === "open" ? require_check_event_clients.pass("policy", detail) : require_check_event_clients.fail("policy", detail, "ask the administrator of Claude Code in your organisation");
}
function checkHooks(settings) {
	const off = settings.find((file) => file.disableAllHooks);
	if (off !== void 0) return require_check_event_clients.fail("hooks", `${off.path} sets disableAllHooks: the plugin hears nothing of the session`, `take disableAllHooks out of ${off.path}`);
	const managed = settings.find((file) => file.managed && file.allowManagedHooksOnly);
	if (managed !== void 0) return require_check_event_clients.fail("hooks", `${managed.path} sets allowManagedHooksOnly: a plugin's hooks do not run`, "ask the administrator of Claude Code in your organisation");
	return require_check_event_clients.pass("hooks", "not switched off");
}
const TELEMETRY = ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_TELEMETRY"];
const PROVIDERS = [
	"CLAUDE_CODE_USE_BEDROCK",
	"CLAUDE_CODE_USE_VERTEX",
	"CLAUDE_CODE_USE_FOUNDRY"
];
const STILL_WORKS = "closes the client's own channel lane; the bell works all the same";
function checkLanes(settings, env) {
	const find = (name) => {
		const file = settings.find((one) => isSet(one.env[name]));
		if (file !== void 0) return {
			value: file.env[name] ?? "",
			where: file.path
		};
		const value = env[name];
		return isSet(value) ? {
			value,
			where: "the environment"
		} : void 0;
	};
	const name = (names) => names.flatMap((one) => {
		const found = find(one);
		return found === void 0 ? [] : [`${one} (${found.where})`];
	});
	const telemetry = name(TELEMETRY);
	const providers = name(PROVIDERS);
	const base = find("ANTHROPIC_BASE_URL");
	if (base !== void 0 && toHostName(base.value) !== "api.anthropic.com") providers.push(`ANTHROPIC_BASE_URL (${base.where})`);
	return [require_check_event_clients.pass("telemetry", telemetry.length === 0 ? "not switched off" : `${telemetry.join(", ")} ${STILL_WORKS}`), require_check_event_clients.pass("provider", providers.length === 0 ? "none of its own" : `${providers.join(", ")} ${STILL_WORKS}`)];
}
function readAllSettings(env, cwd, policyFolder) {
	const dropIns = (0, node_path.join)(policyFolder, "managed-settings.d");
	const managed = [...((0, node_fs.existsSync)(dropIns) ? (0, node_fs.readdirSync)(dropIns).filter((name) => name.endsWith(".json")) : []).toSorted().toReversed().map((name) => (0, node_path.join)(dropIns, name)), (0, node_path.join)(policyFolder, "managed-settings.json")];
	const own = [
		(0, node_path.join)(cwd, ".claude", "settings.local.json"),
		(0, node_path.join)(cwd, ".claude", "settings.json"),
		(0, node_path.join)(require_connect_claude.toConfigDir(env), "settings.json")
	];
	return [...managed.map((path) => readSettings(path, true)), ...own.map((path) => readSettings(path, false))].filter((file) => file !== void 0);
}
function readSettings(path, managed) {
	if (!(0, node_fs.existsSync)(path)) return void 0;
	let value;
	try {
		value = JSON.parse((0, node_fs.readFileSync)(path, "utf8"));
	} catch (cause) {
		const why = cause instanceof SyntaxError ? "not valid JSON" : require_main.toMessage(cause);
		throw new require_main.SluiceError("bad_config", `${path} cannot be read (${why}); correct it`, { cause });
	}
	const settings = isRecord(value) ? value : {};
	const env = isRecord(settings["env"]) ? settings["env"] : {};
	const readList = (name) => Array.isArray(settings[name]) ? settings[name] : void 0;
	return {
		path,
		managed,
		marketplaces: {
			path,
			allowed: readList("strictKnownMarketplaces"),
			blocked: readList("blockedMarketplaces")
		},
		disableAllHooks: settings["disableAllHooks"] === true,
		allowManagedHooksOnly: settings["allowManagedHooksOnly"] === true,
		env: Object.fromEntries(Object.entries(env).map(([name, one]) => [name, String(one)]))
	};
}
function isRecord(value) {
	return typeof value === "object" && value !== null;
}
function isSet(value) {
	return value !== void 0 && ![
		"",
		"0",
		"false",
		"no",
		"off"
	].includes(value.toLowerCase());
}
function toHostName(url) {
	return URL.canParse(url) ? new URL(url).hostname : void 0;
}

// src/cli/doctor/check-hosts.ts
async function checkHosts(status) {
	if (status === void 0) return [];
	return require_check_event_clients.attempt("agents", async () => {
		const hosts = await require_shared.askRunning((api) => api.hosts.$get());
		const lanes = await require_shared.askRunning((api) => api.lanes.$get());
		return [...hosts.flatMap(toHostChecks), ...toLaneChecks(lanes, hosts, status)];
	});
}
function toHostChecks({ name, folder, gates, sessions }) {
	const found = `${sessions} ${sessions === 1 ? "session" : "sessions"} found, in ${folder}`;
	return [require_check_event_clients.pass(name, found), ...gates.map(({ gate, isOpen, detail, fix }) => ({
		check: `${name} ${gate}`,
		ok: isOpen,
		detail,
		...fix === void 0 ? {} : { fix }
	}))];
}
function toLaneChecks(lanes, hosts, { sessions }) {
	return lanes.filter(({ name }) => sessions.some(({ lane }) => lane === name) || hosts.some((host) => host.name === name)).map(({ name, wakes, text, receipt, prompts, questions, stop }) => require_check_event_clients.pass(`lane ${name}`, `wakes: ${wakes}; text: ${text}; receipt: ${receipt}; prompts: ${prompts}; questions: ${questions}; stop: ${stop}`));
}

// src/cli/doctor/check-inbox.ts
const DAY_MS = 864e5;
async function checkInboxSide(home, status) {
	const { checkInbox, readBackupState } = await import("../../dist/hub/upkeep/inspect.js");
	const inbox = await require_check_event_clients.attempt("inbox", () => {
		if (status !== void 0) return [checkOldest(home, status)];
		const state = checkInbox(home);
		if (state.kind === "none") return [require_check_event_clients.pass("inbox", "none yet")];
		const untried = state.kind === "untried" ? `; not tried to open: ${state.reason}` : "";
		return [require_check_event_clients.pass("inbox", `${home.database}, sound${untried}`)];
	});
	const backup = await require_check_event_clients.attempt("backup", () => {
		const state = readBackupState(home);
		if (state === void 0) return [require_check_event_clients.pass("backup", "none yet; a hub makes one a day")];
		const { path, madeAt } = state;
		const detail = `${path}, ${require_main.toAgo(madeAt, Date.now())}`;
		if (!(status !== void 0 && status.hub.uptimeMs > DAY_MS) || Date.now() - madeAt < 2 * DAY_MS) return [require_check_event_clients.pass("backup", detail)];
		return [require_check_event_clients.fail("backup", detail, "free disk space (below 10 % none is made), or see the hub's log")];
	});
	return [...inbox, ...backup];
}
function checkOldest(home, { oldestUnseen }) {
	if (oldestUnseen === void 0) return require_check_event_clients.pass("inbox", `${home.database}, nothing unseen in it`);
	const { id, ageMs, why } = oldestUnseen;
	const now = Date.now();
	const reason = why === void 0 ? "" : `: ${why}`;
	return require_check_event_clients.pass("inbox", `${home.database}, oldest unseen ${id} from ${require_main.toAgo(now - ageMs, now)}${reason}`);
}

// src/cli/doctor/one-cause.ts
const isNamed = (name) => ({ check }) => name.test(check);
const RULES = [
	{
		cause: "home",
		follows: ({ check, detail }, home) => check === "hub" || detail === home.detail
	},
	{
		cause: "config",
		follows: isNamed(/^(?:hub|ingress)$/)
	},
	{
		cause: "inbox",
		follows: isNamed(/^hub$/)
	},
	{
		cause: "hub",
		follows: isNamed(/^(?:access|rules|agents|mcp events|probe)/)
	},
	{
		cause: "ingress",
		follows: ({ check, detail }) => check.startsWith("probe") || check.startsWith("channel ") && detail.includes("ingress is down")
	},
	{
		cause: "second poller",
		follows: ({ check, detail }) => check.startsWith("channel ") && detail.includes("another program polls this bot")
	},
	{
		cause: "client",
		follows: ({ check }, { detail }) => check.startsWith("session ") && detail.includes("runs no monitors")
	},
	{
		cause: "policy",
		follows: isNamed(/^(?:session |probe)/)
	},
	{
		cause: "hooks",
		follows: isNamed(/^(?:session |probe)/)
	},
	{
		cause: "marketplace",
		follows: isNamed(/^(?:plugin$|client )/)
	},
	{
		cause: "plugin",
		follows: isNamed(/^client /)
	}
];
function foldCauses(checks) {
	const failed = new Map(checks.flatMap((one) => one.ok ? [] : [[one.check, one]]));
	return checks.map((one) => {
		if (one.ok) return one;
		const rule = RULES.find(({ cause, follows }) => {
			const found = cause === one.check ? void 0 : failed.get(cause);
			return found !== void 0 && follows(one, found);
		});
		return rule === void 0 ? one : require_check_event_clients.warn(one.check, `${one.detail} (because of: ${rule.cause})`);
	});
}

// src/local/file-limit.ts
const ENOUGH_FILES = 1024;

// src/cli/doctor/check-access.ts
async function readAccessChecks() {
	return checkAccess(await require_shared.askRunning((api) => api.access.$get()));
}
async function readRuleChecks() {
	return [checkRules(await require_shared.askRunning((api) => api.rules.$get()))];
}
function checkRules(rules) {
	const [first] = rules.filter(({ noEffect }) => noEffect !== void 0);
	return first === void 0 ? require_check_event_clients.pass("rules", require_main.toCount(rules.length, "rule")) : require_check_event_clients.fail("rules", `rule ${first.id} allows nothing: ${first.noEffect ?? ""}`, "write the command in plain words: sluice rule add --help shows how; sluice rule list shows all of them");
}
function checkAccess({ state, reason, audit, senders, requests }) {
	const rules = state === "damaged" ? require_check_event_clients.fail("access", `damaged (${reason ?? "unknown"}): nobody is admitted to a chat`, "look at sluice access log, then sluice access restore") : require_check_event_clients.pass("access", [
		`${require_main.toCount(senders.length, "sender")} listed`,
		...state === "static" ? ["static"] : [],
		...requests.length === 0 ? [] : [`waiting for you: ${require_main.toCount(requests.length, "change")}, see sluice access list`]
	].join("; "));
	if (audit.damage !== void 0) return [rules, require_check_event_clients.fail("audit", audit.damage, "compare it with a backup; sluice access restore begins anew")];
	const healed = audit.healed === void 0 ? "" : `; before the last restore: ${audit.healed}`;
	return [rules, require_check_event_clients.pass("audit", `${require_main.toCount(audit.rows, "row")}, the chain is whole${healed}`)];
}

// src/cli/doctor/check-tunnel.ts
function checkTunnel(tunnel) {
	if (tunnel === void 0) return [];
	const { by, state, url = "no address", reason = "unknown" } = tunnel;
	const [what, fix] = require_shared.splitReason(reason);
	switch (state) {
		case "up": return [require_check_event_clients.pass("tunnel", `${url} (${by}), reached from outside`)];
		case "starting": return [require_check_event_clients.pass("tunnel", `${by} is starting; look again in a moment`)];
		case "unproven": return [require_check_event_clients.fail("tunnel", `${url} (${by}): ${reason}`, "wait a minute where it is new; else look at this machine's network, and at what the address leads to")];
		case "down": return [require_check_event_clients.fail("tunnel", `${by} is down: ${what}`, fix ?? "it is started again by itself")];
		default: return state;
	}
}

// src/cli/doctor/check-hub.ts
const MIN_NODE = "22.13.0";
async function readStatus(env) {
	if (!await require_shared.isHubUp(env)) return void 0;
	return require_shared.askRunning((api) => api.status.$get());
}
async function checkHubSide(env, status) {
	const home = require_main.locateHome(env);
	const before = [checkNode(), ...await require_check_event_clients.attempt("home", async () => [await checkHome(home)])];
	if (status === void 0) return [
		...before,
		...await require_check_event_clients.attempt("hub", async () => [await checkAbsentHub(home)]),
		checkAbsentSocket(require_main.locateSocket(env)),
		...await checkFreePort(home, env)
	];
	return [
		...before,
		checkHubVersion(status.hub),
		require_check_event_clients.pass("socket", status.hub.socket),
		checkIngress(status.hub),
		...checkTunnel(status.hub.tunnel),
		...checkChannels(status),
		...checkUnknownChannels(status),
		...checkSecondPoller(env, status),
		checkQuiet(status.quiet, status.clock),
		...checkClock(status.clock),
		...checkFiles(status.files),
		...checkSessions(status.sessions, status.events["stored"]),
		...await require_check_event_clients.attempt("access", readAccessChecks),
		...await require_check_event_clients.attempt("rules", readRuleChecks)
	];
}
function checkNode(version = process.versions.node, path = process.execPath) {
	const detail = `${version} (${path})`;
	return require_compare_versions.compareVersions(version, MIN_NODE) >= 0 ? require_check_event_clients.pass("node", detail) : require_check_event_clients.fail("node", detail, `run sluice with Node ${MIN_NODE} or newer, then "sluice connect claude" again`);
}
async function checkHome(home) {
	const detail = require_main.checkSafeFolder(home.path) ? home.path : `${home.path}, not made yet`;
	const { findNetworkDisk, findSyncFolder } = await import("../../dist/hub/process/disk-kind.js");
	const network = findNetworkDisk(home.path);
	const synced = findSyncFolder(home.path);
	if (network === void 0 && synced === void 0) return require_check_event_clients.pass("home", detail);
	const where = network === void 0 ? `lies in ${synced}, whose program copies the inbox while it is written` : `lies on ${network}, where a hub does not start`;
	return require_check_event_clients.fail("home", `${detail} ${where}`, "set SLUICE_HOME to a folder on a disk of this machine");
}
async function checkAbsentHub(home) {
	const silent = await require_shared.findSilentHub();
	return silent === void 0 ? require_check_event_clients.fail("hub", "none runs, so nothing is received", "sluice up") : require_check_event_clients.fail("hub", `pid ${silent.pid} has the home but does not answer; its log is in ${home.logDir}`, "sluice down, then sluice up");
}
function checkAbsentSocket(socket) {
	return require_check_event_clients.pass("socket", (0, node_fs.existsSync)(socket) ? `${socket}, left behind; the next hub clears it` : socket);
}
function checkHubVersion(hub, ours = require_main.VERSION, build = require_build.readBuild()) {
	const order = require_compare_versions.compareVersions(hub.version, ours);
	const detail = `version ${hub.version}, pid ${hub.pid}`;
	if (order < 0) return require_check_event_clients.fail("hub", `${detail}, older than this command (${ours})`, "sluice up");
	if (order > 0) return require_check_event_clients.fail("hub", `${detail}, newer than this command (${ours})`, "use the sluice that the hub came from, or update this one");
	if (hub.build !== build) return require_check_event_clients.fail("hub", `${detail}, of another build than this command`, "sluice up");
	return require_check_event_clients.pass("hub", detail);
}
function checkIngress({ ingress }) {
	const where = require_shared.toAddress(ingress.host, ingress.port);
	if (ingress.state === "up") return require_check_event_clients.pass("ingress", `listens on ${where}${require_shared.toReach(ingress.host)}`);
	const reason = ingress.reason === void 0 ? "" : `: ${ingress.reason}`;
	if (ingress.state === "off") return require_check_event_clients.pass("ingress", `off${reason}`);
	return require_check_event_clients.fail("ingress", `down on ${where}${reason}`, "end the program that holds the port, and ingress opens automatically; or sluice up --port <n>");
}
async function checkFreePort(home, env) {
	const [{ readConfig }, { readPortHolder }] = await Promise.all([import("../../dist/hub/settings/config.js"), import("../../dist/ingress/port-holder.js")]);
	let port = 0;
	const unread = await require_check_event_clients.attempt("config", () => {
		const { ingress } = readConfig(home.config);
		const wanted = env["SLUICE_INGRESS_PORT"] ?? "";
		port = ingress.frozen || wanted === "" ? ingress.port : Number(wanted);
		return [];
	});
	if (unread.length > 0) return unread;
	return require_check_event_clients.attempt("ingress", async () => [await checkPort(port, readPortHolder)]);
}
async function checkPort(port, readPortHolder) {
	if (port === 0) return require_check_event_clients.pass("ingress", "takes any free port");
	const holder = await readPortHolder(port);
	if (holder === void 0) return require_check_event_clients.pass("ingress", `port ${port} is free`);
	if (holder.pid === (await require_shared.findSilentHub())?.pid) return require_check_event_clients.pass("ingress", `port ${port} is held by the hub itself (pid ${holder.pid})`);
	return require_check_event_clients.fail("ingress", `port ${port} is held by ${holder.command} (pid ${holder.pid})`, "end that program, then sluice up; or sluice up --port <n>");
}
const MORE = "sluice channels tells more";
function checkChannels({ channels }) {
	if (channels.length === 0) return [require_check_event_clients.pass("channels", "none yet; \"sluice add webhook\" makes one")];
	return channels.map((channel) => {
		const { name, kind, reason, waitsForIngress } = channel;
		const state = require_shared.toChannelState(channel);
		const parts = require_shared.toRefusedParts(channel, Date.now());
		const refused = parts.length === 0 ? "" : `; refused ${parts.join(", ")}`;
		const [note] = channel.code?.notes ?? [];
		const said = note === void 0 ? "" : `; ${note}`;
		const detail = `${kind}, ${state}${reason === void 0 ? "" : `: ${reason}`}${refused}${said}`;
		if (reason !== void 0 && [
			"paused",
			"refusing",
			"retrying"
		].includes(state)) {
			const [what, fix = MORE] = require_shared.splitReason(reason);
			return require_check_event_clients.fail(`channel ${name}`, `${kind}, ${state}: ${what}${refused}`, fix);
		}
		if (state !== "down") return require_check_event_clients.pass(`channel ${name}`, detail);
		if (waitsForIngress === true) return require_check_event_clients.warn(`channel ${name}`, detail);
		const [what, fix = MORE] = require_shared.splitReason(reason ?? "");
		return require_check_event_clients.fail(`channel ${name}`, `${kind}, down: ${what}${refused}${said}`, fix);
	});
}
function checkUnknownChannels({ refused }) {
	const unknown = refused.find(({ channel, reason }) => channel === "-" && reason === "no_channel");
	if (unknown === void 0) return [];
	const last = unknown.lastAt === void 0 ? "" : `, the last ${require_main.toAgo(unknown.lastAt, Date.now())}`;
	return [require_check_event_clients.pass("unknown channels", `${require_main.toCount(unknown.count, "request")} for channels that are not there${last}; compare the sender's URL with sluice channels`)];
}
function checkSecondPoller(env, { channels }) {
	if (!channels.some(({ kind }) => kind === "telegram")) return [];
	const folder = require_official_folder.locateOfficialFolder(env);
	const pid = require_official_folder.findOfficialPoller(folder);
	return pid === void 0 ? [] : [require_check_event_clients.fail("second poller", `Claude Code's Telegram plugin polls too (pid ${pid}, ${folder}); with the same bot each takes the other's messages`, "give one of them a bot of its own (@BotFather makes it), or switch that plugin off in Claude Code's /plugin")];
}
function checkQuiet(quiet, clock) {
	if (quiet === void 0) return require_check_event_clients.pass("quiet hours", "none");
	const now = quiet.active ? "they hold now: only urgent events wake sessions" : "not now";
	const named = require_shared.toQuietZoneText(quiet, clock);
	const zone = named === void 0 ? "" : ` ${named}`;
	return require_check_event_clients.pass("quiet hours", `from ${quiet.from} to ${quiet.to}${zone}; ${now}`);
}
function checkClock(clock) {
	if (clock === void 0) return [];
	const { now, zone, wentForward } = clock;
	const time = `${toTime(now)}, time zone ${require_shared.toZoneText(zone)}`;
	if (wentForward === void 0) return [require_check_event_clients.pass("clock", time)];
	const { from, to } = wentForward;
	return [require_check_event_clients.pass("clock", `${time}; it went from ${toTime(from)} to ${toTime(to)} and nobody saw that time pass: nothing expires or is forgotten because of it; if it is wrong, set it`)];
}
function checkFiles(files) {
	if (files === void 0) return [];
	const { limit, connections, isLow } = files;
	const detail = `${limit === void 0 ? "no limit" : `${limit} at once`}, ${connections} of them for connections of senders`;
	return [isLow ? require_check_event_clients.fail("open files", detail, `sluice down, then sluice up in a shell where "ulimit -n" is ${ENOUGH_FILES} or more`) : require_check_event_clients.pass("open files", detail)];
}
function toTime(at) {
	return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}
function checkSessions(sessions, waiting = 0) {
	if (sessions.length === 0 && waiting > 0) return [require_check_event_clients.warn("sessions", `none is open, and ${require_main.toCount(waiting, "event")} ${waiting === 1 ? "waits" : "wait"}`, "start claude; if it does not appear in sluice sessions, run sluice connect claude")];
	if (sessions.length === 0) return [require_check_event_clients.pass("sessions", "none is open; what comes will wait")];
	return sessions.map((session) => {
		const check = `session ${session.label}`;
		const { lane, state, reason, target, held, silence, client, laneFacts = [] } = session;
		const protocol = client.protocol === void 0 ? "" : ` (MCP ${client.protocol})`;
		const detail = [
			`lane ${lane}, ${state === "none" ? "delivery not tested yet (sluice doctor --probe tests it)" : state}`,
			...target ? [] : ["no delivery target until it shows a sign of life"],
			...laneFacts,
			...client.background === true ? ["in the background"] : [],
			...reason === void 0 ? [] : [reason],
			...held === void 0 || held === reason || !target ? [] : [`now: ${held}`],
			...silence === void 0 || silence === held ? [] : [silence],
			`${client.name} ${client.version}${protocol}, pid ${client.pid}, ${session.cwd}`
		].join("; ");
		return target && (state === "unproven" || session.isStuck === true) ? require_check_event_clients.fail(check, detail, "look at its terminal: a dialog may stand open there; if none does, restart that session") : silence === void 0 ? require_check_event_clients.pass(check, detail) : require_check_event_clients.warn(check, detail, "look at its terminal");
	});
}

// src/cli/commands/doctor.ts
const doctor = require_shared.defineCommand({
	description: "Checks everything that an event passes on its way into a session, and says how to fix what is wrong. Changes nothing, except that --probe wakes a session once. Exits 1 when a check fails.",
	args: {
		probe: require_shared.flag("Send a marked test event through every hop, as a sender would; costs one short turn of the session that gets it"),
		session: require_shared.option("id or label", "Probe delivery to this session"),
		wait: require_shared.option("time", "How long the probe may take, such as 30s or 5m (default: 60s)"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice doctor",
		"sluice doctor --probe",
		"sluice doctor --json"
	],
	async run({ args }) {
		const timeoutMs = require_duration.parseDuration("--wait", args.wait ?? "60s");
		if (args.probe !== true && (args.session ?? args.wait) !== void 0) throw require_main.toUsageFault("--session and --wait need --probe");
		const { session: name } = args;
		const session = name !== void 0 && await isUp() ? await require_shared.callHub((api) => require_pick_session.findOpenSession(api, name)) : void 0;
		const found = await examine();
		if (args.probe === true) {
			if (args.json !== true) require_main.printNote(`probing, up to ${Math.round(timeoutMs / 1e3)} s`);
			found.push(...await probe(session, timeoutMs));
		}
		const checks = foldCauses(found);
		if (args.json === true) require_main.printJson(checks);
		else require_main.printLines(renderChecks(checks));
		if (checks.some((check) => !check.ok)) process.exitCode = 1;
	}
});
async function isUp() {
	return require_shared.isHubUp(process.env).catch(() => false);
}
async function examine() {
	const { env } = process;
	let status;
	const answered = await require_check_event_clients.attempt("hub", async () => {
		status = await readStatus(env);
		return [];
	});
	const ofHub = await checkHubSide(env, status);
	return [
		...answered.length === 0 ? ofHub : ofHub.filter(({ check }) => check !== "hub"),
		...answered,
		...await checkInboxSide(require_main.locateHome(env), status),
		...await checkClaudeSide(env, require_connect_claude.readWorkingFolder(), status),
		...await checkHosts(status),
		...status === void 0 ? [] : await require_check_event_clients.attempt("mcp events", readEventClients)
	];
}
async function readEventClients() {
	return require_check_event_clients.checkEventClients(await require_shared.askRunning((api) => api.clients.events.$get()));
}
function probe(session, timeoutMs) {
	return require_check_event_clients.attempt("probe", async () => {
		if (!await isUp()) throw new require_main.SluiceError("hub_unreachable", "no hub to send it through; \"sluice up\" starts one");
		const json = {
			timeoutMs,
			...session === void 0 ? {} : { session }
		};
		return (await require_shared.askRunning((api) => api.probe.$post({ json }))).map(({ hop, ok, detail, fix }) => ({
			check: `probe ${hop}`,
			ok,
			detail,
			...fix === void 0 ? {} : { fix }
		}));
	});
}
function renderChecks(checks) {
	const width = Math.max(...checks.map(({ check }) => require_main.toWidth(require_main.toLine(check))));
	const lines = checks.flatMap(({ check, ok, warning, detail, fix }) => {
		const name = require_main.toLine(check);
		const line = `${!ok ? require_main.paint("red", "!!") : warning === true ? require_main.paint("yellow", "??") : require_main.paint("green", "ok")}  ${name}${" ".repeat(width - require_main.toWidth(name))}  ${require_main.toLine(detail)}`;
		return fix === void 0 ? [line] : [line, `${" ".repeat(width + 6)}fix: ${require_main.toLine(fix)}`];
	});
	const failed = checks.filter(({ ok }) => !ok).length;
	const warnings = checks.filter(({ warning }) => warning === true).length;
	const verdict = failed === 0 ? "Nothing stops delivery." : `${failed} of ${checks.length} checks failed.`;
	return [
		...lines,
		"",
		warnings === 0 ? verdict : `${verdict} ${require_main.toCount(warnings, "warning")} (marked ??).`
	];
}

exports.doctor = doctor;
exports.renderChecks = renderChecks;