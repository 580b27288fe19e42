/**
 * The plugin's launcher: which Node it takes, and how it tells that there is none. In the shell of every machine, dash or bash or busybox.
 */
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root = "";
let home = "";
let tools = "";
let launcher = "";

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "sluice launcher-")));
  home = join(root, "home");
  launcher = join(root, "plugin", "bin", "sluice");
  mkdirSync(dirname(launcher), { recursive: true });
  cpSync("plugins/launcher.sh", launcher);
  chmodSync(launcher, 0o755);
  // A PATH with what a shell needs, and no node.
  tools = join(root, "tools");
  mkdirSync(tools);
  for (const name of ["sed", "sort", "readlink", "tr", "sleep"]) {
    const found = ["/usr/bin", "/bin"].map((one) => join(one, name)).find((one) => existsSync(one));
    symlinkSync(found ?? name, join(tools, name));
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

/** One that says this version, and else which one it is and with what it was started. */
function addNode(path: string, version: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  const script = `#!/bin/sh\n[ "$1" = --version ] && { echo "${version}"; exit; }\nprintf '%s\\n' "$0" "$@"\n`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}

function run(args: string[], env: Record<string, string> = {}, shell = "/bin/sh"): string[] {
  const text = execFileSync(shell, [launcher, ...args], {
    env: { HOME: home, PATH: tools, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return text.trimEnd().split("\n");
}

/** Whatever Node this machine has in its usual places. */
function hideNodes(): void {
  const text = readFileSync(launcher, "utf8");
  expect(text).toContain("try() {\n");
  writeFileSync(
    launcher,
    text.replace(
      "try() {\n",
      'try() {\n  case $1 in "$HOME"/*|"${TRIED:-/none}"/*) ;; *) return 1 ;; esac\n',
    ),
  );
}

test("the Node on PATH comes first, with the words for the command line as they were given", () => {
  const node = addNode("bin/node", "v22.13.0");
  addNode("home/.nvm/versions/node/v24.1.0/bin/node", "v24.1.0");
  const words = ["emit", "two words", "$HOME", "", "*"];
  const [command, program, ...rest] = run(words, { PATH: `${join(root, "bin")}:${tools}` });
  expect(command).toBe(node);
  expect(program).toBe(join(root, "plugin", "bin", "sluice.js"));
  expect(rest).toEqual(words);
});

test("one on PATH that is too old, breaks, hangs on nothing or is no Node is passed over", () => {
  for (const [index, version] of [
    "v20.20.2",
    "v22.12.0",
    "v23.3.0",
    "",
    "24.1.0",
    "v24",
    "vx.y.z",
  ].entries())
    addNode(`old${index}/node`, version);
  mkdirSync(join(root, "folder", "node"), { recursive: true });
  const good = addNode("good/node", "v23.4.0");
  const path = [0, 1, 2, 3, 4, 5, 6].map((index) => join(root, `old${index}`));
  const [command] = run(["status"], {
    PATH: [...path, join(root, "folder"), join(root, "good"), tools].join(":"),
  });
  expect(command).toBe(good);
});

test("nothing is taken out of the folder that the session works in, whatever PATH says", () => {
  hideNodes();
  addNode("node", "v24.1.0");
  expect(() =>
    execFileSync("/bin/sh", [launcher, "status"], {
      cwd: root,
      env: { HOME: home, PATH: `:.:${tools}:`, TRIED: root },
      stdio: "pipe",
    }),
  ).toThrow(/does not run/);
});

test("SLUICE_NODE is taken before all others, and one that does not fit is no reason to give up", () => {
  const named = addNode("named/node24", "v24.0.0");
  const other = addNode("bin/node", "v26.1.0");
  const PATH = `${join(root, "bin")}:${tools}`;
  expect(run(["status"], { PATH, SLUICE_NODE: named })[0]).toBe(named);
  expect(run(["status"], { PATH, SLUICE_NODE: "/nowhere/node" })[0]).toBe(other);
});

test.each([
  [".nvm/versions/node/v*/bin/node", {}],
  [".volta/tools/image/node/*/bin/node", {}],
  [".local/share/fnm/node-versions/v*/installation/bin/node", {}],
  ["Library/Application Support/fnm/node-versions/v*/installation/bin/node", {}],
  [".asdf/installs/nodejs/*/bin/node", {}],
  [".local/share/mise/installs/node/*/bin/node", {}],
  [".nodenv/versions/*/bin/node", {}],
  [".proto/tools/node/*/bin/node", {}],
  ["data dir/mise/installs/node/*/bin/node", { XDG_DATA_HOME: "data dir" }],
  ["elsewhere/versions/node/v*/bin/node", { NVM_DIR: "elsewhere" }],
  ["n/n/versions/node/*/bin/node", { N_PREFIX: "n" }],
  [".config/nvm/versions/node/v*/bin/node", {}],
  ["my config/nvm/versions/node/v*/bin/node", { XDG_CONFIG_HOME: "my config" }],
  [".local/share/nvm/v*/bin/node", {}],
  [".local/share/pnpm/nodejs/*/bin/node", {}],
  ["Library/pnpm/nodejs/*/bin/node", {}],
  [".nodebrew/node/v*/bin/node", {}],
])("started without a profile, the newest in %s is found", (place, variables) => {
  hideNodes();
  const at = (version: string): string =>
    addNode(join("home", place.replace("*", version)), `v${version}`);
  for (const version of ["9.11.2", "18.20.4", "22.9.0", "22.14.0"]) at(version);
  const newest = at("24.10.1");
  at("24.9.0");
  const env = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, join(home, value)]),
  );
  expect(run(["status"], env)[0]).toBe(newest);
});

test("a link to it works from anywhere, also a link to a link, and by its name alone", () => {
  const node = addNode("bin/node", "v24.1.0");
  const links = join(root, "links");
  mkdirSync(links);
  symlinkSync("../plugin/bin/sluice", join(links, "first"));
  symlinkSync("first", join(links, "second"));
  const env = { HOME: home, PATH: `${join(root, "bin")}:${tools}:${links}` };
  const program = join(root, "plugin", "bin", "sluice.js");
  for (const [command, args, cwd] of [
    [join(links, "second"), [], "/"],
    ["second", [], "/"],
    ["/bin/sh", ["second"], links],
    ["/bin/sh", ["sluice"], dirname(launcher)],
  ] as const) {
    const said = execFileSync(command, args, { env, cwd, encoding: "utf8" });
    expect(said.split("\n").slice(0, 2)).toEqual([node, program]);
  }
});

test("the client's server and bell are started with the program's own files, and the server knows how to start a hub", () => {
  const node = addNode("bin/node", "v24.1.0");
  const PATH = `${join(root, "bin")}:${tools}`;
  const dist = join(root, "plugin", "dist", "client");
  expect(run(["--plugin-server"], { PATH })).toEqual([
    node,
    "--no-opt",
    "--no-maglev",
    join(dist, "shim.js"),
    "--plugin",
    "--replace-older",
  ]);
  expect(run(["--plugin-bell"], { PATH })).toEqual([node, join(dist, "bell.js")]);
});

type Answer = {
  id: unknown;
  result?: { protocolVersion?: string; instructions?: string; content?: { text: string }[] };
  error?: { code: number };
};

const SHELLS = ["/bin/sh", "/bin/bash", "/bin/zsh", "/usr/bin/busybox"].filter((one) =>
  existsSync(one),
);

/** What the server without a Node answers, and its exit code. */
async function serve(
  shell: string,
  lines: string[],
): Promise<{ answers: Answer[]; code: number | null }> {
  // As they are where they stand in the place of sh.
  const before = shell.endsWith("busybox")
    ? ["sh"]
    : shell.endsWith("zsh")
      ? ["--emulate", "sh"]
      : [];
  const args = [...before, launcher];
  const child = spawn(shell, [...args, "--plugin-server"], { env: { HOME: home, PATH: tools } });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  child.stdin.end(`${lines.join("\n")}\n`);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const answers = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Answer);
  return { answers, code };
}

