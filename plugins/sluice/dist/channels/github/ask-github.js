/**
 * One call of GitHub's REST API, by the GitHub CLI or with a token.
 *
 * Owns: that both give the same answer. Never: judges it.
 * The CLI's own errors: https://github.com/cli/cli/blob/trunk/pkg/cmd/api/api.go; its exit codes: https://cli.github.com/manual/gh_help_exit-codes
 */
import { spawn } from "node:child_process";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { request } from "../../sdk/net/request.js";
import { toHost } from "./hook-target.js";
const WAIT_MS = 30_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_MESSAGE = 300;
/** The CLI is not signed in. */
const EXIT_AUTH = 4;
/** @throws SluiceError `unauthorized` where the CLI is not signed in, `unsupported`, `send_failed`. */
export function askGithub(place, call) {
    const host = toHost(place.target);
    const { credential } = place;
    return credential.kind === "token"
        ? askByToken(host, credential.token, call)
        : askByProgram(host, credential, call);
}
async function askByToken(host, token, { method, path, body }) {
    const root = host === undefined ? "https://api.github.com" : `https://${host}/api/v3`;
    const answer = await request(`${root}/${path}`, {
        method,
        headers: {
            Authorization: `Bearer ${token.reveal()}`,
            Accept: "application/vnd.github+json",
            "User-Agent": "sluice",
            "X-GitHub-Api-Version": "2022-11-28",
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: WAIT_MS,
        maxBytes: MAX_BYTES,
        takesRedirect: true,
    });
    const json = parse(answer.body.toString("utf8"));
    return { status: answer.status, json, message: toWords(json) };
}
async function askByProgram(host, { path: program, env }, { method, path, body }) {
    const args = [
        "api",
        "--method",
        method,
        ...(host === undefined ? [] : ["--hostname", host]),
        "-H",
        "Accept: application/vnd.github+json",
        ...(body === undefined ? [] : ["--input", "-"]),
        path,
    ];
    const ended = await run(program, args, env, body === undefined ? "" : JSON.stringify(body));
    const { code, stdout, stderr } = ended;
    const json = parse(stdout);
    if (code === 0)
        return { status: 200, json, message: "" };
    if (code === EXIT_AUTH || /gh auth login|authentication token/i.test(stderr))
        throw new SluiceError("unauthorized", 'the GitHub CLI is not signed in for the hub; run "gh auth login", or give a token with --hook-token-env <variable>');
    const status = Number(/\(HTTP (\d{3})\)|^gh: HTTP (\d{3})/m.exec(stderr)?.slice(1).find(Boolean));
    if (!Number.isInteger(status))
        throw new SluiceError("send_failed", `the GitHub CLI got no answer of GitHub (${toShort(stderr) || `exit code ${code}`}); try again later`, { retryable: true });
    const hint = /To request it, run:\s+(gh auth refresh [^\n]+)/.exec(stderr)?.[1]?.trim();
    return { status, json, message: toWords(json) || toShort(stderr), hint };
}
function run(program, args, env, input) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
            cwd: "/",
            // No question, no pager, no notice of a newer version: nobody would see them.
            env: { ...env, GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1", NO_COLOR: "1" },
            stdio: ["pipe", "pipe", "pipe"],
            timeout: WAIT_MS,
            windowsHide: true,
        });
        const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
        child.once("error", (fault) => reject(new SluiceError("unsupported", `${program} does not start (${toMessage(fault)}); install the GitHub CLI: https://cli.github.com`, { cause: fault })));
        child.once("close", (code) => resolve({ code, stdout: stdout(), stderr: stderr() }));
        // It may end before it has read all: its exit code says why.
        child.stdin.on("error", () => { });
        child.stdin.end(input);
    });
}
function collect(stream) {
    const chunks = [];
    let bytes = 0;
    stream.on("data", (chunk) => {
        bytes += chunk.length;
        if (bytes <= MAX_BYTES)
            chunks.push(chunk);
    });
    return () => Buffer.concat(chunks).toString("utf8");
}
function parse(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        // A 204 has no body, and a proxy's page is none of GitHub's.
        return undefined;
    }
}
/** `{"message":"Validation Failed","errors":[{"message":"Hook already exists on this repository"}]}`; errors may be plain texts. */
function toWords(json) {
    if (typeof json !== "object" || json === null)
        return "";
    const { message, errors } = json;
    const all = Array.isArray(errors) ? errors : [];
    const details = all.map((one) => typeof one === "object" && one !== null && "message" in one ? one.message : one);
    return toShort([message, ...details].filter((one) => typeof one === "string").join(": "));
}
function toShort(text) {
    return text.replace(/\s+/g, " ").trim().slice(0, MAX_MESSAGE);
}
