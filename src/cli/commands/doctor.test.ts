import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toBuild } from "../../local/build.ts";
import { VERSION } from "../../local/version.ts";
import type { SessionView, StatusView } from "../../api/wire/wire.ts";
import type { Check } from "../doctor/check.ts";
import {
  checkClient,
  checkHooks,
  checkLanes,
  checkCopies,
  checkPluginRow,
  readAllSettings,
} from "../doctor/check-claude.ts";
import { checkClients } from "../doctor/check-clients.ts";
import { checkHubVersion, checkNode, checkQuiet, checkSessions } from "../doctor/check-hub.ts";
import { checkMarketplace } from "../doctor/check-marketplace.ts";
import type { PluginRow } from "../claude/claude-client.ts";
import { CODE_CACHE, SLUICE } from "../run-cli.fixture.ts";

let root = "";
let server: Server | undefined;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-doctor-")));
  for (const name of ["home", "project", "bin", "sluice"])
    mkdirSync(join(root, name), { mode: 0o700 });
});

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) =>
    server === undefined ? resolve() : server.close(() => resolve()),
  );
  server = undefined;
  rmSync(root, { recursive: true, force: true });
});

type Ran = { code: number; stdout: string; stderr: string };

function runDoctor(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return runSluice(["doctor", ...args], env);
}

/** Runs the command as a process of its own: its exit code is part of what it says. */
function runSluice(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [SLUICE, ...args],
      {
        cwd: join(root, "project"),
        env: {
          HOME: join(root, "home"),
          SLUICE_HOME: join(root, "sluice"),
          PATH: join(root, "bin"),
          NODE_NO_WARNINGS: "1",
          NODE_COMPILE_CACHE: CODE_CACHE,
          // Not the usual port: a hub of this machine may have it.
          SLUICE_INGRESS_PORT: "0",
          ...env,
        },
      },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

function find(checks: readonly Check[], name: string): Check | undefined {
  return checks.find(({ check }) => check === name);
}

/** A client that knows five verbs. */
function writeClient(
  version: string,
  plugins: unknown[] = [],
  marketplaces: unknown[] = [{ name: "sluice" }],
  clients: unknown[] = [],
): void {
  const script = `#!/bin/sh
case "$*" in
  --version) echo "${version} (Claude Code)" ;;
  "plugin list --json") /bin/cat <<'END'
${JSON.stringify(plugins)}
END
  ;;
  "agents --json") echo '${JSON.stringify(clients)}' ;;
  "plugin marketplace list --json") echo '${JSON.stringify(marketplaces)}' ;;
  *) exit 1 ;;
esac
`;
  writeFileSync(join(root, "bin", "claude"), script, { mode: 0o755 });
}

const session: SessionView = {
  id: "s1",
  label: "web",
  cwd: "/src/web",
  lane: "monitor",
  state: "proven",
  busy: false,
  wakesToday: 0,
  charsToday: 0,
  waiting: 0,
  client: { name: "claude-code", version: "2.1.332", pid: 7, plugin: true, interactive: true },
  bell: true,
  laneFacts: ["bell runs"],
  target: true,
};

function toStatus(change: Partial<StatusView> = {}): StatusView {
  const socket = join(root, "sluice", "hub.sock");
  return {
    hub: {
      pid: 1,
      version: VERSION,
      // Of what the command line runs from.
      build: toBuild("dist"),
      uptimeMs: 5,
      home: join(root, "sluice"),
      socket,
      ingress: { state: "up", host: "127.0.0.1", port: 8788 },
      web: { state: "off", host: "127.0.0.1", port: 8787 },
    },
    channels: [],
    sessions: [],
    events: {},
    refused: [],
    policy: { state: "open", detail: "no managed settings" },
    next: [],
    ...change,
  };
}

/** What the hub's socket answers, without a hub. */
async function openHub(status: StatusView): Promise<void> {
  const answering = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    const access = { state: "ok", senders: [], requests: [], audit: { rows: 0 } };
    const answers: Record<string, unknown> = {
      "/v1/status": status,
      "/v1/access": access,
      "/v1/rules": [],
      "/v1/hosts": [],
      "/v1/lanes": [],
      "/v1/clients/events": { state: "off", url: "", clients: [] },
    };
    response.end(JSON.stringify(answers[request.url ?? ""] ?? status.hub));
  });
  await new Promise<void>((resolve) => answering.listen(status.hub.socket, resolve));
  server = answering;
}

