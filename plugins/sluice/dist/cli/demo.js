const require_rolldown_runtime = require("./rolldown-runtime.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_json = require("./json.js");
const require_message = require("./message.js");
const require_installation = require("./installation.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_util = require("node:util");
let node_stream = require("node:stream");
let node_url = require("node:url");
let node_net = require("node:net");
node_net = require_rolldown_runtime.__toESM(node_net, 1);
let node_timers_promises = require("node:timers/promises");
let node_os = require("node:os");
let dist_host_render_js = require("../../dist/host/render.js");
let dist_host_session_js = require("../../dist/host/session.js");
let dist_host_session_options_js = require("../../dist/host/session-options.js");
let dist_hub_hub_js = require("../../dist/hub/hub.js");
let node_http = require("node:http");
let node_https = require("node:https");
let node_dns = require("node:dns");
node_dns = require_rolldown_runtime.__toESM(node_dns, 1);
let node_tls = require("node:tls");
node_tls = require_rolldown_runtime.__toESM(node_tls, 1);
let dist_verify_sign_js = require("../../dist/verify/sign.js");

// src/sdk/net/proxy.ts
function findProxy(target, env = process.env) {
	if (isThisMachine(target.hostname)) return void 0;
	const variable = (target.protocol === "https:" ? ["https_proxy", "http_proxy"] : ["http_proxy"]).flatMap((name) => [name, name.toUpperCase()]).find((name) => (env[name] ?? "").trim() !== "");
	if (variable === void 0) return void 0;
	return isExempt(target, env["no_proxy"] || env["NO_PROXY"] || "") ? void 0 : readProxy(variable, env[variable] ?? "");
}
function isThisMachine(hostname) {
	const host = toBare(hostname);
	if ((0, node_net.isIP)(host) !== 0) return OURS.check(host, (0, node_net.isIP)(host) === 6 ? "ipv6" : "ipv4");
	return host === "localhost" || host.endsWith(".localhost");
}
const OURS = new node_net.BlockList();
OURS.addSubnet("127.0.0.0", 8, "ipv4");
OURS.addAddress("0.0.0.0", "ipv4");
OURS.addAddress("::1", "ipv6");
OURS.addAddress("::", "ipv6");
function readProxy(variable, value) {
	const text = value.trim();
	const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
	const url = URL.canParse(full) ? new URL(full) : void 0;
	const isTorn = url !== void 0 && `${url.pathname}${url.search}${url.hash}`.includes("@");
	if (url === void 0 || url.hostname === "" || isTorn) throw toProxyFault(`${variable} is not the URL of a proxy`, "write it as http://HOST:PORT or http://NAME:PASSWORD@HOST:PORT, with special characters of the password as %XX");
	if (url.protocol !== "http:" && url.protocol !== "https:") throw toProxyFault(`${variable} names a proxy of the kind ${url.protocol}//, which is not known here`, "name one that begins with http:// or https://");
	const { username, password } = url;
	const credentials = `${decode(username)}:${decode(password)}`;
	return {
		url,
		variable,
		authorization: credentials === ":" ? void 0 : `Basic ${Buffer.from(credentials).toString("base64")}`
	};
}
function decode(text) {
	const whole = text.replaceAll(/%(?![\da-f]{2})/gi, "%25");
	try {
		return decodeURIComponent(whole);
	} catch {
		return text;
	}
}
function isExempt(target, noProxy) {
	const host = toBare(target.hostname);
	const port = target.port || (target.protocol === "https:" ? "443" : "80");
	return noProxy.split(/[\s,;]+/).filter((entry) => entry !== "").some((entry) => isNamed(host, port, entry));
}
function isNamed(host, port, entry) {
	const text = entry.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").toLowerCase();
	const range = toRange(text);
	if (range !== void 0) return (0, node_net.isIP)(host) !== 0 && range.check(host, (0, node_net.isIP)(host) === 6 ? "ipv6" : "ipv4");
	const [, name = "", wanted] = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?\/?$/.exec(text) ?? ((0, node_net.isIP)(text) === 6 ? [text, text] : []);
	if (name === "" || wanted !== void 0 && wanted !== port) return false;
	const bare = toBare(name);
	if ((0, node_net.isIP)(bare) !== 0) return (0, node_net.isIP)(host) !== 0 && toList([bare]).check(host, toFamily(host));
	const suffix = bare.replace(/^\*?\./, "");
	if (!suffix.includes("*")) {
		const ascii = (0, node_url.domainToASCII)(suffix) || suffix;
		return suffix !== "" && (host === ascii || host.endsWith(`.${ascii}`));
	}
	const pattern = bare.split("*").map((part) => part.replaceAll(/[^a-z0-9-]/g, String.raw`\$&`));
	return new RegExp(`^${pattern.join(".*")}$`).test(host);
}
function toRange(text) {
	const list = new node_net.BlockList();
	const [, net = "", bits = ""] = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/.exec(text) ?? [];
	if ((0, node_net.isIP)(net) !== 0 && Number(bits) <= ((0, node_net.isIP)(net) === 6 ? 128 : 32)) {
		list.addSubnet(net, Number(bits), toFamily(net));
		return list;
	}
	const [first = "", last = "", ...rest] = text.split("-");
	if (rest.length > 0 || (0, node_net.isIP)(first) === 0 || (0, node_net.isIP)(first) !== (0, node_net.isIP)(last)) return void 0;
	try {
		list.addRange(first, last, toFamily(first));
		return list;
	} catch {
		return;
	}
}
function toList(addresses) {
	const list = new node_net.BlockList();
	for (const address of addresses) list.addAddress(address, toFamily(address));
	return list;
}
function toFamily(address) {
	return (0, node_net.isIP)(address) === 6 ? "ipv6" : "ipv4";
}
function toBare(hostname) {
	return hostname.toLowerCase().replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
function toRefusal({ url, variable, authorization }, target, { status, challenge = "" }) {
	const proxy = `the proxy ${url.host}`;
	if (status === 407) {
		const kinds = [...challenge.matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[^\s=,]|\s*(?:,|$))/g)].map(([, kind = ""]) => kind);
		if (kinds.length > 0 && !kinds.some((kind) => kind.toLowerCase() === "basic")) return toProxyFault(`${proxy} wants a sign-in of the kind ${kinds.join(" or ")}, which is not known here (407)`, `name a proxy in ${variable} that takes a name and a password (Basic), or none`);
		return authorization === void 0 ? toProxyFault(`${proxy} wants a name and a password (407)`, `write them into ${variable} as ${url.protocol}//NAME:PASSWORD@${url.host}, and start the hub anew with it: sluice down, then sluice up`) : toProxyFault(`${proxy} refuses the name and password of ${variable} (407)`, "correct them there, and start the hub anew with it: sluice down, then sluice up");
	}
	const host = target.hostname;
	if (status >= 500) return toProxyFault(`${proxy} did not get through to ${host} (${status})`, `it is tried again; if that lasts, ask who runs the proxy, or name ${host} in NO_PROXY where the way is open without it`);
	if (status >= 300 && status < 400) return toProxyFault(`${proxy} answered with a redirect, which is not followed (${status})`, "sign in where it leads, in a browser");
	return toProxyFault(`${proxy} does not let ${host} through (${status})`, `ask who runs the proxy to allow it, or name ${host} in NO_PROXY where the way is open without it`);
}
function toProxyFault(what, fix) {
	return new require_main.SluiceError("send_failed", `no connection: ${what}; ${fix}`, { retryable: true });
}

// src/sdk/net/connect.ts
const NEXT_ADDRESS_MS = 250;
async function connect(target, options) {
	const isTls = target.protocol === "https:";
	const proxy = findProxy(target);
	if (proxy === void 0) {
		const socket = await reach(target, options);
		return { socket: isTls ? await secure(socket, target, options) : socket };
	}
	const socket = await reachProxy(proxy, options);
	if (!isTls) return {
		socket,
		relay: proxy
	};
	await openTunnel(socket, proxy, target, options);
	options.waits("");
	return { socket: await secure(socket, target, options) };
}
async function reach(to, { lookup, signal }) {
	const host = toHost(to);
	const port = toPort(to);
	const addresses = (0, node_net.isIP)(host) === 0 ? toOrder(await find(host, lookup)) : [host];
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const begun = /* @__PURE__ */ new Set();
		const faults = [];
		let timer;
		const end = (settle, kept) => {
			clearTimeout(timer);
			signal.removeEventListener("abort", stop);
			for (const socket of begun) if (socket !== kept) socket.destroy();
			settle();
		};
		const stop = () => end(() => reject(signal.reason));
		const begin = () => {
			clearTimeout(timer);
			const address = addresses.shift();
			if (address === void 0) return;
			const socket = node_net.default.connect({
				host: address,
				port
			});
			begun.add(socket);
			socket.on("error", (fault) => {
				if (!begun.delete(socket)) return;
				faults.push(fault);
				if (addresses.length > 0) begin();
				else if (begun.size === 0) end(() => reject(toTelling(faults)));
			});
			socket.once("connect", () => {
				if (signal.aborted) return;
				end(() => resolve(socket), socket);
				begun.clear();
			});
			timer = setTimeout(begin, NEXT_ADDRESS_MS);
		};
		signal.addEventListener("abort", stop);
		begin();
	});
}
function find(host, lookup = node_dns.default.lookup) {
	return new Promise((resolve, reject) => {
		lookup(host, {
			all: true,
			hints: node_dns.default.ADDRCONFIG
		}, (fault, found) => {
			if (fault !== null) return reject(fault);
			const addresses = Array.isArray(found) ? found : [{
				address: found,
				family: (0, node_net.isIP)(found)
			}];
			if (addresses.length === 0) return reject(toCoded("ENOTFOUND"));
			resolve(addresses.map(({ address }) => address));
		});
	});
}
function toOrder(addresses) {
	const first = (0, node_net.isIP)(addresses[0] ?? "");
	const [ours, others] = [addresses.filter((address) => (0, node_net.isIP)(address) === first), addresses.filter((address) => (0, node_net.isIP)(address) !== first)];
	const longest = Math.max(ours.length, others.length);
	return Array.from({ length: longest }, (_, n) => [ours[n], others[n]]).flat().filter((address) => address !== void 0);
}
function toTelling(faults) {
	const isNoWay = (fault) => [
		"ENETUNREACH",
		"EADDRNOTAVAIL",
		"EAFNOSUPPORT"
	].includes(require_json.textAt(fault, "code") ?? "");
	return faults.find((fault) => !isNoWay(fault)) ?? faults[0];
}
function secure(socket, to, { ca, signal }) {
	const host = toHost(to);
	return settled(node_tls.default.connect({
		socket,
		host,
		...(0, node_net.isIP)(host) === 0 ? { servername: host } : {},
		ALPNProtocols: ["http/1.1"],
		rejectUnauthorized: true,
		ca
	}), signal, "secureConnect", (fault) => toUntrusted(fault, host));
}
async function reachProxy(proxy, options) {
	const { signal, waits } = options;
	const { url } = proxy;
	waits(`the proxy ${url.host}`);
	try {
		const direct = {
			signal,
			waits
		};
		const socket = await reach(url, direct);
		return url.protocol === "https:" ? await secure(socket, url, direct) : socket;
	} catch (thrown) {
		if (signal.aborted || require_main.isSluiceError(thrown)) throw thrown;
		throw toUnreached(proxy, thrown);
	}
}
function toUnreached({ url, variable }, thrown) {
	return toProxyFault(`the proxy ${url.host} cannot be reached (${toCode(thrown)})`, `check the proxy, and what ${variable} says`);
}
function openTunnel(socket, proxy, target, { signal }) {
	const { url, authorization } = proxy;
	const place = `${target.hostname}:${toPort(target)}`;
	return new Promise((resolve, reject) => {
		const asked = (0, node_http.request)({
			createConnection: () => socket,
			method: "CONNECT",
			path: place,
			headers: {
				host: place,
				connection: "keep-alive",
				"proxy-connection": "keep-alive",
				...authorization === void 0 ? {} : { "proxy-authorization": authorization }
			},
			signal
		});
		const fail = (fault) => {
			socket.destroy();
			reject(fault);
		};
		asked.on("error", (fault) => fail(signal.aborted ? signal.reason : toProxyFault(`the proxy ${url.host} broke off (${toCode(fault)})`, "it is tried again; if that lasts, ask who runs the proxy")));
		asked.once("connect", ({ statusCode: status = 0, headers }, _socket, early) => {
			if (status < 200 || status >= 300) return fail(toRefusal(proxy, target, {
				status,
				challenge: headers["proxy-authenticate"]
			}));
			if (early.length > 0) socket.unshift(early);
			resolve();
		});
		asked.end();
	});
}
function settled(socket, signal, event, toFault) {
	return new Promise((resolve, reject) => {
		const fail = (fault) => {
			signal.removeEventListener("abort", stop);
			socket.destroy();
			reject(fault);
		};
		const stop = () => fail(signal.reason);
		if (signal.aborted) return stop();
		signal.addEventListener("abort", stop);
		socket.on("error", (fault) => fail(toFault(fault)));
		socket.once("close", () => fail(toCoded("ECONNRESET")));
		socket.once(event, () => {
			signal.removeEventListener("abort", stop);
			resolve(socket);
		});
	});
}
const UNTRUSTED = /* @__PURE__ */ new Set([
	"SELF_SIGNED_CERT_IN_CHAIN",
	"DEPTH_ZERO_SELF_SIGNED_CERT",
	"UNABLE_TO_GET_ISSUER_CERT",
	"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE"
]);
function toUntrusted(fault, host) {
	const code = require_json.textAt(fault, "code") ?? "";
	if (!UNTRUSTED.has(code)) return fault;
	return new require_main.SluiceError("send_failed", `no connection: nobody known here vouches for the certificate of ${host} (${code}); where a proxy looks into TLS, name the file of its authority in NODE_EXTRA_CA_CERTS, and start the hub anew with it: sluice down, then sluice up`, { retryable: true });
}
function toHost(url) {
	return url.hostname.replace(/^\[|\]$/g, "");
}
function toPort({ port, protocol }) {
	return port === "" ? protocol === "https:" ? 443 : 80 : Number(port);
}
function toCode(thrown) {
	const code = require_json.textAt(thrown, "code") ?? "";
	return /^[A-Z_0-9]{2,60}$/.test(code) ? code : "it broke";
}
function toCoded(code) {
	return Object.assign(new Error(code), { code });
}

