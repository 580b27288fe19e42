/**
 * ngrok: an address of the owner's account.
 *
 * Owns: its arguments, the reading of its log, and finding an agent of the owner's that leads to the same place. Never: starts it.
 * https://ngrok.com/docs/agent/cli, https://ngrok.com/docs/agent/api
 */
import { request } from "../../sdk/net/request.js";
/** The agent's own API, which it has on this machine alone. */
const AGENT_API = "http://127.0.0.1:4040/api/tunnels";
const ASK_MS = 2_000;
const FAULTS = {
    ERR_NGROK_4018: 'ngrok is not signed in; run "ngrok config add-authtoken <your token>"',
    ERR_NGROK_105: 'ngrok does not know the token that it has; run "ngrok config add-authtoken <your token>"',
    ERR_NGROK_107: 'ngrok does not take its token any more; run "ngrok config add-authtoken <your token>"',
    ERR_NGROK_108: "your ngrok account runs an agent already, and may run one; end the other one: https://dashboard.ngrok.com/agents",
    ERR_NGROK_121: 'this ngrok is too old for your account; run "ngrok update"',
    ERR_NGROK_334: "your ngrok address is in use by another agent; end that one: https://dashboard.ngrok.com/endpoints",
    ERR_NGROK_320: "this address is not reserved in your ngrok account; reserve it: https://dashboard.ngrok.com/domains",
};
/** `agentApi`: where a running one is asked. */
export const toNgrok = (agentApi) => ({
    name: "ngrok",
    install: {
        darwin: "brew install ngrok, then ngrok config add-authtoken <your token>",
        other: "see https://ngrok.com/download, then ngrok config add-authtoken <your token>",
    },
    isLasting: ({ url }) => url !== undefined,
    refuse: ({ name }) => name === undefined
        ? undefined
        : "ngrok knows its addresses by URL: give --tunnel-url in place of --tunnel-name",
    async plan({ target, url }) {
        // Any user of this machine may answer there: only the address that the owner has named is believed.
        const running = url === undefined ? [] : await listRunning(agentApi);
        const same = running.find((one) => toPort(one.target) === toPort(target) && one.url === url);
        if (same !== undefined)
            return { kind: "found", url: same.url };
        const args = ["http", target, "--log=stdout", "--log-format=json", "--inspect=false"];
        return { kind: "start", args: url === undefined ? args : [...args, `--url=${url}`] };
    },
    read(line) {
        const { msg, url } = toFields(line);
        if (msg === "started tunnel" && url?.startsWith("https://") === true)
            return { kind: "url", url };
        return undefined;
    },
    explain(tail) {
        const code = /\bERR_NGROK_\d+/.exec(tail)?.[0];
        if (code === undefined)
            return undefined;
        const page = `https://ngrok.com/docs/errors/${code.toLowerCase()}`;
        return FAULTS[code] ?? `ngrok refuses with ${code}; see ${page}`;
    },
});
export const ngrok = toNgrok(AGENT_API);
async function listRunning(agentApi) {
    try {
        const { body } = await request(agentApi, { connectMs: ASK_MS, timeoutMs: ASK_MS });
        const { tunnels } = JSON.parse(body.toString("utf8"));
        if (!Array.isArray(tunnels))
            return [];
        return tunnels.flatMap((one) => {
            const url = one?.public_url;
            const target = one?.config?.addr;
            const isOne = typeof url === "string" && url.startsWith("https://");
            return isOne && typeof target === "string" ? [{ url, target }] : [];
        });
    }
    catch {
        // No agent runs, or another program has the port: one is started.
        return [];
    }
}
/** `localhost:8788`, `http://127.0.0.1:8788` and `8788` are one place; another machine's port is none of ours. */
function toPort(target) {
    return /^(?:https?:\/\/)?(?:(?:localhost|127\.0\.0\.1):)?(\d{1,5})\/?$/.exec(target)?.[1];
}
/** Its log, as JSON or as it writes it where an older one knows no JSON. */
function toFields(line) {
    try {
        const fields = JSON.parse(line);
        if (typeof fields !== "object" || fields === null)
            return {};
        const { msg, url } = fields;
        return {
            ...(typeof msg === "string" && { msg }),
            ...(typeof url === "string" && { url }),
        };
    }
    catch {
        const msg = /\bmsg="([^"]*)"/.exec(line)?.[1];
        const url = /\burl=(\S+)/.exec(line)?.[1];
        return { ...(msg !== undefined && { msg }), ...(url !== undefined && { url }) };
    }
}
