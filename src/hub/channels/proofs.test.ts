/** Each way of proving a request, through a whole hub: what `add` shows, what is taken, and that a secret stands nowhere but in its file. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openClient, read } from "../../api/client/client.ts";
import type { AddChannelRequest } from "../../api/wire/wire.ts";
import { locateSocket } from "../../local/home.ts";
import { readProcess } from "../../local/process.ts";
import { Secret } from "../../sdk/secret.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { parseFreeHmac } from "../../verify/free-hmac.ts";
import { signParts } from "../../verify/sign.ts";
import { openHub } from "../hub.ts";

type Request = Omit<AddChannelRequest, "twoWay" | "allowUnsigned"> & { twoWay?: true };

const PLAIN = { "content-type": "text/plain" };

async function openScene() {
  const lines: unknown[] = [];
  const write = (...line: unknown[]): void => void lines.push(line);
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const log = { debug: write, info: write, warn: write, error: write };
  const hub = await openHub({ env, log, stop: () => {} });
  onTestFinished(() => hub.close());
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  const { startTime = "x" } = readProcess(process.pid) ?? {};
  const caller = { pid: process.pid, startTime, tty: true, session: false };
  const unsetFlags = { twoWay: false, allowUnsigned: false };
  const add = (request: Request) =>
    read(client.api.channels.$post({ json: { ...unsetFlags, ...request, caller } }));
  const list = () => read(client.api.channels.$get());
  const events = () => read(client.api.events.$get({ query: { limit: "50" } }));
  const status = () => read(client.api.status.$get());
  return { home: env.SLUICE_HOME, lines, add, list, events, status };
}

async function post(url: string, headers: Record<string, string> = {}, body = "hello") {
  const answer = await fetch(url, { method: "POST", headers: { ...PLAIN, ...headers }, body });
  return answer.status;
}

/** All files of the home but those of secrets. */
function readAll(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("secrets"))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path));
}

test("INGRESS-7: a secret in the URL is shown once by add, and is found in no file, log, status or event", async () => {
  const { home, lines, add, list, events, status } = await openScene();
  for (const scheme of ["path", "query"]) {
    const added = await add({ kind: "webhook", name: scheme, scheme });
    const { token = "", url = "", warning, nextStep } = added;
    expect(token).toHaveLength(43);
    expect(url).toContain(scheme === "path" ? `/in/path/${token}` : `/in/query?token=${token}`);
    expect(warning).toContain("the secret stands in the URL");
    expect(nextStep).toContain(url);
    expect(await post(url)).toBe(202);
    expect(await post(url.replace(token, `${token}x`))).toBe(401);
    expect(await post(url.replace(token, ""))).toBe(401);
    const kept = JSON.stringify([await list(), await events(), await status(), lines]);
    expect(kept).not.toContain(token);
    expect(readAll(home).some((file) => file.includes(token))).toBe(false);
  }
  const told = await events();
  expect(told.map(({ meta }) => meta["path"])).toEqual([undefined, undefined]);
});

test("Basic, a line of HMAC and a short secret of the sender's: taken as they are said", async () => {
  const { add, list } = await openScene();
  const basic = await add({ kind: "webhook", name: "basic", scheme: "basic" });
  const { token = "", url = "" } = basic;
  expect(token).toMatch(/^sluice:[\w-]{43}$/);
  const authorization = (text: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(text).toString("base64")}`,
  });
  expect(await post(url, authorization(token))).toBe(202);
  expect(await post(url, authorization(token.replace("sluice", "other")))).toBe(401);
  expect(await post(url, { authorization: `Bearer ${token}` })).toBe(401);

  const line = "sha256:hex:X-Sig=v0=:v0:{timestamp:X-Time}:{url}:{body}";
  const hook = "https://hook.example/in/hmac";
  const request = { kind: "webhook", name: "hmac", hmac: line, secret: "short" };
  const wrong = { url: "https://hook.example/in/hmac?x" };
  await expect(add({ ...request, settings: wrong })).rejects.toThrow("setting url must match");
  const added = await add({ ...request, settings: { url: hook } });
  expect(added).toMatchObject({ scheme: "hmac", warning: expect.stringContaining("16 bytes") });
  const credential = { keyId: "k1", secret: new Secret("short") };
  const outgoing = { id: "", sentAt: Date.now(), body: Buffer.from("hello") };
  const row = parseFreeHmac(line);
  const signed = signParts(row, credential, { ...outgoing, url: `${hook}/sub?a=1` }).headers;
  expect(await post(`${added.url}/sub?a=1`, signed)).toBe(202);
  expect(await post(`${added.url}/sub?a=2`, signed)).toBe(401);
  expect(await post(`${added.url}/sub?a=1`, signed, "hello!")).toBe(401);
  // Without a tunnel the URL is the channel's own, and it is said what to do once there is one.
  const own = await add({ ...request, name: "own" });
  const { url: called = "" } = own;
  expect(own.nextStep).toContain("with a tunnel in front");
  expect(await post(called, signParts(row, credential, { ...outgoing, url: called }).headers)).toBe(
    202,
  );
  expect((await list()).map(({ name, state }) => [name, state])).toEqual([
    ["basic", "ok"],
    ["hmac", "ok"],
    ["own", "ok"],
  ]);
});

test("what does not go together is refused, and leaves no channel", async () => {
  const { add, list } = await openScene();
  const refused: [Request, string][] = [
    [{ kind: "webhook", scheme: "hmac" }, "--hmac goes with"],
    [{ kind: "webhook", scheme: "github", hmac: "sha256:hex:X:{body}" }, "--hmac goes with"],
    [{ kind: "webhook", hmac: "sha256:hex:X:{bdy}" }, "needs {body} once"],
    [{ kind: "webhook", hmac: "sha256:hex:X:{body}", twoWay: true }, "--two-way"],
    [{ kind: "webhook", hmac: "sha256:hex:X:{body}", allowTarget: true }, "--allow-target"],
    [{ kind: "webhook", scheme: "basic", secret: "no-colon-in-it-0123" }, "user:password"],
    [{ kind: "webhook", scheme: "path", header: "X-Token" }, "the header is fixed"],
    [{ kind: "webhook", scheme: "query", header: "a=b" }, "cannot be a query parameter"],
    [{ kind: "webhook", scheme: "sentry" }, 'cannot be verified by "sentry"'],
  ];
  for (const [request, says] of refused)
    await expect([says, await add(request).catch(String)].join(" ")).toContain(says);
  expect(await list()).toEqual([]);
});