// src/sdk/net/request.ts
const CONNECT_MS = 15e3;
const ANSWER_MS = 3e4;
const MAX_BYTES = 16 * 1024 ** 2;
function request(url, options = {}) {
	const { maxBytes = MAX_BYTES } = options;
	return carry(url, options, async (answer) => ({
		status: answer.statusCode ?? 0,
		headers: answer.headers,
		body: await readBody(answer, maxBytes, `an answer of more than ${maxBytes} bytes`)
	}));
}
function carry(url, options, take) {
	const { connectMs = CONNECT_MS, timeoutMs = ANSWER_MS, signal, body } = options;
	return new Promise((resolve, reject) => {
		const over = new AbortController();
		let outgoing;
		let stage = "no connection";
		let waitsFor = "";
		let timer;
		const end = (settle) => {
			if (over.signal.aborted) return;
			clearTimeout(timer);
			signal?.removeEventListener("abort", stop);
			settle();
			over.abort();
		};
		const fail = (thrown, isUnsent = stage === "no connection") => end(() => {
			reject(toFault(typeof thrown === "string" ? thrown : toWords(stage, thrown), {
				thrown,
				isUnsent
			}));
			outgoing?.destroy();
			if (body instanceof node_stream.Readable) body.destroy();
		});
		const stop = () => fail(`${stage} (stopped)`);
		const limit = (what, ms) => {
			clearTimeout(timer);
			timer = setTimeout(() => {
				const whom = what === "no connection" && waitsFor !== "" ? ` (waiting for ${waitsFor})` : "";
				fail(`${what} in ${Math.ceil(ms / 1e3)} s${whom}`);
			}, ms);
		};
		const send = (target, connected) => {
			const { socket, relay } = connected;
			if (over.signal.aborted || !socket.writable) {
				socket.destroy();
				return fail("no connection (it ended at once)");
			}
			stage = "no answer";
			limit("no answer", timeoutMs);
			outgoing = begin(target, connected, options);
			outgoing.on("error", (thrown) => {
				if (stage !== "the answer broke off") fail(thrown);
			});
			outgoing.once("response", (answer) => {
				stage = "the answer broke off";
				const other = relay === void 0 ? toOther(answer, options) : toRelayed(relay, target, answer, options);
				if (other !== void 0) return fail(other.fault, other.isUnsent);
				take(answer).then((taken) => end(() => resolve(taken)), (thrown) => fail(thrown));
			});
			if (body instanceof node_stream.Readable) body.pipe(outgoing);
			else outgoing.end(body);
		};
		if (signal?.aborted === true) return stop();
		signal?.addEventListener("abort", stop);
		if (body instanceof node_stream.Readable) body.on("error", (thrown) => fail(thrown));
		limit("no connection", connectMs);
		(async () => {
			try {
				const target = new URL(url);
				const waits = (whom) => void (waitsFor = whom);
				const { lookup, ca } = options;
				send(target, await connect(target, {
					lookup,
					ca,
					signal: over.signal,
					waits
				}));
			} catch (thrown) {
				fail(thrown);
			}
		})();
	});
}
function begin(target, { socket, relay }, { method = "GET", headers, body, signal }) {
	const outgoing = (target.protocol === "https:" ? node_https.request : node_http.request)(target, {
		method,
		headers: {
			"accept-encoding": "identity",
			...headers,
			...relay?.authorization !== void 0 && { "proxy-authorization": relay.authorization }
		},
		createConnection: () => socket,
		...relay !== void 0 && { path: `${target.origin}${target.pathname}${target.search}` },
		signal
	});
	outgoing.once("close", () => {
		if (body instanceof node_stream.Readable) body.destroy();
	});
	return outgoing;
}
function toOther({ statusCode = 0, headers: { location = "" } }, { headers, takesRedirect = false }) {
	if (statusCode === 407 || statusCode === 511) return {
		fault: `${statusCode} of a proxy or a portal, and not of the server`,
		isUnsent: true
	};
	if (statusCode < 300 || statusCode >= 400 || takesRedirect) return void 0;
	if (statusCode === 304 && isConditional(headers)) return void 0;
	return {
		fault: `a redirect${URL.canParse(location) ? ` to ${new URL(location).hostname}` : ""}, which is not followed (${statusCode})`,
		isUnsent: true
	};
}
function isConditional(headers = {}) {
	const names = Object.keys(headers).map((name) => name.toLowerCase());
	return names.includes("if-none-match") || names.includes("if-modified-since");
}
function toRelayed(relay, target, answer, options) {
	const { statusCode: status = 0, headers } = answer;
	if (status === 407 || status === 503) {
		const challenge = headers["proxy-authenticate"];
		return {
			fault: toRefusal(relay, target, {
				status,
				challenge
			}),
			isUnsent: true
		};
	}
	if (status !== 502 && status !== 504) return toOther(answer, options);
	return {
		fault: `no answer (${status} came through the proxy ${relay.url.host})`,
		isUnsent: false
	};
}
async function readBody(body, maxBytes, tooLarge) {
	const chunks = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > maxBytes) throw new require_main.SluiceError("too_large", tooLarge);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function toFault(message, { thrown, isUnsent }) {
	const own = require_main.isSluiceError(thrown) ? thrown : void 0;
	if (own !== void 0 && isUnsent) return own;
	return new require_main.SluiceError(own?.code ?? "send_failed", message, {
		retryable: own?.retryable ?? true,
		...isUnsent ? {} : { cause: new require_message.MaybeSent(message) }
	});
}
function toWords(stage, thrown) {
	return require_main.isSluiceError(thrown) ? thrown.message : `${stage} (${toCode(thrown)})`;
}