const row: PluginRow = { id: "sluice@sluice", version: VERSION, scope: "user", enabled: true };

test("on a machine with nothing, doctor names the hub and the client, and exits 1", async () => {
  const { code, stdout } = await runDoctor(["--json"]);
  const checks = JSON.parse(stdout) as Check[];
  expect(code).toBe(1);
  expect(checks.filter(({ ok }) => !ok)).toEqual([
    { check: "hub", ok: false, detail: "none runs, so nothing is received", fix: "sluice up" },
    {
      check: "client",
      ok: false,
      detail: "no claude on PATH",
      fix: expect.stringContaining("SLUICE_CLAUDE") as string,
    },
  ]);
  expect(checks.map(({ check }) => check)).toEqual([
    "node",
    "home",
    "hub",
    "socket",
    "ingress",
    "inbox",
    "backup",
    "client",
    "policy",
    "hooks",
    "telemetry",
    "provider",
  ]);
});

test("with all in order it exits 0 and says so", async () => {
  writeClient("2.1.332", [row]);
  await openHub(toStatus({ sessions: [session] }));
  const { code, stdout } = await runDoctor([]);
  expect(stdout).toContain("Nothing stops delivery.");
  expect(stdout).toMatch(
    /^ok {2}session web +lane monitor, proven; bell runs; claude-code 2\.1\.332/m,
  );
  expect(stdout).not.toContain("!!");
  expect(code).toBe(0);
});

test("what is wrong is marked, with what to do under it", async () => {
  writeClient("2.1.309", []);
  await openHub(
    toStatus({
      channels: [
        {
          name: "alerts",
          kind: "webhook",
          state: "down",
          reason: "no secret",
          scheme: "token",
          twoWay: false,
          refused: {},
        },
      ],
      policy: { state: "closed", detail: "channels are turned off" },
    }),
  );
  const { code, stdout } = await runDoctor([]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^!! {2}channel alerts +webhook, down: no secret\n +fix: /m);
  expect(stdout).toMatch(/^!! {2}client +Claude Code 2\.1\.309/m);
  expect(stdout).toMatch(
    /^!! {2}plugin +not installed in Claude Code\n +fix: sluice connect claude$/m,
  );
  expect(stdout).toMatch(/^!! {2}policy +channels are turned off/m);
});

test("a port that is taken is one failure, its fix harms nothing, and up says by its exit code that nothing gets in", async () => {
  writeClient("2.1.332", [row]);
  const { hub } = toStatus();
  const reason = "127.0.0.1:8788 is held by node (pid 7)";
  const channel = {
    kind: "webhook",
    state: "down",
    reason: `ingress is down: ${reason}`,
    waitsForIngress: true,
    scheme: "bearer",
    twoWay: false,
    refused: {},
  } as const;
  await openHub(
    toStatus({
      hub: { ...hub, ingress: { state: "down", host: "127.0.0.1", port: 8788, reason } },
      channels: [
        { ...channel, name: "alerts" },
        { ...channel, name: "deploys" },
      ],
      sessions: [session],
    }),
  );
  const { code, stdout } = await runDoctor([]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^!! {2}ingress +down on 127\.0\.0\.1:8788: .*\n +fix: end the program/m);
  expect(stdout).toMatch(/^\?\? {2}channel alerts +webhook, down: ingress is down/m);
  expect(stdout).toMatch(/^1 of \d+ checks failed\. 2 warnings \(marked \?\?\)\.$/m);
  expect(stdout).not.toContain("remove");
  expect((await runSluice(["up", "--json"])).code).toBe(1);
});

test("no session is open: a warning where events wait for one, and nothing to say where none do", () => {
  expect(checkSessions([], 0)).toEqual([
    { check: "sessions", ok: true, detail: "none is open; what comes will wait" },
  ]);
  expect(checkSessions([], 2)).toMatchObject(
    [
      { ok: true, warning: true, detail: "none is open, and 2 events wait", fix: /start claude/ },
    ].map(({ fix, ...one }) => ({ ...one, fix: expect.stringMatching(fix) as string })),
  );
});

