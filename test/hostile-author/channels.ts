/**
 * Channels whose authors mean no good, or know no better.
 *
 * Owns: their code, what becomes of a request to each, and what the owner reads. Never: runs them.
 */
export type Hostile = {
  name: string;
  /** What `receive` does, or more of the definition. */
  code: string;
  /** What the sender is answered: several where it depends on which limit is first. */
  status: number[];
  /** What the owner reads in the status. */
  told?: RegExp;
  /** What the event's text is. */
  text?: RegExp;
};

const receive = (
  body: string,
  more = "",
): string => `import { defineChannel, localOnly } from "sluice";
import * as fs from "node:fs";
export default defineChannel({
  kind: KIND,
  webhook: { verify: localOnly(), timeoutMs: 2_000, async receive(delivery, live) { ${body} } },
  ${more}
});`;

export const HOSTILE: Hostile[] = [
  {
    name: "throws",
    code: receive(`throw new Error("boom\\nsecond line")`),
    status: [503],
    told: /receive failed: boom second line/,
  },
  {
    name: "throws-nothing",
    code: receive(`throw undefined`),
    status: [503],
    told: /receive failed/,
  },
  {
    name: "hangs",
    code: receive(`await new Promise(() => {})`),
    status: [503],
    told: /receive took longer than 2000 ms/,
  },
  {
    name: "spins",
    code: receive(`for (;;);`),
    status: [503],
    told: /it did not answer for 30 s: it spins/,
  },
  { name: "exits", code: receive(`process.exit(3)`), status: [503], told: /exit code 3/ },
  {
    name: "kills",
    code: receive(`process.kill(process.pid, "SIGKILL")`),
    status: [503],
    told: /SIGKILL/,
  },
  {
    name: "later",
    code: receive(
      `setTimeout(() => { throw new Error("nobody catches it") }, 10); await new Promise(() => {})`,
    ),
    status: [503],
    told: /nobody catches it/,
  },
  {
    name: "forgets",
    code: receive(`void Promise.reject(new Error("left behind")); return "all the same"`),
    status: [202],
    text: /^all the same$/,
  },
  {
    name: "buffers",
    code: receive(
      `globalThis.kept = []; for (let i = 0; i < 64; i++) { kept.push(Buffer.alloc(32 * 1024 * 1024, 1)); await new Promise((r) => setTimeout(r, 20)); } return "2 GB"`,
    ),
    status: [503],
    told: /MiB of memory/,
  },
  {
    name: "heap",
    code: receive(
      `globalThis.kept = []; for (;;) kept.push(new Array(100_000).fill(Math.random()).map(String))`,
    ),
    status: [503],
    told: /memory/,
  },
  {
    name: "prints",
    code: receive(
      `for (let i = 0; i < 20_000; i++) console.log("x".repeat(200) + i); process.stdout.write("y".repeat(5_000_000)); return "printed"`,
    ),
    status: [202, 503],
  },
  {
    name: "mutates",
    code: receive(
      `delivery.headers.host = "evil"; delivery.raw.fill(0); delivery.payload = 1; Object.prototype.polluted = 1; Array.prototype.map = () => []; return "changed"`,
    ),
    status: [202, 503],
  },
  {
    name: "long",
    code: receive(`return "z".repeat(10 * 1024 * 1024)`),
    status: [202],
    text: /^z+/,
  },
  {
    name: "many",
    code: receive(`return Array.from({ length: 101 }, (_, i) => "event " + i)`),
    status: [503],
    told: /101 events at once/,
  },
  {
    name: "heavy",
    code: receive(`return Array.from({ length: 100 }, () => "w".repeat(1024 * 1024))`),
    status: [503],
    // Where the machine is slow, its memory or its time is over first.
    told: /a channel may hand over 8388608 at most|memory|did not answer/,
  },
  {
    name: "babbles",
    code: receive(`fs.writeSync(3, "this is no JSON\\n"); await new Promise(() => {})`),
    status: [503],
    told: /broke the protocol/,
  },
  {
    name: "endless",
    code: receive(
      `for (let i = 0; i < 20; i++) { try { fs.writeSync(3, "1".repeat(1024 * 1024)) } catch { await new Promise((r) => setTimeout(r, 20)) } } await new Promise(() => {})`,
    ),
    status: [503],
    told: /broke the protocol/,
  },
  {
    name: "forges",
    code: receive(
      `const { Socket } = await import("node:net"); const one = { channel: "calm", kind: "x", sender: { id: "owner" }, text: "forged", quotes: [], meta: {}, priority: "normal", ack: "auto", verified: "github", chat: { place: "group", account: "calm", isAddressed: true, isBot: false, isForwarded: false, isEdited: false } }; fs.writeSync(3, JSON.stringify({ kind: "take", id: 1, arrivals: [one] }) + "\\n"); fs.writeSync(3, JSON.stringify({ kind: "take", id: 2, arrivals: [{ ...one, chat: undefined }] }) + "\\n"); fs.writeSync(3, JSON.stringify({ kind: "result", id: 999, value: { kind: "arrivals" } }) + "\\n"); return "told"`,
    ),
    status: [202],
    text: /^told$/,
  },
  {
    name: "lies",
    code: receive(`return { text: "x", meta: { "a-b": "c" } }`),
    status: [503],
    told: /meta key "a-b" is no identifier/,
  },
  {
    name: "escapes",
    code: receive(`
      const tried = [];
      const attempt = async (what, run) => { try { await run(); tried.push(what + " worked"); } catch (e) { tried.push(what + " " + (e.code ?? e.message)); } };
      await attempt("read", () => fs.readFileSync("/etc/passwd"));
      await attempt("home", () => fs.readdirSync(process.cwd() + "/../../.."));
      await attempt("write", () => fs.writeFileSync(process.cwd() + "/x", "x"));
      await attempt("spawn", async () => (await import("node:child_process")).execFileSync("true"));
      await attempt("thread", async () => new (await import("node:worker_threads")).Worker("1", { eval: true }));
      await attempt("addon", () => process.dlopen({ exports: {} }, "/nowhere.node"));
      await attempt("inspector", async () => (await import("node:inspector")).open(0));
      return { text: tried.join("\\n") + "\\nenv " + Object.keys(process.env).filter((k) => !/^(LANG|LC_|TZ|NO_COLOR|NODE_)/.test(k)).join(",") + "\\nargv " + process.execArgv.concat(process.argv).join(" ").includes("secret") };`),
    status: [202],
    text: /^read ERR_ACCESS_DENIED\nhome ERR_ACCESS_DENIED\nwrite ERR_ACCESS_DENIED\nspawn ERR_ACCESS_DENIED\nthread ERR_ACCESS_DENIED\naddon ERR_[A-Z_]+\ninspector .*\nenv \nargv false$/,
  },
  {
    name: "pushes",
    code: receive(
      `return "still here"`,
      `service: { connect: (live) => { const end = Date.now() + 3_000; (async () => { while (Date.now() < end) await Promise.all(Array.from({ length: 200 }, (_, i) => live.push({ text: "flood", id: "same" }).catch(() => undefined))); })(); return {}; } },`,
    ),
    status: [202, 503],
  },
];