// src/sdk/secret.ts
var Secret = class {
	#value;
	constructor(value) {
		this.#value = value;
	}
	reveal() {
		return this.#value;
	}
	toString() {
		return "[secret]";
	}
	toJSON() {
		return "[secret]";
	}
	[node_util.inspect.custom]() {
		return "[secret]";
	}
};

// src/cli/commands/demo.ts
const GITHUB_SECRET = "demo-secret-that-only-this-run-knows";
const READY_TIMEOUT_MS = 1e4;
const SETTLE_MS = 350;
const demo = require_shared.defineCommand({
	description: "Shows the whole way once: starts a hub, two channels and a session in this terminal and sends one signed sample event. Nothing is kept.",
	args: { once: require_shared.flag("Exit after the sample event") },
	examples: ["sluice demo", "sluice demo --once"],
	async run({ args }) {
		const ended = waitForSignal();
		const folder = (0, node_fs.mkdtempSync)((0, node_path.join)((0, node_os.tmpdir)(), "sluice-demo-"));
		const remove = () => (0, node_fs.rmSync)(folder, {
			recursive: true,
			force: true,
			maxRetries: 3
		});
		process.once("exit", remove);
		const closers = [remove];
		try {
			const { env, url } = await openStage(folder, closers);
			await deliverSample(env);
			printCurl(url);
			if (args.once !== true) {
				closers.push(followOwnEvents(env));
				await printPage(env);
				closers.push(printPageOnEnter(env));
				require_main.printLine(require_main.paint("dim", "Ctrl-C ends the demo; nothing is kept."));
				await ended;
				require_main.printLine();
			}
		} finally {
			for (let close = closers.pop(); close !== void 0; close = closers.pop()) await close();
		}
	}
});
async function openStage(folder, closers) {
	const env = {
		...process.env,
		SLUICE_HOME: (0, node_path.join)(folder, "home"),
		SLUICE_LANE: "auto"
	};
	require_main.printLine(`${require_main.paint("bold", "Sluice demo")}  a hub in ${env.SLUICE_HOME}, gone at the end`);
	const hub = await (0, dist_hub_hub_js.openHub)({
		env,
		log: quietLog,
		isDemo: true,
		stop: () => process.kill(process.pid, "SIGTERM")
	});
	closers.push(() => hub.close());
	const { ingress } = hub.describe();
	require_main.printLine(`ingress    http://${ingress.host}:${ingress.port}`);
	const client = require_shared.openClient(() => require_main.locateSocket(env));
	closers.push(() => client.close());
	const github = await hub.addChannel({
		kind: "github",
		secret: GITHUB_SECRET
	});
	const webhook = await hub.addChannel({ kind: "webhook" });
	require_main.printLine(`channels   github   ${github.url ?? ""}`);
	require_main.printLine(`           webhook  ${webhook.url ?? ""}`);
	const session = await openDemoSession(env);
	closers.push(() => session.close());
	await waitForSession(client.api);
	require_main.printLine(`session    a reference session: each frame shows exactly what the model would read\n`);
	session.observe((0, dist_host_render_js.newRenderer)({
		write: (text) => process.stdout.write(text),
		colour: (0, dist_host_render_js.wantsColour)(process.stdout, process.env),
		isPlain: true
	}));
	return {
		env,
		url: {
			address: webhook.url ?? "",
			token: webhook.token ?? ""
		}
	};
}
function openDemoSession(env) {
	const { client, plugin } = require_installation.locateInstallation();
	return (0, dist_host_session_js.openSession)({
		command: process.execPath,
		args: [(0, node_path.join)(client, "shim.js"), "--plugin"],
		env: (0, dist_host_session_options_js.toCleanEnvironment)(env),
		hooks: JSON.parse((0, node_fs.readFileSync)((0, node_path.join)(plugin, "hooks/hooks.json"), "utf8")),
		model: answerChat,
		onStderr: require_main.writeError
	});
}
async function waitForSession(api) {
	const deadline = Date.now() + READY_TIMEOUT_MS;
	while ((await require_shared.read(api.status.$get())).sessions.length === 0) {
		if (Date.now() > deadline) throw new require_main.SluiceError("internal", "demo: the session did not attach; please report this");
		await (0, node_timers_promises.setTimeout)(50);
	}
	await (0, node_timers_promises.setTimeout)(SETTLE_MS);
}
async function deliverSample(env) {
	const client = require_shared.openClient(() => require_main.locateSocket(env));
	try {
		const [github] = await require_shared.read(client.api.channels.$get());
		const body = Buffer.from(JSON.stringify(newDemoPayload(/* @__PURE__ */ new Date())));
		const signed = (0, dist_verify_sign_js.sign)("github", {
			keyId: "demo",
			secret: new Secret(GITHUB_SECRET)
		}, {
			id: "demo-1",
			sentAt: Date.now(),
			body
		});
		const answer = await request(github?.url ?? "", {
			method: "POST",
			headers: {
				...signed,
				"content-type": "application/json",
				"x-github-event": "workflow_run",
				"x-github-delivery": "demo-1"
			},
			body
		});
		const { id } = JSON.parse(answer.body.toString());
		require_main.printLine(`POST /in/github  ->  ${answer.status}  ${id}\n`);
		printTrace(await waitForDone(client.api, id));
	} finally {
		client.close();
	}
}
async function waitForDone(api, id) {
	const deadline = Date.now() + READY_TIMEOUT_MS;
	for (;;) {
		const trace = await require_shared.read(api.events[":id"].trace.$get({ param: { id } }));
		if (trace.event.state === "done") return trace;
		if (Date.now() > deadline) {
			const last = trace.steps.at(-1);
			throw new require_main.SluiceError("internal", `demo: the sample event is still ${trace.event.state} (${last?.reason ?? ""}); please report this`);
		}
		await (0, node_timers_promises.setTimeout)(50);
	}
}
function printTrace(trace) {
	require_main.printLine(`\n${toReceipt(trace)}\n`);
}
function toReceipt({ steps }) {
	const start = steps[0]?.at ?? 0;
	return steps.filter((step) => step.stage !== "gated").map((step) => `${step.stage} ${require_main.paint("dim", `+${step.at - start} ms`)}`).join("  ");
}
function followOwnEvents(env) {
	const stopped = new AbortController();
	const socket = require_main.locateSocket(env);
	const client = require_shared.openClient(() => socket);
	const told = /* @__PURE__ */ new Set();
	const show = async ({ id, channel }) => {
		const trace = await require_shared.read(client.api.events[":id"].trace.$get({ param: { id } }));
		require_main.printLine(`\nyour event in ${require_main.toLine(channel)}: ${toReceipt(trace)}\n`);
	};
	const onMessage = (data) => {
		const event = data;
		if (event.state !== "done" || told.has(event.id)) return;
		told.add(event.id);
		show(event).catch(noteUnlessStopped);
	};
	const noteUnlessStopped = (thrown) => {
		if (!stopped.signal.aborted) require_main.printNote(require_main.toMessage(thrown));
	};
	require_shared.readStream({
		socket,
		path: "/v1/events/stream",
		onMessage,
		signal: stopped.signal
	}).catch(noteUnlessStopped);
	return () => {
		stopped.abort();
		client.close();
	};
}
function printCurl({ address, token }) {
	require_main.printLine("Send one yourself, from another terminal:\n");
	require_main.printLine(`  curl -X POST ${address} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '{"title":"Disk almost full","host":"db-1","used":"94%"}'\n`);
}
async function printPage(env) {
	const client = require_shared.openClient(() => require_main.locateSocket(env));
	try {
		const { url } = await require_shared.read(client.api.web.links.$post({ json: { caller: require_shared.readCallerFacts() } }));
		const again = process.stdin.isTTY ? "; Enter prints another one" : "";
		require_main.printLine(`Or write to the session in your browser (once, within two minutes${again}):\n`);
		require_main.printLine(`  ${url}\n`);
	} finally {
		client.close();
	}
}
function printPageOnEnter(env) {
	if (!process.stdin.isTTY) return () => void 0;
	const print = () => {
		printPage(env).catch((thrown) => require_main.printNote(require_main.toMessage(thrown)));
	};
	process.stdin.on("data", print);
	return () => {
		process.stdin.off("data", print);
		process.stdin.pause();
	};
}
const answerChat = async (turn) => {
	const tags = turn.text.match(/<channel [^>]*channel="chat"[^>]*>/g) ?? [];
	for (const tag of tags) {
		const [, id] = /event_id="(evt_\w+)"/.exec(tag) ?? [];
		if (id === void 0) continue;
		await turn.callTool("reply", {
			event_id: id,
			text: "Your message is in the session: look at the terminal. No model is behind this demo, so **this line** is all that it can say."
		});
	}
};
const SIGNALS = [
	"SIGINT",
	"SIGTERM",
	"SIGHUP"
];
function waitForSignal() {
	return new Promise((resolve) => {
		for (const signal of SIGNALS) {
			if (signal === "SIGHUP" && !require_main.hasTerminal()) continue;
			process.once(signal, () => {
				resolve();
				process.once(signal, () => process.exit(130));
			});
		}
	});
}
const quietLog = {
	debug: () => void 0,
	info: () => void 0,
	warn: (facts, message) => require_main.printNote(`${message} ${toFacts(facts)}`),
	error: (facts, message) => require_main.printNote(`${message} ${toFacts(facts)}`)
};
function toFacts(facts) {
	const parts = Object.entries(facts).map(([name, value]) => `${name}: ${value instanceof Error ? require_main.toMessage(value) : String(value)}`);
	return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}
function newDemoPayload(now) {
	const at = now.toISOString();
	return {
		action: "completed",
		workflow_run: {
			id: 30433642,
			name: "CI",
			head_branch: "retry-upload",
			head_sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
			run_number: 562,
			run_attempt: 1,
			event: "push",
			status: "completed",
			conclusion: "failure",
			html_url: "https://github.com/octo-org/octo-app/actions/runs/30433642",
			created_at: at,
			updated_at: at,
			pull_requests: [],
			head_commit: {
				id: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
				message: "Retry the upload three times"
			}
		},
		repository: {
			id: 1296269,
			name: "octo-app",
			full_name: "octo-org/octo-app",
			default_branch: "main",
			html_url: "https://github.com/octo-org/octo-app"
		},
		sender: {
			login: "octocat",
			id: 583231,
			type: "User"
		}
	};
}

exports.demo = demo;