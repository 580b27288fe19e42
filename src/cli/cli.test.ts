import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../local/version.ts";
import type { TraceView } from "../api/wire/trace-wire.ts";
import type { EventView, StatusView } from "../api/wire/wire.ts";
import { CliStage, type Ended } from "./run-cli.fixture.ts";

// What a script parses is parsed here as a script would; the shapes are checked by what is expected of them.
function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}

function parseLines<T>(text: string): T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parse<T>(line));
}

describe("without a hub", () => {
  const stage = new CliStage();
  afterAll(() => stage[Symbol.asyncDispose]());

  test("the version, and grouped help for nothing at all", async () => {
    expect(await stage.run(["--version"])).toEqual({
      code: 0,
      stdout: `${VERSION}\n`,
      stderr: "",
    });
    const help = await stage.run([]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toMatch(/^Start$[^]*^Channels$[^]*^Events$/m);
  });

  test("help of a command, however it is asked for", async () => {
    const asked = [
      ["inbox", "--help"],
      ["help", "inbox"],
      ["--help", "inbox"],
    ];
    const answers = await Promise.all(asked.map((args) => stage.run(args)));
    for (const answer of answers) {
      expect(answer).toEqual(answers[0]);
      expect(answer.stdout).toContain("Usage: sluice inbox");
    }
  });

  test.each([
    [["inbx"], 'sluice: unknown command "inbx"; did you mean "sluice inbox"?\n'],
    [["constructor"], 'sluice: unknown command "constructor"; "sluice --help" lists them\n'],
    [["inbox", "--sate", "done"], 'sluice: unknown flag --sate; did you mean "--state"?\n'],
    [["ack", "nonsense"], 'sluice: "nonsense" is not an event id; "sluice inbox" lists them\n'],
    [["inbox", "--limit", "0"], "sluice: --limit 0 is not a number from 1 to 10000\n"],
    [["add", "webhook", "--rate", "fast"], "sluice: --rate fast is not a number from 0\n"],
  ])("wrong use %j is 2, with a sentence on stderr", async (args, stderr) => {
    expect(await stage.run(args)).toEqual({ code: 2, stdout: "", stderr });
  });

  test("looking and stopping start no hub and make no home", async () => {
    const status = await stage.run(["--json", "status"]);
    expect(status).toMatchObject({ code: 0, stderr: "" });
    expect(parse(status.stdout)).toMatchObject({ hub: null, channels: [], sessions: [] });
    expect(await stage.run(["down"])).toEqual({ code: 0, stdout: "no hub runs\n", stderr: "" });
    expect(existsSync(stage.home)).toBe(false);
  });

  test("a home that others can write is bad set-up: nothing in it is believed", async () => {
    const home = join(stage.folder, "open");
    mkdirSync(home);
    chmodSync(home, 0o777);
    const heard: (string | undefined)[] = [];
    const impostor = createServer(({ url }, answer) => {
      heard.push(url);
      answer.end('{"pid":1,"version":"0.0.1"}');
    });
    await once(impostor.listen(join(home, "hub.sock")), "listening");
    const open = { env: { SLUICE_HOME: home } };
    for (const command of ["status", "down", "inbox", "up"]) {
      const { code, stdout, stderr } = await stage.run([command], open);
      expect({ command, code, stdout }).toEqual({ command, code: 78, stdout: "" });
      expect(stderr).toContain(`${home} can be written by other users`);
    }
    const { code, stdout } = await stage.run(["doctor"], open);
    expect(code).toBe(1);
    expect(stdout).toContain(`${home} can be written by other users`);
    expect(heard).toEqual([]);
    impostor.close();
  });

  test("a broken config.json is bad set-up, named by status and by the hub", async () => {
    const home = join(stage.folder, "broken");
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, "config.json"), "{ nope", { mode: 0o600 });
    for (const args of [["status"], ["up", "--foreground"]]) {
      const { code, stderr } = await stage.run(args, { env: { SLUICE_HOME: home } });
      expect(code).toBe(78);
      expect(stderr).toContain("config.json is not valid JSON");
    }
  });
});

