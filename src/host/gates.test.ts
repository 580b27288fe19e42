import { describe, expect, test } from "vitest";
import { GATE_CASES, OPEN, type GateCase } from "./gate-cases.fixture.ts";
import { decideGate } from "./gates.ts";
import { readEntries } from "./launch.ts";
import { makeMemoryServer } from "./memory-server.fixture.ts";
import { openSession } from "./session.ts";
import type { SessionOptions } from "./session-options.ts";

type Filled = Required<Omit<GateCase, "closed">> & Pick<GateCase, "closed">;
const fill = (one: GateCase): Filled => ({ ...OPEN, facts: OPEN.facts, ...one });

// HOSTGATE-1
// req:field.69 req:lane.acknowledged req:lane.dropped req:gate.capability req:gate.era req:gate.version req:gate.provider req:gate.feature req:gate.login req:gate.policy req:gate.session req:gate.marketplace req:gate.allowlist req:gate.replaced req:gate.empty req:gate.server req:gate.entry req:gate.log
describe.each(GATE_CASES)("$id", (one) => {
  const { server, marketplace, era, experimental, facts, closed } = fill(one);

  test("by itself", () => {
    const entries = readEntries(facts.argv ?? [], facts.isInteractive);
    const outcome = decideGate(
      { name: server, marketplace, era, capabilities: { experimental } },
      facts,
      entries,
    );
    expect(outcome).toEqual(
      closed === undefined
        ? { kind: "open" }
        : { kind: "closed", gate: closed[0], reason: closed[1] },
    );
  });

  // The SDK's server answers discover with "method not found": connect.test.ts has one that is modern.
  test.skipIf(era === "modern")(
    "in a session: its event is read, or dropped for that reason",
    async () => {
      const made = makeMemoryServer(experimental ?? null);
      await using session = await open({
        serverName: server,
        connect: made.connect,
        client: facts,
        ...(marketplace === undefined ? {} : { marketplace }),
      });
      await made.push("hello");
      const note = await session.until(({ kind }) => kind === "read" || kind === "dropped");
      expect(note).toMatchObject(
        closed === undefined
          ? { kind: "read", text: `<channel source="${server}">\nhello\n</channel>` }
          : { kind: "dropped", server, reason: closed[1] },
      );
      expect(session.notes).toContainEqual(
        expect.objectContaining({
          kind: "channel",
          line:
            closed === undefined
              ? "Channel notifications registered"
              : `Channel notifications skipped: ${closed[1]}`,
        }),
      );
      // What is no channel keeps its tools.
      expect(session.tools.map(({ name }) => name)).toEqual(["say"]);
    },
  );
});

function open(options: SessionOptions) {
  return openSession(options);
}

test("every gate is in the table, closed and with the server let through", () => {
  const gates = new Set(GATE_CASES.map(({ closed }) => closed?.[0]));
  expect([...gates].toSorted()).toEqual(
    [
      "allowlist",
      "capability",
      "era",
      "feature",
      "login",
      "marketplace",
      "policy",
      "provider",
      "session",
      "version",
      undefined,
    ].toSorted(),
  );
  expect(new Set(GATE_CASES.map(({ id }) => id)).size).toBe(GATE_CASES.length);
});

