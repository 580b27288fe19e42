const require_shared = require("./shared.js");
const require_access_wire = require("./access-wire.js");
const require_find_program = require("./find-program.js");
const require_main = require("./main.js");
let node_timers_promises = require("node:timers/promises");
let dist_hub_tunnel_tools_js = require("../../dist/hub/tunnel/tools.js");

// src/api/wire/tunnel-wire.ts
const TUNNEL_TOOL_NAMES = [
	"cloudflared",
	"tailscale",
	"ngrok"
];
const publicUrlSchema = require_access_wire.string().max(512).regex(/^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?$/, "must be an https address without a path, such as https://hooks.example.com");
const program = require_access_wire.string().min(1).max(4096).startsWith("/", "must be an absolute path");
const tunnelSchema = require_access_wire.strictObject({
	by: require_access_wire._enum([...TUNNEL_TOOL_NAMES, "own"]),
	program: program.optional(),
	name: require_access_wire.string().regex(/^[A-Za-z0-9][\w.-]{0,127}$/, "must be a tunnel's name or id").optional(),
	url: publicUrlSchema.optional()
}).refine(({ by, url }) => by !== "own" || url !== void 0, "needs a url").refine(({ by, program }) => by === "own" || program !== void 0, "needs the program's path");
const tunnelCallSchema = require_access_wire.strictObject({
	caller: require_access_wire.callerSchema,
	tunnel: require_access_wire.union([
		tunnelSchema,
		require_access_wire.literal("earlier"),
		require_access_wire._null()
	])
});
const hookCallSchema = require_access_wire.strictObject({
	caller: require_access_wire.callerSchema,
	target: require_access_wire.string().min(1).max(256),
	events: require_access_wire.array(require_access_wire.string().regex(/^(?:\*|[a-z_]{1,64})$/, "must be names of events")).max(100),
	program: program.optional(),
	token: require_access_wire.string().min(1).max(4096).optional()
});

