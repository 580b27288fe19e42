const require_main = require("./main.js");
const require_shared = require("./shared.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_url = require("node:url");
let node_child_process = require("node:child_process");

// src/cli/commands/open.ts
const open = require_shared.defineCommand({
	description: "Opens the chat page in your browser, with a link that works once, within two minutes. The first time, this also adds the channel \"chat\".",
	args: {
		print: require_shared.flag("Print the link without opening it"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice open", "sluice open --print"],
	async run({ args }) {
		if (require_shared.marksSession(process.env)) throw new require_main.SluiceError("unauthorized", "open: a session's shell gets no link; run it in a terminal of your own");
		const link = await require_shared.ask((api) => api.web.links.$post({ json: { caller: require_shared.readCallerFacts() } }));
		if (args.json === true) {
			require_main.printJson(link);
			return;
		}
		require_main.printLine(link.url);
		if (!link.mayAllow) require_main.printNote("made by a script: a browser opened with this link can view and deny, not approve; for full rights run \"sluice open\" in a terminal");
		const opener = args.print === true ? void 0 : findOpener(process.platform, process.env);
		if (opener === void 0) {
			require_main.printNote("open it in a browser on this machine; it works once, within two minutes");
			return;
		}
		launch(opener, link.url);
	}
});
function findOpener(platform, env) {
	if (env["SSH_CONNECTION"] !== void 0) return void 0;
	if (platform === "darwin") return "open";
	const hasDesktop = [env["DISPLAY"], env["WAYLAND_DISPLAY"]].some((display) => display !== void 0 && display !== "");
	return platform === "linux" && hasDesktop ? "xdg-open" : void 0;
}
function launch(opener, url) {
	const path = (0, node_path.join)(require_main.locateHome(process.env).cacheDir, "open.html");
	(0, node_fs.rmSync)(path, { force: true });
	const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>Sluice</title>\n`;
	(0, node_fs.writeFileSync)(path, page, {
		mode: 384,
		flag: "wx"
	});
	const child = require_main.withUsualUmask(() => (0, node_child_process.spawn)(opener, [(0, node_url.pathToFileURL)(path).href], {
		detached: true,
		stdio: "ignore"
	}));
	child.once("error", () => require_main.printNote(`${opener} is not there: open the link yourself`));
	child.unref();
}

exports.findOpener = findOpener;
exports.open = open;