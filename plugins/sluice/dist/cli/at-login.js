const require_shared = require("./shared.js");
const require_find_program = require("./find-program.js");
const require_main = require("./main.js");
const require_installation = require("./installation.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_child_process = require("node:child_process");
let node_os = require("node:os");
let dist_hub_settings_private_file_js = require("../../dist/hub/settings/private-file.js");

// src/local/user-name.ts
function readUserName() {
	try {
		return (0, node_os.userInfo)().username;
	} catch {
		return;
	}
}

// src/cli/at-login/unit.ts
function toUnitName(home, isDefault) {
	if (isDefault) return "sluice";
	const { createHash } = process.getBuiltinModule("node:crypto");
	return `sluice-${createHash("sha256").update(home).digest("hex").slice(0, 8)}`;
}
function toSystemdUnit({ command, env, home }) {
	const variables = Object.entries(env).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}`);
	return [
		"# Made by `sluice up --at-login`; `sluice down --at-login` takes it away.",
		"[Unit]",
		`Description=Sluice hub of ${escapePercent(home)}`,
		"",
		"[Service]",
		`ExecStart=${command.map(quoteCommand).join(" ")}`,
		...variables,
		"UMask=0077",
		"Restart=on-failure",
		"RestartSec=5",
		"RestartPreventExitStatus=2 78",
		"KillMode=mixed",
		"TimeoutStopSec=15",
		"",
		"[Install]",
		"WantedBy=default.target",
		""
	].join("\n");
}
function quote(text) {
	return `"${escapePercent(text).replace(/["\\]/g, "\\$&")}"`;
}
function quoteCommand(word) {
	return quote(word).replaceAll("$", "$$$$");
}
function escapePercent(text) {
	return text.replaceAll("%", "%%");
}
function toLaunchAgent(label, { command, env, home }) {
	const strings = command.map((word) => `    <string>${escapeXml(word)}</string>`);
	const pairs = Object.entries(env).map(([name, value]) => `    <key>${escapeXml(name)}</key>\n    <string>${escapeXml(value)}</string>`);
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Made by "sluice up" with the flag at-login; "sluice down" with the same flag takes it away. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escapeXml(label)}</string>
  <key>ProgramArguments</key>
  <array>
${strings.join("\n")}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${pairs.join("\n")}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>Umask</key>
  <integer>63</integer>
  <key>WorkingDirectory</key>
  <string>/</string>
  <key>StandardErrorPath</key>
  <string>${escapeXml(home)}/log/login.log</string>