test("a session that gives no sign in its turn is worth a look at its terminal, and no failure", () => {
  const silence = "no sign of it for 3 min in this turn";
  expect(checkSessions([{ ...session, silence }])).toMatchObject([
    { ok: true, warning: true, fix: "look at its terminal" },
  ]);
});

test("a home that others can write is a finding, not an end", async () => {
  const { stdout } = await runDoctor(["--json"], { SLUICE_HOME: "/proc/self" });
  const checks = JSON.parse(stdout) as Check[];
  expect(find(checks, "home")?.ok).toBe(false);
  expect(find(checks, "provider")).toBeDefined();
});

test("a settings file that is no JSON is a finding without its text", async () => {
  mkdirSync(join(root, "home", ".claude"));
  writeFileSync(join(root, "home", ".claude", "settings.json"), '{"env":{"KEY":"sk-secret"');
  const { stdout } = await runDoctor(["--json"]);
  expect(find(JSON.parse(stdout) as Check[], "hooks")).toMatchObject({
    ok: false,
    fix: "correct it",
  });
  expect(stdout).not.toContain("sk-secret");
});

test("where no hub runs, the program on our port is named", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  server = other;
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { stdout } = await runDoctor(["--json"], { SLUICE_INGRESS_PORT: String(port) });
  expect(find(JSON.parse(stdout) as Check[], "ingress")).toMatchObject({
    ok: false,
    detail: expect.stringContaining(`(pid ${process.pid})`) as string,
  });
});

test("a damaged inbox is found without a hub, with the newest backup and how to go back to it", async () => {
  const home = join(root, "sluice");
  mkdirSync(join(home, "backup"), { mode: 0o700 });
  const backup = join(home, "backup", "sluice-2026-01-05.db");
  writeFileSync(backup, "a backup");
  writeFileSync(join(home, "sluice.db"), "no database ".repeat(1_000), { mode: 0o600 });
  const checks = JSON.parse((await runDoctor(["--json"])).stdout) as Check[];
  expect(find(checks, "inbox")).toMatchObject({
    ok: false,
    fix: expect.stringMatching(
      /^to go back to the newest backup: sluice down && mkdir .* && cp .*sluice-2026-01-05\.db .* && sluice up$/,
    ) as string,
  });
  expect(find(checks, "backup")?.detail).toContain(backup);
});

test("the probe needs a hub, and its options need the probe", async () => {
  const { stdout } = await runDoctor(["--probe", "--json"]);
  expect(find(JSON.parse(stdout) as Check[], "probe")).toMatchObject({
    ok: true,
    warning: true,
    detail: expect.stringContaining("because of: hub") as string,
  });
  const { code, stderr } = await runDoctor(["--wait", "5s"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining("need --probe") as string,
  });
});

test("hooks that are switched off are found in each file that can do it", () => {
  const policy = join(root, "policy");
  mkdirSync(join(policy, "managed-settings.d"), { recursive: true });
  mkdirSync(join(root, "project", ".claude"));
  const env = { HOME: join(root, "home") };
  const read = (): Check => checkHooks(readAllSettings(env, join(root, "project"), policy));
  expect(read().ok).toBe(true);
  writeFileSync(join(policy, "managed-settings.d", "10.json"), '{"allowManagedHooksOnly":true}');
  expect(read()).toMatchObject({
    ok: false,
    detail: expect.stringContaining("allowManagedHooksOnly") as string,
  });
  const local = join(root, "project", ".claude", "settings.local.json");
  writeFileSync(local, '{"disableAllHooks":true}');
  expect(read()).toMatchObject({ ok: false, fix: `take disableAllHooks out of ${local}` });
  // A project cannot say what only an administrator may.
  writeFileSync(local, '{"allowManagedHooksOnly":true}');
  rmSync(join(policy, "managed-settings.d"), { recursive: true });
  expect(read().ok).toBe(true);
});