// src/cli/reach/tunnel-flags.ts
const POLL_MS = 250;
const PROOF_MS = 15e3;
const START_MS = 6e4;
const ALLOW_MS = 3e5;
const TUNNEL_ARGS = {
	tunnel: {
		type: "enum",
		options: [
			"auto",
			...TUNNEL_TOOL_NAMES,
			"off"
		],
		bare: "auto",
		description: "Have the hub open a tunnel, so that senders elsewhere reach ingress (and nothing else of this machine), and keep it open from now on; without a value the first of these that is installed"
	},
	"tunnel-name": require_shared.option("name", "With --tunnel cloudflared: a named tunnel of your account"),
	"tunnel-url": require_shared.option("https-url", "The address that your named tunnel or ngrok domain has; without --tunnel, that of a tunnel or proxy that you run yourself")
};
async function readTunnel(flags) {
	const { tunnel, "tunnel-name": name, "tunnel-url": given } = flags;
	const url = given?.replace(/\/+$/, "");
	if (tunnel === void 0 && name !== void 0) throw require_main.toUsageFault("--tunnel-name goes with --tunnel cloudflared");
	if (tunnel === "off") {
		if (name !== void 0 || url !== void 0) throw require_main.toUsageFault("--tunnel off takes no --tunnel-name and no --tunnel-url");
		return null;
	}
	if (tunnel === void 0) return url === void 0 ? void 0 : parse({
		by: "own",
		url
	});
	if (tunnel === "auto" && name === void 0 && url === void 0) {
		const known = await require_shared.ask((api) => api.tunnel.$get());
		if (known !== null && known.state !== "down") return void 0;
	}
	const { tool, program } = chooseTool(tunnel);
	return parse({
		by: tool.name,
		program,
		...name === void 0 ? {} : { name },
		...url === void 0 ? {} : { url }
	});
}
function parse(request) {
	const parsed = tunnelSchema.safeParse(request);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const flag = issue?.path[0] === "name" ? "--tunnel-name" : "--tunnel-url";
	throw require_main.toUsageFault(`${flag} ${issue?.message ?? "has a wrong shape"}`);
}
function chooseTool(wanted) {
	const found = dist_hub_tunnel_tools_js.TUNNEL_TOOLS.flatMap((tool) => {
		const program = require_find_program.findProgram(tool.name, process.env, tool.places);
		return program === void 0 ? [] : [{
			tool,
			program
		}];
	});
	const chosen = wanted === "auto" ? found[0] : found.find(({ tool }) => tool.name === wanted);
	if (chosen !== void 0) return chosen;
	const missing = dist_hub_tunnel_tools_js.TUNNEL_TOOLS.filter(({ name }) => wanted === "auto" || name === wanted);
	const lines = missing.map((tool) => `  ${tool.name}: ${(0, dist_hub_tunnel_tools_js.toInstallLine)(tool)}`);
	const others = found.length === 0 || wanted === "auto" ? "" : `\nInstalled is: ${found.map(({ tool }) => tool.name).join(", ")}`;
	throw new require_main.SluiceError("unsupported", `${wanted === "auto" ? "no program for a tunnel is" : `${wanted} is not`} installed; nothing was changed. Install${missing.length > 1 ? " one of them" : ""}:\n${lines.join("\n")}${others}`);
}
async function openTunnel(tunnel) {
	const caller = require_shared.readCallerFacts();
	const before = await require_shared.ask((api) => api.tunnel.$get());
	await require_shared.ask((api) => api.tunnel.$put({ json: {
		caller,
		tunnel
	} }));
	if (tunnel === null) return void 0;
	try {
		const view = await waitForTunnel();
		if (view?.state === "unproven" && before?.state === "up") throw new require_main.SluiceError("unsupported", `no public address: ${view.reason ?? "unknown"}`);
		return view;
	} catch (thrown) {
		const earlier = await putTunnelBack();
		if (earlier === void 0 || !require_main.isSluiceError(thrown)) throw thrown;
		const name = earlier.by === "own" ? "your own" : earlier.by;
		throw new require_main.SluiceError(thrown.code, `${thrown.message}; the earlier tunnel (${name}) is put back`, { cause: thrown });
	}
}
async function putTunnelBack() {
	const json = {
		caller: require_shared.readCallerFacts(),
		tunnel: "earlier"
	};
	return await require_shared.callHub((api) => require_shared.read(api.tunnel.$put({ json }))) ?? void 0;
}
async function waitForTunnel() {
	const mayAllow = require_shared.isAtTerminal(require_shared.readCallerFacts());
	const startedAt = Date.now();
	let addressAt;
	let said = "";
	const say = (text) => {
		if (text !== said) require_main.printNote(text);
		said = text;
	};
	return require_shared.withHub(async (api) => {
		for (;;) {
			const view = await require_shared.read(api.tunnel.$get());
			if (view === null) return void 0;
			const { by, state, url, reason = "unknown", pid } = view;
			const waited = Date.now() - startedAt;
			if (state === "up") return view;
			if (url !== void 0) {
				addressAt ??= Date.now();
				say(`${by === "own" ? "" : `${by} gave `}${url}; checking it from outside`);
			}
			const isTried = by === "own" || Date.now() - (addressAt ?? Date.now()) >= PROOF_MS;
			if (state === "unproven" && isTried) return view;
			const asksOwner = state === "down" && pid !== void 0;
			if (asksOwner && mayAllow) say(reason);
			const limitMs = asksOwner && mayAllow ? ALLOW_MS : START_MS;
			if (state === "down" && !(asksOwner && mayAllow) || waited >= limitMs) throw new require_main.SluiceError("unsupported", `no public address: ${state === "starting" ? `${by} has given none in ${limitMs / 1e3} s` : reason}`);
			await (0, node_timers_promises.setTimeout)(POLL_MS);
		}
	});
}
function renderTunnel(view) {
	const { by, state, url = "", reason, isLasting, isFound } = view;
	const who = by === "own" ? "yours" : isFound === true ? `${by}, which runs already` : by;
	const proof = state === "up" ? require_main.paint("green", "reached from outside") : require_main.paint("yellow", `not reached from outside yet: ${require_main.toLine(reason ?? "unknown")}`);
	return [`tunnel   ${require_main.toLine(url)} (${who}), ${proof}`, ...isLasting ? [] : ["         A restart of it brings another address: hooks that Sluice makes follow by themselves, other senders need the new URL."]];
}

Object.defineProperty(exports, "TUNNEL_ARGS", {
  enumerable: true,
  get: function () {
    return TUNNEL_ARGS;
  }
});
Object.defineProperty(exports, "openTunnel", {
  enumerable: true,
  get: function () {
    return openTunnel;
  }
});
Object.defineProperty(exports, "putTunnelBack", {
  enumerable: true,
  get: function () {
    return putTunnelBack;
  }
});
Object.defineProperty(exports, "readTunnel", {
  enumerable: true,
  get: function () {
    return readTunnel;
  }
});
Object.defineProperty(exports, "renderTunnel", {
  enumerable: true,
  get: function () {
    return renderTunnel;
  }
});
Object.defineProperty(exports, "waitForTunnel", {
  enumerable: true,
  get: function () {
    return waitForTunnel;
  }
});