</dict>
</plist>
`;
}
function escapeXml(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
function toWindowsLine(distribution, { command }) {
	return `schtasks /Create /F /SC ONLOGON /TN Sluice /TR "wsl.exe -d ${distribution} --exec ${command.map((word) => /\s/.test(word) ? `\\"${word}\\"` : word).join(" ")}"`;
}

// src/cli/at-login/at-login.ts
const CALL_MS = 2e4;
const NOT_KEPT = /^(?:NO_COLOR|TMPDIR|LC_.*|XDG_(?!CONFIG_HOME|DATA_HOME|STATE_HOME|CACHE_HOME).*)$/;
async function startAtLogin(env) {
	const start = toLoginStart(env);
	const manager = requireManager(env, start);
	await probe(manager, start);
	(0, node_fs.mkdirSync)((0, node_path.dirname)(manager.path), { recursive: true });
	(0, dist_hub_settings_private_file_js.writePrivateFile)(manager.path, manager.text);
	for (const call of manager.on) await run(call);
	return {
		...readAtLogin(env),
		notes: toNotes(manager, start)
	};
}
async function stopAtLogin(env) {
	const manager = findManager(env, toLoginStart(env));
	if (manager === void 0 || !isThere(manager.path)) return false;
	const isAnswering = await run(manager.probe).then(() => true, () => false);
	if (isAnswering) await run(manager.off[0] ?? []).catch(() => void 0);
	(0, node_fs.rmSync)(manager.path, { force: true });
	if (isAnswering) for (const call of manager.off.slice(1)) await run(call);
	return true;
}
function readAtLogin(env) {
	if (env["HOME"] === void 0) return { state: "unsupported" };
	const manager = findManager(env, toLoginStart(env));
	if (manager === void 0) return { state: "unsupported" };
	const { by, path } = manager;
	if (!isThere(path)) return {
		state: "off",
		by
	};
	if (!(0, node_fs.existsSync)(path) || !manager.isEnabled()) return {
		state: "off",
		by,
		path
	};
	const gone = listPaths((0, node_fs.readFileSync)(path, "utf8")).find((one) => !(0, node_fs.existsSync)(one));
	return gone === void 0 ? {
		state: "on",
		by,
		path
	} : {
		state: "stale",
		by,
		path,
		reason: `it would start ${gone}, which is gone; "sluice up --at-login" writes it anew`
	};
}
function isThere(path) {
	return (0, node_fs.lstatSync)(path, { throwIfNoEntry: false }) !== void 0;
}
function describeAtLogin(env) {
	const manager = requireManager(env, toLoginStart(env));
	const commands = manager.on.map((call) => require_main.toShellCommand([...call]));
	return {
		path: manager.path,
		text: manager.text,
		commands
	};
}
function toLoginStart(env) {
	const { node, cli } = require_installation.locateInstallation();
	const home = require_main.locateHome(env).path;
	const kept = Object.entries(require_shared.toHubEnvironment(env)).filter(([name]) => !NOT_KEPT.test(name));
	return {
		command: [
			node,
			...require_shared.HUB_NODE_ARGS,
			cli,
			...require_shared.HUB_ARGS
		],
		env: {
			...Object.fromEntries(kept),
			SLUICE_HOME: home
		},
		home
	};
}
function requireManager(env, start) {
	const installation = require_installation.locateInstallation();
	if (require_installation.isInNpxCache(installation) || require_installation.isPlugin(installation)) throw new require_main.SluiceError("bad_config", `this Sluice lies where another program replaces it (${installation.root}), so nothing may start it from there; install it with "npm install --global sluice", and use that one`);
	requirePlain(start);
	const manager = findManager(env, start);
	if (manager !== void 0) return manager;
	throw toUnsupported("this system has neither systemd nor launchd", start);
}
function requirePlain({ command, env }) {
	const isPlain = (text) => !/[\p{Cc}\u2028\u2029]/u.test(text);
	const name = Object.keys(env).find((one) => !isPlain(`${one}=${env[one]}`));
	const what = name !== void 0 ? `the variable ${JSON.stringify(name)}` : command.every(isPlain) ? void 0 : "the path of this installation";
	if (what === void 0) return;
	throw new require_main.SluiceError("bad_config", `${what} holds a line break or another control character, which cannot stand in a file of the service manager, so nothing was written; change it, then try again`);
}
function findManager(env, start) {
	const isDefault = start.home === (0, node_path.join)(env["HOME"] ?? (0, node_os.homedir)(), ".sluice");
	const name = toUnitName(start.home, isDefault);
	if (process.platform === "darwin") return toLaunchd(env, name, start);
	const user = readUserName();
	if (process.platform === "linux" && user !== void 0 && require_find_program.findProgram("systemctl", env) !== void 0) return toSystemd(env, name, start, user);
}
function toSystemd(env, name, start, user) {
	const config = env["XDG_CONFIG_HOME"] ?? (0, node_path.join)(require_main.requireUserFolder(env), ".config");
	const folder = (0, node_path.join)(config, "systemd", "user");
	const unit = `${name}.service`;
	const call = (...args) => [
		"systemctl",
		"--user",
		...args
	];
	return {
		by: "systemd",
		path: (0, node_path.join)(folder, unit),
		text: toSystemdUnit(start),
		probe: call("show-environment"),
		on: [call("daemon-reload"), call("enable", unit)],
		off: [call("disable", unit), call("daemon-reload")],
		isEnabled: () => (0, node_fs.existsSync)((0, node_path.join)(folder, "default.target.wants", unit)),
		...(0, node_fs.existsSync)(`/var/lib/systemd/linger/${user}`) ? {} : { note: `it starts when you log in; to start it with the machine, without a login: loginctl enable-linger ${user}` }
	};
}
function toLaunchd(env, name, start) {
	const label = `dev.sluice.${name === "sluice" ? "hub" : name}`;
	const path = (0, node_path.join)(require_main.requireUserFolder(env), "Library", "LaunchAgents", `${label}.plist`);
	const domain = `gui/${process.getuid?.() ?? ""}`;
	return {
		by: "launchd",
		path,
		text: toLaunchAgent(label, start),
		probe: [
			"launchctl",
			"print",
			domain
		],
		on: [[
			"launchctl",
			"enable",
			`${domain}/${label}`
		], [
			"launchctl",
			"bootstrap",
			domain,
			path
		]],
		off: [[
			"launchctl",
			"bootout",
			`${domain}/${label}`
		]],
		isEnabled: () => true
	};
}
async function probe(manager, start) {
	try {
		await run(manager.probe);
	} catch (thrown) {
		const why = thrown instanceof Error ? thrown.message : String(thrown);
		throw toUnsupported(`${manager.by} does not answer for this user (${why})`, start);
	}
}
function toUnsupported(why, start) {
	const { WSL_DISTRO_NAME: distribution } = process.env;
	const command = require_main.toShellCommand([...start.command]);
	const other = distribution === void 0 ? `have your own way of starting programs run this: ${require_main.toShellCommand([`SLUICE_HOME=${start.home}`])} ${command} (with cron: @reboot in "crontab -e")` : `type this in Windows: ${toWindowsLine(distribution, start)}`;
	return new require_main.SluiceError("unsupported", `${why}, so nothing was written; ${other}`);
}
function toNotes({ note }, start) {
	const { WSL_DISTRO_NAME: distribution } = process.env;
	return [...note === void 0 ? [] : [note], ...distribution === void 0 ? [] : [`Windows starts this distribution only when somebody uses it; to have it started at login, type there: ${toWindowsLine(distribution, start)}`]];
}
function listPaths(text) {
	return [...(/^ExecStart=(.*)$/m.exec(text)?.[1] ?? /<array>([\s\S]*?)<\/array>/.exec(text)?.[1] ?? "").matchAll(/"((?:[^"\\]|\\.)*)"|<string>([^<]*)<\/string>/g)].map(([, quoted, xml = ""]) => quoted === void 0 ? xml.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&") : quoted.replace(/\\(.)/g, "$1").replaceAll("%%", "%").replaceAll("$$", "$")).filter((word) => word.startsWith("/"));
}
function run([program = "", ...args]) {
	return new Promise((resolve, reject) => {
		(0, node_child_process.execFile)(program, args, {
			timeout: CALL_MS,
			windowsHide: true
		}, (fault, stdout, stderr) => {
			if (fault === null) return resolve(stdout);
			const said = stderr.trim().split("\n").at(-1) ?? "";
			reject(new require_main.SluiceError("unsupported", `${require_main.toShellCommand([program, ...args])} failed${said === "" ? "" : `: ${said}`}`, { cause: fault }));
		});
	});
}

exports.describeAtLogin = describeAtLogin;
exports.readAtLogin = readAtLogin;
exports.startAtLogin = startAtLogin;
exports.stopAtLogin = stopAtLogin;