import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditView } from "../../api/wire/access-wire.ts";
import type { RemoteView } from "../../api/wire/web-remote-wire.ts";
import { CliStage, SLUICE } from "../run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";

const stage = new CliStage();
const SESSION = { CLAUDECODE: "1", CLAUDE_CODE_ENTRYPOINT: "cli" };
const PASSPHRASE = "lantern gravel mustard eleven";
const ORIGIN = "https://sluice.example.org";

beforeAll(async () => {
  // The hub takes its page's port from whoever starts it.
  await stage.run(["up"], { env: { SLUICE_WEB_PORT: "0" } });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function readView(): Promise<RemoteView> {
  return JSON.parse((await stage.run(["web", "remote", "--json"])).stdout) as RemoteView;
}

/** One request through a tunnel. Without a body it is a GET. */
function askThere(target: string, path: string, body?: unknown, more: Record<string, string> = {}) {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    host: new URL(ORIGIN).host,
    "user-agent": "A phone",
    ...(bytes && { "content-type": "application/json", "content-length": `${bytes.length}` }),
    ...more,
  };
  return new Promise<{ status: number; cookie: string; key: string }>((resolve, reject) => {
    const method = bytes === undefined ? "GET" : "POST";
    const asked = request(new URL(path, target), { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => {
        const [cookie = ""] = (answer.headers["set-cookie"] ?? [""])[0]?.split(";") ?? [];
        const { key = "" } = JSON.parse(text) as { key?: string };
        resolve({ status: answer.statusCode ?? 0, cookie, key });
      });
    });
    asked.once("error", reject);
    asked.end(bytes);
  });
}

const inTerminals = test.runIf(HAS_TERMINALS);

test("neither a script nor a session's shell sets the passphrase or opens the page to other machines", async () => {
  for (const env of [{}, SESSION]) {
    const set = await stage.run(["web", "passphrase", "--passphrase-stdin"], {
      input: PASSPHRASE,
      env,
    });
    expect(set).toMatchObject({ code: 1, stdout: "" });
    expect(set.stderr).toContain("by a person at a terminal only");
    expect(set.stderr).not.toContain("lantern");
    const opened = await stage.run(["web", "remote", ORIGIN], { env });
    expect(opened).toMatchObject({ code: 1, stdout: "" });
    expect(opened.stderr).toMatch(/came from a (?:program|session's shell) \(pid \d+\)/);
  }
  expect((await stage.run(["web", "passphrase"])).code).toBe(2);
  expect((await stage.run(["web", "passphrase", PASSPHRASE])).code).toBe(2);
  expect(await readView()).toEqual({ hasPassphrase: false });
});

inTerminals("nor does a session in a terminal of its own", async () => {
  const set = await type(stage, ["web", "passphrase"], [PASSPHRASE, PASSPHRASE], SESSION);
  expect(set.code).toBe(1);
  expect(set.screen).toContain("a session's shell");
  expect(await readView()).toEqual({ hasPassphrase: false });
});

inTerminals(
  "the owner types it twice, names the tunnel, and closes it again from anywhere",
  async () => {
    const early = await type(stage, ["web", "remote", ORIGIN]);
    expect(early.screen).toContain("set a passphrase first");
    const weak = await type(stage, ["web", "passphrase"], ["password12345678", "password12345678"]);
    expect(weak.code).toBe(1);
    expect(weak.screen).toContain("was not set");
    const differ = await type(stage, ["web", "passphrase"], [PASSPHRASE, `${PASSPHRASE}s`]);
    expect(differ.code).toBe(2);
    expect(differ.screen).toContain("the two passphrases differ");
    const set = await type(stage, ["web", "passphrase"], [PASSPHRASE, PASSPHRASE]);
    expect(set).toMatchObject({ code: 0 });
    // It is not shown, and `script` shows what a terminal would.
    expect(set.screen).not.toContain("lantern");
    const wrong = await type(stage, ["web", "remote", "http://sluice.example.org"]);
    expect(wrong.screen).toContain("it must begin with https://");
    const opened = await type(stage, ["web", "remote", ORIGIN]);
    expect(opened).toMatchObject({ code: 0 });
    expect(opened.screen).toContain(`the page can be opened at ${ORIGIN}`);
    expect(await readView()).toMatchObject({
      origin: ORIGIN,
      hasPassphrase: true,
      target: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect((await stage.run(["status"])).stdout).toContain(`with the passphrase at ${ORIGIN}`);

    // As the tunnel does: to the page's port, under its own name.
    const { target = "" } = await readView();
    const signIn = (passphrase: string) =>
      askThere(target, "/v1/sign-in/passphrase", { passphrase });
    expect((await signIn("wrong")).status).toBe(401);
    const { status, cookie, key } = await signIn(PASSPHRASE);
    expect([status, cookie.split("=")[0]]).toEqual([200, "__Host-sluice"]);
    const look = () => askThere(target, "/v1/prompts", undefined, { cookie, "x-sluice-key": key });
    expect((await look()).status).toBe(200);
    const listed = await stage.run(["web", "sessions"]);
    expect(listed.stdout).toMatch(/elsewhere +yes +A phone/);
    expect((await stage.run(["web", "revoke"])).stdout).toContain("1 browser signed out");
    expect((await look()).status).toBe(401);

    const closed = await stage.run(["web", "remote", "off"], { env: SESSION });
    expect(closed).toMatchObject({ code: 0 });
    expect(closed.stdout).toContain("on this machine only");
    const log = JSON.parse((await stage.run(["access", "log", "--json"])).stdout) as AuditView[];
    expect(log.map(({ action, actor }) => `${action} ${actor.replace(/ \(.*/, "")}`)).toEqual([
      "web-remote a session's shell",
      "sign-out cli",
      "sign-in remote page",
      "sign-in-refused remote page",
      "web-remote terminal",
      "web-passphrase terminal",
    ]);
  },
);

inTerminals("a password manager may hand it over, at a terminal", () => {
  const line = `printf '%s\\n' '${PASSPHRASE}' | '${process.execPath}' '${SLUICE}' web passphrase --passphrase-stdin`;
  const { status, stdout } = spawnSync("script", ["-qec", line, "/dev/null"], {
    env: { PATH: process.env["PATH"], HOME: stage.folder, SLUICE_HOME: stage.home, NO_COLOR: "1" },
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining("the passphrase is set")]);
});

test("nothing of the passphrase is in the home in the clear", () => {
  const files = readdirSync(stage.home, { recursive: true, encoding: "utf8" })
    .map((name) => join(stage.home, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(3);
  for (const path of files) expect(readFileSync(path).includes("lantern"), path).toBe(false);
});
