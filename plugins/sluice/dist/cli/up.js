const require_build = require("./build.js");
const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_tunnel_flags = require("./tunnel-flags.js");
let node_path = require("node:path");

// src/cli/commands/up.ts
const up = require_shared.defineCommand({
	description: "Starts the hub, the one local process that receives events and keeps them. Clients start it when they need it; use this to have it running earlier. Does nothing if it already runs; one of an older version, or of another build, is replaced by this one.",
	args: {
		foreground: require_shared.flag("Stay in this terminal and log here"),
		host: {
			type: "string",
			description: "Address that ingress listens on, remembered for later starts (default: 127.0.0.1, this machine only)"
		},
		port: require_shared.option("n", "Port of ingress, remembered for later starts; senders then need the new URL"),
		"tls-cert": {
			type: "string",
			description: "Certificate (PEM) for ingress; with --tls-key"
		},
		"tls-key": {
			type: "string",
			description: "Its key (PEM)"
		},
		"client-ca": {
			type: "string",
			description: "Only clients with a certificate signed by this authority (PEM) may connect"
		},
		...require_tunnel_flags.TUNNEL_ARGS,
		"at-login": require_shared.flag("Also start it at each login from now on (systemd, launchd), so that it is there after a reboot"),
		print: require_shared.flag("With --at-login: print what would be written and run, and do nothing"),
		detached: { type: "boolean" },
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice up",
		"sluice up --tunnel",
		"sluice up --at-login"
	],
	async run({ args }) {
		const change = toIngressChange(args);
		const isMore = args.tunnel !== void 0 || args["tunnel-url"] !== void 0 || args["at-login"] === true;
		if (args.print === true) return printAtLogin(args["at-login"] === true, args.json === true);
		if (args.foreground === true && isMore) throw require_main.toUsageFault("--tunnel and --at-login cannot be given with --foreground; leave it out");
		if (args.foreground === true && change !== void 0) throw require_main.toUsageFault("ingress settings cannot be given with --foreground; leave it out");
		if (args.foreground === true) return runHere(args.detached === true, args.json === true);
		if (args.detached === true) throw require_main.toUsageFault("--detached needs --foreground");
		const { replaceOlderHub } = await Promise.resolve().then(() => require("./replace-hub.js")).then((n) => n.replace_hub_exports);
		const outcome = await replaceOlderHub({
			env: process.env,
			entry: require_shared.toHubEntry(),
			version: require_main.VERSION,
			build: require_build.readBuild(),
			timeoutMs: require_shared.START_TIMEOUT_MS
		});
		if (outcome.kind === "replaced") require_main.printNote(outcome.before === "0.1.0" ? `the hub of another build of ${require_main.VERSION} gave way to this one` : `the hub of version ${outcome.before} gave way to ${require_main.VERSION}`);
		if (outcome.kind === "newer") require_main.printNote(`the hub that runs is newer (${outcome.running}) than this Sluice (${require_main.VERSION}); left alone`);
		await require_shared.startHub();
		if (change !== void 0) await require_shared.askRunning((api) => api.ingress.$post({ json: {
			caller: require_shared.readCallerFacts(),
			...change
		} }));
		const login = args["at-login"] === true ? await registerLogin() : void 0;
		const wanted = await require_tunnel_flags.readTunnel(args);
		const opened = wanted === void 0 ? void 0 : await require_tunnel_flags.openTunnel(wanted);
		const hub = await require_shared.askRunning((api) => api.hub.$get());
		const { pid, socket, ingress, tunnel, web } = hub;
		if (args.json === true) require_main.printJson({
			pid,
			socket,
			ingress,
			web,
			...tunnel === void 0 ? {} : { tunnel },
			...login === void 0 ? {} : { atLogin: login }
		});
		else {
			require_main.printLines(require_shared.renderHub(hub));
			if (opened?.isLasting === false) require_main.printLines(require_tunnel_flags.renderTunnel(opened).slice(1));
			if (login !== void 0) require_main.printLines(renderLogin(login));
		}
		if (ingress.state === "down") process.exitCode = 1;
	}
});
async function registerLogin() {
	const { startAtLogin } = await Promise.resolve().then(() => require("./at-login.js"));
	return startAtLogin(process.env);
}
function renderLogin({ by, path, notes }) {
	return [`login    ${by} starts it from now on (${require_main.toLine(path ?? "")})`, ...notes.map(require_main.toLine)];
}
async function printAtLogin(isLogin, json) {
	if (!isLogin) throw require_main.toUsageFault("--print goes with --at-login");
	const { describeAtLogin } = await Promise.resolve().then(() => require("./at-login.js"));
	const { path, text, commands } = describeAtLogin(process.env);
	if (json) return require_main.printJson({
		path,
		text,
		commands
	});
	require_main.printLines([
		`# ${path}`,
		text.trimEnd(),
		"",
		"# then",
		...commands
	]);
}
function toIngressChange(args) {
	const { host, port, "tls-cert": cert, "tls-key": key, "client-ca": clientCa } = args;
	if (cert === void 0 !== (key === void 0)) throw require_main.toUsageFault("--tls-cert and --tls-key belong together");
	if (port !== void 0 && (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535)) throw require_main.toUsageFault(`--port ${port} is not a number from 1 to 65535`);
	const change = {
		...host === void 0 ? {} : { host },
		...port === void 0 ? {} : { port: Number(port) },
		...cert === void 0 || key === void 0 ? {} : { tls: {
			cert: (0, node_path.resolve)(cert),
			key: (0, node_path.resolve)(key)
		} },
		...clientCa === void 0 ? {} : { clientCa: (0, node_path.resolve)(clientCa) }
	};
	return Object.keys(change).length === 0 ? void 0 : change;
}
async function runHere(detached, json) {
	if (json) throw require_main.toUsageFault("--foreground logs here and takes no --json");
	const { runHub } = await import("../../dist/hub/run.js");
	try {
		await runHub({
			env: process.env,
			detached
		});
	} catch (thrown) {
		if (!require_main.isSluiceError(thrown, "hub_running")) throw thrown;
		require_main.printNote(thrown.message);
	}
}

exports.up = up;