describe("with a hub that starts by itself", () => {
  const stage = new CliStage();
  let added: Ended;
  beforeAll(async () => {
    added = await stage.run(["add", "webhook", "--name", "alerts", "--json"]);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  // req:field.07
  test("add starts it, and prints the token this once", async () => {
    expect(added).toMatchObject({ code: 0, stderr: "" });
    const channel = parse<{ url: string; token: string }>(added.stdout);
    expect(channel).toMatchObject({ name: "alerts", kind: "webhook" });
    const answer = await fetch(channel.url, {
      method: "POST",
      headers: { authorization: `Bearer ${channel.token}`, "content-type": "text/plain" },
      body: "posted",
    });
    expect(answer.status).toBe(202);
    for (const args of [["channels"], ["channels", "--json"], ["status"], ["status", "--json"]]) {
      const { stdout, stderr } = await stage.run(args);
      expect(stdout).toContain("alerts");
      expect(stdout + stderr).not.toContain(channel.token);
    }
  });

  test("a given secret comes by environment or stdin, and is never printed", async () => {
    const secret = "a-secret-of-enough-characters";
    const byEnv = await stage.run(["add", "github", "--secret-env", "HOOK", "--json"], {
      env: { HOOK: secret },
    });
    const byStdin = await stage.run(["add", "webhook", "--name", "in", "--secret-stdin"], {
      input: `${secret}\n`,
    });
    for (const { code, stdout, stderr } of [byEnv, byStdin]) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).not.toContain(secret);
    }
    const unset = await stage.run(["add", "webhook", "--name", "x", "--secret-env", "NOPE"]);
    expect(unset).toMatchObject({ code: 2, stdout: "" });
  });

  test("up is idempotent, in the foreground too", async () => {
    const [first, second] = [await stage.run(["up", "--json"]), await stage.run(["up", "--json"])];
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(second).toEqual(first);
    expect(parse(first.stdout)).toEqual({
      pid: expect.any(Number),
      socket: join(stage.home, "hub.sock"),
      ingress: expect.objectContaining({ state: "up" }),
      web: { state: "off", host: "127.0.0.1", port: 8787 },
    });
    const foreground = await stage.run(["up", "--foreground"]);
    expect(foreground).toMatchObject({ code: 0, stdout: "" });
    expect(foreground.stderr).toContain("a hub already runs");
  });

  // req:field.25 req:field.26 req:field.32
  test("emit takes words or stdin, and its own id makes a duplicate", async () => {
    const words = await stage.run([
      "emit",
      "alerts",
      "build",
      "failed",
      "--meta",
      "a=1",
      "--meta",
      "b=x=y",
      "--entity",
      "octo/app#12",
      "--state-of",
      "octo/app#12/build",
      "--priority",
      "urgent",
      "--json",
    ]);
    expect(words).toMatchObject({ code: 0, stderr: "" });
    const { id } = parse<{ id: string }>(words.stdout);
    const listed = await stage.run(["inbox", "--json", "--channel", "alerts", "--state", "stored"]);
    const event = parseLines<EventView>(listed.stdout).find((each) => each.id === id);
    expect(event).toMatchObject({
      text: "build failed",
      meta: { a: "1", b: "x=y" },
      entity: "octo/app#12",
      stateOf: "octo/app#12/build",
      priority: "urgent",
    });
    const traced = await stage.run(["trace", id]);
    expect(traced.stdout).toContain("\nentity   octo/app#12\nstate of octo/app#12/build\n");
    const piped = ["emit", "alerts", "--id", "job-7", "--json"];
    const once = await stage.run(piped, { input: "two\nlines\n" });
    const twice = await stage.run(piped, { input: "two\nlines\n" });
    expect(parse(once.stdout)).toMatchObject({ state: "stored" });
    expect(parse(twice.stdout)).toEqual({
      id: parse<{ id: string }>(once.stdout).id,
      state: "duplicate",
    });
    expect(await stage.run(["emit", "alerts"])).toMatchObject({ code: 2 });
    expect(await stage.run(["emit", "nobody", "x"])).toMatchObject({ code: 1, stdout: "" });
    expect(await stage.run(["emit", "alerts", "x", "--meta", "no"])).toMatchObject({ code: 2 });
  });

  // req:field.47 req:field.54
  test("trace tells every step, ack closes, and an unknown id closes nothing", async () => {
    const emitted = await stage.run(["emit", "alerts", "close me", "--json"]);
    const { id } = parse<{ id: string }>(emitted.stdout);
    const unknown = "evt_00000000000000000000000000";
    expect(await stage.run(["ack", id, unknown])).toMatchObject({ code: 1, stdout: "" });
    const acked = await stage.run(["ack", id, "--json"]);
    expect(parse(acked.stdout)).toEqual({ ids: [id] });
    const trace = parse<TraceView>((await stage.run(["trace", id, "--json"])).stdout);
    expect(trace.event).toMatchObject({ id, state: "done" });
    expect(trace.steps.map(({ stage: step }) => step)).toEqual(
      expect.arrayContaining(["stored", "done"]),
    );
    const page = await stage.run(["trace", id]);
    expect(page.stdout).toMatch(/^\+\d+ \w+\s+done\s+closed by hand$/m);
    expect(await stage.run(["trace", unknown])).toMatchObject({ code: 1, stdout: "" });
  });

  test("text from outside cannot drive the terminal, as a table or as JSON", async () => {
    const hostile = "a\u001b]0;owned\u0007\u001b[2J\u009b31mb\u202ec";
    await stage.run(["emit", "alerts"], { input: hostile });
    const outputs = await Promise.all([
      stage.run(["inbox", "--limit", "1"]),
      stage.run(["inbox", "--limit", "1", "--json"]),
    ]);
    for (const { stdout } of outputs) {
      // oxlint-disable-next-line no-control-regex -- they are what must not be there
      expect(stdout).toMatch(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]*$/);
    }
    expect(parse<EventView>(outputs[1].stdout).text).toBe(hostile);
  });

  test("a reader that has enough is no failure", async () => {
    await stage.run(["emit", "alerts"], { input: "x".repeat(900_000) });
    const child = stage.start(["inbox", "--json"]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("nobody reads what went wrong: it is a failure all the same", async () => {
    const child = stage.start(["emit", "nowhere", "x"]);
    child.stderr.destroy();
    expect(await once(child, "exit")).toEqual([1, null]);
  });

  test("colours come only when asked for, where there is no terminal", async () => {
    expect((await stage.run(["status"])).stdout).not.toContain("\u001b");
    const forced = await stage.run(["status"], { env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b[32mup\u001b[39m");
  });

  // req:field.66
  test("pause, resume and remove change a channel, and say so for one that is not there", async () => {
    const readState = async (): Promise<string | undefined> => {
      const { stdout } = await stage.run(["channels", "--json"]);
      return parse<{ name: string; state: string }[]>(stdout).find(({ name }) => name === "in")
        ?.state;
    };
    expect(await stage.run(["pause", "in"])).toMatchObject({ code: 0, stdout: "paused in\n" });
    expect(await readState()).toBe("paused");
    expect(await stage.run(["emit", "in", "hello"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'is paused and lets nothing in; "sluice resume in"',
      ) as string,
    });
    expect(await stage.run(["resume", "in", "--json"])).toMatchObject({
      stdout: '{"name":"in"}\n',
    });
    expect(await readState()).toBe("ok");
    expect(await stage.run(["remove", "in"])).toMatchObject({ code: 0, stdout: "removed in\n" });
    expect(await readState()).toBeUndefined();
    expect(await stage.run(["remove", "in"])).toMatchObject({ code: 1, stdout: "" });
  });

  // PAGE-1
  test("open makes the page's channel and prints a link, web lists and ends sign-ins", async () => {
    const { stdout: before } = await stage.run(["status", "--json"]);
    expect(parse<StatusView>(before).hub.web.state).toBe("off");
    const fromSession = await stage.run(["open"], { env: { CLAUDECODE: "1" } });
    expect(fromSession).toMatchObject({ code: 1, stdout: "" });
    const opened = await stage.run(["open"]);
    expect(opened).toMatchObject({ code: 0, stderr: expect.stringContaining("works once") });
    expect(opened.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#open=[\w-]{43}\n$/);
    const channels = await stage.run(["channels", "--json"]);
    expect(parse(channels.stdout)).toContainEqual(
      expect.objectContaining({ name: "chat", kind: "chat", state: "ok" }),
    );
    const link = new URL(opened.stdout.trim());
    const answer = await fetch(new URL("/v1/sign-in", link), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: link.hash.split("=")[1] }),
    });
    expect(answer.status).toBe(200);
    const sessions = await stage.run(["web", "sessions", "--json"]);
    const [session] = parse<{ id: string }[]>(sessions.stdout);
    expect(await stage.run(["web", "revoke", session?.id ?? ""])).toMatchObject({
      code: 0,
      stdout: "1 browser signed out\n",
    });
    expect((await stage.run(["web", "revoke", "0000"])).code).toBe(1);
    expect((await stage.run(["web", "list"])).code).toBe(2);
  });

  test("no session is no failure", async () => {
    expect(await stage.run(["sessions", "--json"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect((await stage.run(["sessions"])).stdout).toContain("no session is open");
  });

  // TAIL-1
  test("tail goes on over a restart of the hub, without a gap or a repeat, and never starts one", async () => {
    await stage.run(["emit", "alerts", "history"]);
    const tail = stage.start(["tail", "--json", "--channel", "alerts"]);
    const output = { stdout: "", stderr: "" };
    tail.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    tail.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    const listTexts = (): string[] => parseLines<EventView>(output.stdout).map(({ text }) => text);
    // Nothing says when the stream stands: events are sent until one comes through.
    await expect
      .poll(async () => {
        await stage.run(["emit", "alerts", "first"]);
        return listTexts().length;
      })
      .toBeGreaterThan(0);

    expect((await stage.run(["down"])).stdout).toMatch(/^hub stopped \(pid \d+\)\n$/);
    await expect.poll(() => output.stderr).toContain("went away");
    expect(parse((await stage.run(["status", "--json"])).stdout)).toMatchObject({
      hub: null,
      channels: expect.arrayContaining([
        expect.objectContaining({ name: "alerts", state: "down" }),
      ]),
    });
    await stage.run(["emit", "alerts", "in the gap"]);
    await expect.poll(() => output.stderr).toContain("the hub is back");
    await stage.run(["emit", "alerts", "after it"]);
    await expect.poll(listTexts).toContain("after it");
    expect(listTexts().filter((text) => text !== "first")).toEqual(["in the gap", "after it"]);
    const ids = parseLines<EventView>(output.stdout).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);

    tail.kill("SIGINT");
    const [code] = (await once(tail, "close")) as [number | null];
    expect(code).toBe(130);
  });

  test("a hub that hangs is named with its pid", async () => {
    const { pid } = parse<{ pid: number }>((await stage.run(["up", "--json"])).stdout);
    process.kill(pid, "SIGSTOP");
    try {
      const { code, stdout, stderr } = await stage.run(["status", "--json"]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(`the hub (pid ${pid}) does not answer`);
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });
});