test("telemetry and provider variables close the channel lane only, wherever they are set", () => {
  const settings = {
    path: "/s.json",
    managed: false,
    disableAllHooks: false,
    allowManagedHooksOnly: false,
    marketplaces: { path: "/s.json", allowed: undefined, blocked: undefined },
  };
  const [telemetry, provider] = checkLanes(
    [{ ...settings, env: { CLAUDE_CODE_USE_BEDROCK: "1" } }],
    {
      DISABLE_TELEMETRY: "1",
      CLAUDE_CODE_USE_VERTEX: "0",
      ANTHROPIC_BASE_URL: "https://gateway.example/v1",
    },
  );
  expect(telemetry).toMatchObject({
    ok: true,
    detail: expect.stringMatching(/^DISABLE_TELEMETRY \(the environment\) .*bell works/) as string,
  });
  expect(provider).toMatchObject({
    ok: true,
    detail: expect.stringMatching(
      /^CLAUDE_CODE_USE_BEDROCK \(\/s\.json\), ANTHROPIC_BASE_URL \(the environment\) /,
    ) as string,
  });
  const quiet = checkLanes([], { ANTHROPIC_BASE_URL: "https://api.anthropic.com" });
  expect(quiet.map(({ detail }) => detail)).toEqual(["not switched off", "none of its own"]);
});

test("an older part is updated, a newer one is not overwritten", () => {
  const { hub } = toStatus();
  const build = "b1";
  expect(checkHubVersion({ ...hub, build }, VERSION, build).ok).toBe(true);
  // After an update within one version, and before hubs told their build.
  for (const other of [
    { ...hub, build: "b2" },
    { ...hub, build: undefined },
  ])
    expect(checkHubVersion(other, VERSION, build)).toMatchObject({ ok: false, fix: "sluice up" });
  expect(checkHubVersion(hub, "99.0.0")).toMatchObject({ ok: false, fix: "sluice up" });
  expect(checkHubVersion(hub, "0.0.1").fix).toContain("update this one");
  expect(checkPluginRow(row, "/h").ok).toBe(true);
  expect(checkPluginRow({ ...row, folderVersion: "0.0.1" }, "/h")).toMatchObject({
    ok: false,
    fix: "sluice connect claude",
  });
  expect(checkPluginRow({ ...row, folderVersion: "99.0.0" }, "/h").fix).toContain(
    "update this sluice",
  );
});

test("a plugin that is off, points nowhere or belongs to another home is told apart", () => {
  const node = process.execPath;
  const at = (server: object): PluginRow => ({ ...row, mcpServers: { sluice: server } });
  expect(checkPluginRow({ ...row, enabled: false }, "/h").fix).toContain("plugin enable");
  expect(checkPluginRow(at({ command: "/gone/node" }), "/h").detail).toContain("/gone/node");
  expect(checkPluginRow(at({ command: node, args: ["/gone/shim.js"] }), "/h").detail).toContain(
    "/gone/shim.js",
  );
  expect(
    checkPluginRow(at({ command: node, env: { SLUICE_HOME: "/other" } }), "/h").detail,
  ).toContain("/other");
  expect(checkPluginRow(at({ command: node, env: { SLUICE_HOME: "/h" } }), "/h").ok).toBe(true);
});

test("a session is wrong only where events are due and cannot arrive", () => {
  const [stuck] = checkSessions([
    { ...session, state: "unproven", reason: "three bells unanswered" },
  ]);
  expect(stuck).toMatchObject({
    ok: false,
    detail: expect.stringContaining("three bells unanswered") as string,
  });
  expect(checkSessions([{ ...session, isStuck: true }])[0]?.ok).toBe(false);
  expect(checkSessions([{ ...session, state: "none" }])[0]?.ok).toBe(true);
  expect(checkSessions([{ ...session, state: "unproven", target: false }])[0]?.ok).toBe(true);
  expect(checkSessions([{ ...session, lane: "pull", bell: false }])[0]?.ok).toBe(true);
});

test("versions that are too old are named with the one that is needed", () => {
  expect(checkNode("22.12.0", "/n").fix).toContain("22.13.0");
  expect(checkNode("24.1.0", "/n").ok).toBe(true);
  expect(checkClient({ path: "/c", version: "2.1.309" }).fix).toContain("2.1.310");
  expect(checkClient({ path: "/c", version: "2.1.310" }).ok).toBe(true);
});