describe("flags", () => {
  // req:gate.tagged
  test.each([
    ["an untagged name", ["--channels", "telegram"], "--channels entries must be tagged: telegram"],
    [
      "a prompt behind the flag, which takes it for a value",
      ["--dangerously-load-development-channels", "server:hook", "fix the build"],
      "--dangerously-load-development-channels entries must be tagged: fix the build",
    ],
    ["a plugin without a marketplace", ["--channels", "plugin:x"], "must be tagged: plugin:x"],
    ["an empty name", ["--channels", "server:"], "must be tagged: server:"],
    ["an empty marketplace", ["--channels", "plugin:x@"], "must be tagged: plugin:x@"],
    ["an empty value", ["--channels="], "--channels entries must be tagged: "],
    [
      "several: all are named, of the first flag that has any",
      ["--dangerously-load-development-channels", "late", "--channels", "foo", "server:x", "bar"],
      "--channels entries must be tagged: foo, bar",
    ],
    [
      "a flag right behind the flag, which takes it for a value",
      ["--dangerously-load-development-channels", "--channels", "plugin:x@m"],
      "--dangerously-load-development-channels entries must be tagged: --channels",
    ],
    [
      "a flag without a value",
      ["--channels"],
      "error: option '--channels <servers...>' argument missing",
    ],
  ])("%s: the client does not start", async (_, argv, words) => {
    expect(() => readEntries(argv)).toThrow(words);
    const made = makeMemoryServer();
    await expect(open({ connect: made.connect, client: { argv } })).rejects.toThrow(words);
    expect(made.connects).toBe(0);
  });

  test("a flag takes what follows, up to the next flag; behind = stands one value; -- ends all", () => {
    const argv = [
      "--channels",
      "plugin:a@m",
      "server:b",
      "-p",
      "go",
      "--channels=server:c",
      "go on",
    ];
    const rest = ["--dangerously-load-development-channels", "server:d", "--", "server:e"];
    expect(readEntries([...argv, ...rest])).toEqual([
      { kind: "plugin", name: "a", marketplace: "m", isDevelopment: false },
      { kind: "server", name: "b", isDevelopment: false },
      { kind: "server", name: "c", isDevelopment: false },
      { kind: "server", name: "d", isDevelopment: true },
    ]);
  });

  test("a comma and a blank are parts of a name", () => {
    expect(readEntries(["--channels", "server:a,server:b", "server:c d"])).toMatchObject([
      { name: "a,server:b" },
      { name: "c d" },
    ]);
  });

  test("without a person at it the development flag is not even read", () => {
    const argv = ["--dangerously-load-development-channels", "untagged", "--channels", "server:a"];
    expect(readEntries(argv, false)).toMatchObject([{ name: "a" }]);
  });
});

describe("what a person sees at the start", () => {
  const DEVELOPMENT = "--dangerously-load-development-channels";

  // req:gate.asked
  test("development entries are asked about, each by its name; a no ends the client before a server starts", async () => {
    const made = makeMemoryServer();
    const asked: string[] = [];
    const options: SessionOptions = {
      connect: made.connect,
      serverName: "hook",
      client: { argv: [DEVELOPMENT, "server:hook", "plugin:mine@lab"] },
      confirm: (question) => {
        asked.push(question);
        return false;
      },
    };
    await expect(open(options)).rejects.toThrow("were not confirmed");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("Channels: server:hook, plugin:mine@lab");
    expect(asked[0]).toContain("I am using this");
    expect(made.connects).toBe(0);
  });

  test("entries of --channels are not asked about", async () => {
    const made = makeMemoryServer();
    await using session = await open({
      connect: made.connect,
      serverName: OPEN.server,
      marketplace: OPEN.marketplace,
      client: OPEN.facts,
      confirm: () => {
        throw new Error("nobody is to be asked");
      },
    });
    expect(session.isChannel).toBe(true);
  });

  // req:gate.screen
  test("flags that are of no use are named on the screen, and entries that name nothing", async () => {
    const notices = async (client: SessionOptions["client"] & object) => {
      const made = makeMemoryServer();
      await using session = await open({ connect: made.connect, serverName: "hook", client });
      return session.notes.flatMap((note) => (note.kind === "notice" ? [note.text] : []));
    };
    const argv = [DEVELOPMENT, "server:hook"];
    expect(await notices({ argv })).toEqual([]);
    expect(await notices({ argv, isOffered: false })).toEqual([
      `${DEVELOPMENT} ignored (server:hook)`,
      "Channels are not currently available",
    ]);
    expect(await notices({ argv, provider: "vertex" })).toContain(
      "Channels are not available on third-party providers",
    );
    expect(await notices({ argv, account: "team" })).toContain(
      "Channels are switched off for this organisation (channelsEnabled: true in managed settings allows them)",
    );
    expect(
      await notices({ argv: [...argv, "--channels", "plugin:gone@lab"], isOffered: false }),
    ).toEqual([
      "Channels ignored (plugin:gone@lab, server:hook)",
      "Channels are not currently available",
    ]);
    expect(await notices({ argv: ["--channels", "plugin:gone@lab"] })).toEqual([
      "plugin:gone@lab · plugin not installed",
    ]);
  });
});