test.each(SHELLS)(
  "%s: without a Node the server answers the client, says why once, and has no opinion on anything",
  async (shell) => {
    hideNodes();
    addNode("home/.nvm/versions/node/v20.1.0/bin/node", "v20.1.0");
    const hook = (event: string, more: object, id: number) =>
      JSON.stringify({
        method: "tools/call",
        params: { name: "hook", arguments: { event, ...more } },
        jsonrpc: "2.0",
        id,
      });
    const nasty = 'a "id":7} \\ %s %d $(touch x) `x` "method":"initialize" \u2028 ünï \u0000';
    const { answers, code } = await serve(shell, [
      JSON.stringify({ method: "server/discover", jsonrpc: "2.0", id: "probe-1" }),
      JSON.stringify({
        method: "initialize",
        params: {
          protocolVersion: "2025-11-25",
          capabilities: {},
          clientInfo: { name: "c", version: "1" },
        },
        jsonrpc: "2.0",
        id: 0,
      }),
      JSON.stringify({ method: "notifications/initialized", jsonrpc: "2.0" }),
      JSON.stringify({ method: "tools/list", jsonrpc: "2.0", id: 1 }),
      hook("UserPromptSubmit", { prompt: nasty }, 2),
      hook("UserPromptSubmit", { prompt: nasty }, 3),
      hook("PermissionRequest", { tool_input: JSON.stringify({ command: nasty, id: 9 }) }, 4),
      hook("Stop", { prompt: "x".repeat(300_000) }, 5),
      "",
      "not json at all",
      JSON.stringify({ method: "ping", jsonrpc: "2.0", id: 6 }),
    ]);
    expect(answers.map(({ id }) => id)).toEqual(["probe-1", 0, 1, 2, 3, 4, 5, 6]);
    const [discover, initialize, list, first, ...later] = answers;
    expect(discover?.error?.code).toBe(-32_601);
    expect(initialize?.result?.protocolVersion).toBe("2025-11-25");
    const reason = initialize?.result?.instructions ?? "";
    expect(reason).toMatch(
      /needs Node\.js 22\.13 or newer, and \/.*\/v20\.1\.0\/bin\/node is v20\.1\.0; install one/,
    );
    expect(list?.result).toEqual({ tools: [] });
    const read = (answer: Answer | undefined): unknown =>
      JSON.parse(answer?.result?.content?.[0]?.text ?? "");
    expect(read(first)).toEqual({ systemMessage: reason });
    expect(later.slice(0, 3).map(read)).toEqual([{}, {}, {}]);
    expect(code).toBe(78);
  },
);

test("a home whose name would break JSON breaks nothing", async () => {
  home = join(root, 'ho"me\\ %s $x');
  hideNodes();
  addNode(join('ho"me\\ %s $x', ".nvm/versions/node/v20.1.0/bin/node"), "v20.1.0");
  const { answers } = await serve("/bin/sh", [
    JSON.stringify({ method: "initialize", params: {}, jsonrpc: "2.0", id: 0 }),
  ]);
  expect(answers[0]?.result?.instructions).toContain("is v20.1.0");
});

test("without a Node a command says the same on stderr and ends with 78, and the bell ends with its client", async () => {
  hideNodes();
  expect(() => run(["status"])).toThrow(/^[^\n]*\n?Sluice does not run|Sluice does not run/);
  const client = spawn("/bin/sleep", ["600"]);
  const bell = spawn("/bin/sh", [launcher, "--plugin-bell"], {
    env: { HOME: home, PATH: tools, CLAUDE_PID: String(client.pid) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [bell.stdout, bell.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => bell.once("exit", resolve));
  client.kill();
  expect(await ended).toBe(0);
  expect(said).toBe("");
});