test("a marketplace that the client does not know, or that is not allowed, is the gate that is named", async () => {
  const folder = "/home/ann/.sluice/claude/1.0.0";
  const rules = { path: "/etc/managed.json", allowed: undefined, blocked: undefined };
  const known = { name: "sluice", source: "directory", path: folder };
  expect(checkMarketplace(folder, known, [])).toMatchObject({ check: "marketplace", ok: true });
  expect(checkMarketplace(folder, undefined, [])).toMatchObject({
    ok: false,
    fix: "sluice connect claude",
  });
  const check = (change: object): boolean =>
    checkMarketplace(folder, known, [{ ...rules, ...change }]).ok;
  expect(check({ allowed: [] })).toBe(false);
  expect(check({ allowed: [{ source: "github", repo: "octo/market" }] })).toBe(false);
  expect(check({ allowed: [{ source: "directory", path: folder }] })).toBe(true);
  expect(check({ allowed: [{ source: "pathPattern", pathPattern: "^/home/" }] })).toBe(true);
  expect(check({ allowed: [{ source: "pathPattern", pathPattern: "(" }, null, "x"] })).toBe(false);
  expect(check({ blocked: [{ source: "pathPattern", pathPattern: "sluice" }] })).toBe(false);
  expect(check({ blocked: [{ source: "github", repo: "octo/market" }] })).toBe(true);

  writeClient("2.1.332", [row], []);
  await openHub(toStatus());
  const { stdout } = await runDoctor(["--json"]);
  expect(find(JSON.parse(stdout) as Check[], "marketplace")).toMatchObject({ ok: false });
});

test("a marketplace from Git is held to the rules for Git, with the entry that an administrator would add", () => {
  const rules = { path: "/etc/managed.json", allowed: undefined, blocked: undefined };
  const github = { name: "sluice", source: "github", repo: "octo/sluice" };
  const git = { name: "sluice", source: "git", url: "git@git.example.org:octo/sluice.git" };
  const check = (known: typeof github | typeof git, change: object): Check =>
    checkMarketplace("/h/claude", known, [{ ...rules, ...change }]);
  expect(check(github, { allowed: [{ source: "github", repo: "octo/sluice" }] }).ok).toBe(true);
  expect(check(github, { allowed: [{ source: "hostPattern", hostPattern: "^github" }] }).ok).toBe(
    true,
  );
  expect(check(git, { allowed: [{ source: "hostPattern", hostPattern: "example" }] }).ok).toBe(
    true,
  );
  expect(check(git, { allowed: [{ source: "git", url: git.url }] }).ok).toBe(true);
  expect(check(github, { allowed: [{ source: "github", repo: "octo/other" }] })).toMatchObject({
    ok: false,
    detail: expect.stringContaining("octo/sluice") as string,
    fix: expect.stringContaining('{"source":"github","repo":"octo/sluice"}') as string,
  });
  // A rule about folders says nothing of a URL.
  expect(check(git, { blocked: [{ source: "pathPattern", pathPattern: "." }] }).ok).toBe(true);
  expect(check(git, { allowed: [{ source: "pathPattern", pathPattern: "." }] }).ok).toBe(false);
  expect(check(github, { blocked: [{ source: "github", repo: "octo/sluice" }] }).ok).toBe(false);
});

test("the plugin that brings its program is looked for where the client keeps it, and mended by the client", () => {
  const args = ["${CLAUDE_PLUGIN_ROOT}/bin/sluice", "--plugin-server"];
  const at = (change: Partial<PluginRow>): PluginRow => ({
    ...row,
    mcpServers: { sluice: { command: "/bin/sh", args } },
    ...change,
  });
  expect(checkPluginRow(at({ readFromFolder: resolve("plugins/sluice") }), "/h")).toMatchObject({
    ok: true,
    detail: expect.stringContaining("from its marketplace sluice") as string,
  });
  for (const change of [{ installPath: "/gone" }, { version: "0.0.1", folderVersion: "0.0.1" }])
    expect(checkPluginRow(at(change), "/h")).toMatchObject({
      ok: false,
      fix: `claude plugin update ${row.id} --scope ${row.scope}`,
    });
});

test("only copies that a session would start together are named", () => {
  const other = { ...row, id: "sluice@collection" };
  expect(checkCopies([row], false)).toEqual([]);
  expect(checkCopies([row, { ...row, scope: "project" }], false)).toEqual([]);
  expect(checkCopies([row, { ...other, enabled: false }], false)).toEqual([]);
  expect(checkCopies([row, other], false)).toMatchObject([
    { ok: false, fix: "claude plugin disable sluice@collection" },
  ]);
  expect(checkCopies([other], true)).toMatchObject([{ fix: "claude mcp remove sluice" }]);
});

test("what holds a session up just now is said, and is no failure: quiet hours, the wake budget", () => {
  expect(checkQuiet(undefined)).toMatchObject({ ok: true, detail: "none" });
  expect(checkQuiet({ from: "22:00", to: "07:00", active: true })).toMatchObject({
    ok: true,
    detail: expect.stringContaining("only urgent events wake") as string,
  });
  const [held] = checkSessions([{ ...session, held: "the wake budget is spent (12 an hour)" }]);
  expect(held).toMatchObject({
    ok: true,
    detail: expect.stringContaining("now: the wake budget is spent") as string,
  });
});

test("a session's line has its protocol, and what its lane says of it", () => {
  const client = { ...session.client, protocol: "2025-11-25" };
  const toDetail = (change: Partial<SessionView>): string | undefined =>
    checkSessions([{ ...session, client, ...change }])[0]?.detail;
  expect(toDetail({})).toContain("claude-code 2.1.332 (MCP 2025-11-25)");
  expect(toDetail({ laneFacts: ["no bell"] })).toContain("; no bell; ");
});

test("the oldest unseen event stands there with why it waits", async () => {
  await openHub(
    toStatus({
      oldestUnseen: {
        id: "evt_1",
        channel: "ci",
        state: "stored",
        ageMs: 5_000,
        why: "no session that subscribed to it is open",
      },
    }),
  );
  const { stdout } = await runDoctor(["--json"]);
  expect(find(JSON.parse(stdout) as Check[], "inbox")?.detail).toMatch(
    /oldest unseen evt_1 from .*: no session that subscribed to it is open$/,
  );
});

test("a session of the client that we are not in is named; one that is connected, or just starting, is not", async () => {
  const open = { pid: 5, cwd: "/src/web", kind: "interactive", name: "web-4", startedAt: 1_000 };
  const check = (change: object, now = 60_000): Check[] =>
    checkClients([{ ...open, ...change }], { sessions: [session] }, now);
  expect(check({})).toEqual([
    {
      check: "client web-4",
      ok: false,
      detail: expect.stringMatching(
        /^interactive, pid 5, \/src\/web, runs without the plugin/,
      ) as string,
      fix: "restart that session, or reconnect sluice in its /mcp",
    },
  ]);
  expect(check({ pid: session.client.pid })).toEqual([]);
  expect(check({ kind: "print" })).toEqual([]);
  expect(check({ kind: "background" })).toHaveLength(1);
  expect(check({}, 5_000)).toEqual([]);
  // A clock that was set back says nothing of how long it runs.
  expect(check({ startedAt: 90_000 })).toHaveLength(1);

  writeClient("2.1.332", [row], undefined, [open, null, { pid: "7" }]);
  await openHub(toStatus({ sessions: [session] }));
  const { stdout } = await runDoctor(["--json"]);
  const checks = JSON.parse(stdout) as Check[];
  expect(checks.filter(({ ok }) => !ok).map(({ check: name }) => name)).toEqual(["client web-4"]);
  // Installed for this project only, it is missing in no other.
  const here = { ...row, scope: "project", projectPath: join(root, "project") };
  writeClient("2.1.332", [here], undefined, [open]);
  expect((await runDoctor([])).code).toBe(0);
});

test("a session in the background says so", () => {
  const [first] = checkSessions([{ ...session, client: { ...session.client, background: true } }]);
  expect(first).toMatchObject({
    ok: true,
    detail: expect.stringContaining("in the background") as string,
  });
});
