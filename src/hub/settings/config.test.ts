import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_PROJECT_COMMANDS } from "../../flow/prompt/risk/project-commands.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { isSluiceError } from "../../sdk/errors.ts";
import {
  type ChannelConfig,
  changeConfig,
  type HubConfig,
  readConfig,
  readHistoryDays,
  toDefaultConfig,
} from "./config.ts";

const GITHUB: ChannelConfig = {
  name: "github",
  kind: "github",
  scheme: "github",
  twoWay: false,
  paused: false,
  rate: 50,
};

test("no file means the defaults, and reading writes none", () => {
  const path = makePath();
  expect(readConfig(path)).toEqual({
    version: 1,
    ingress: { host: "127.0.0.1", port: 8788, frozen: false },
    channels: [],
  });
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
});

test("the history is thirty days, unless its owner says otherwise", () => {
  const path = makePath();
  expect(readHistoryDays(path)).toBe(30);
  changeConfig(path, (before) => ({ ...before, historyDays: 7 }));
  expect(readHistoryDays(path)).toBe(7);
});

test("a change is on disk, 0600, and read back", () => {
  const path = makePath();
  const after = changeConfig(path, (before) => ({
    ...before,
    channels: [...before.channels, GITHUB],
  }));
  expect(after.channels).toEqual([GITHUB]);
  expect(readConfig(path)).toEqual(after);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("CONFIG-2: a change keeps what was edited by hand since", () => {
  const path = makePath();
  changeConfig(path, (before) => before);
  write(path, { ...toDefaultConfig(), ingress: { host: "127.0.0.1", port: 9999, frozen: true } });
  expect(changeConfig(path, (before) => ({ ...before, channels: [GITHUB] })).ingress.port).toBe(
    9999,
  );
});

const DEFAULT = toDefaultConfig();
test.each<[string, unknown, string]>([
  [
    "an unknown version",
    { ...DEFAULT, version: 2 },
    "version 2 is of a newer Sluice; update Sluice",
  ],
  ["a missing ingress", { version: 1, channels: [] }, "ingress: "],
  [
    "a port that is no port",
    { ...DEFAULT, ingress: { ...DEFAULT.ingress, port: 70_000 } },
    "ingress.port: ",
  ],
  [
    "a frozen port 0",
    { ...DEFAULT, ingress: { ...DEFAULT.ingress, port: 0, frozen: true } },
    "ingress.port: cannot be 0",
  ],
  [
    "client certificates without TLS",
    { ...DEFAULT, ingress: { ...DEFAULT.ingress, clientCa: "/ca.pem" } },
    "ingress.clientCa: needs tls",
  ],
  [
    "a relative certificate",
    { ...DEFAULT, ingress: { ...DEFAULT.ingress, tls: { cert: "c", key: "/k" } } },
    "ingress.tls.cert: must be an absolute path",
  ],
  [
    "a mistyped setting",
    { ...DEFAULT, channels: [{ ...GITHUB, pased: true }] },
    '"channels[0].pased" is no setting that Sluice 0.1.0 knows; take it out, or update Sluice',
  ],
  [
    "a name that is a path",
    { ...DEFAULT, channels: [{ ...GITHUB, name: "../x" }] },
    "channels[0].name: must be",
  ],
  [
    "a name used twice",
    { ...DEFAULT, channels: [GITHUB, GITHUB] },
    'channels[1].name: "github" is taken',
  ],
  ["a negative rate", { ...DEFAULT, channels: [{ ...GITHUB, rate: -1 }] }, "channels[0].rate: "],
  [
    "the name of the probe, whose events are removed",
    { ...DEFAULT, channels: [{ ...GITHUB, name: "sluice-probe" }] },
    "channels[0].name: is the name of Sluice's own probe",
  ],
  ["null", null, "the whole: "],
  ["a list", [], "the whole: "],
])(
  "CONFIG-1: %s is refused by file and field, on reading and on changing, and the file stays",
  (_, content, message) => {
    const path = makePath();
    write(path, content);
    const before = readFileSync(path, "utf8");
    for (const go of [() => readConfig(path), () => changeConfig(path, () => DEFAULT)]) {
      const said = refusal(go);
      expect(said).toContain(`${path}: `);
      expect(said).toContain(message);
    }
    expect(readFileSync(path, "utf8")).toBe(before);
  },
);

test.each(["", "{", '{"version":1,}', "\u0000\u0000", '{"version":1'])(
  "CONFIG-1: text that is no JSON (%j) is refused, not quoted, and kept",
  (text) => {
    const path = makePath();
    writeFileSync(path, text, { mode: 0o600 });
    expect(refusal(() => readConfig(path))).toContain("is not valid JSON");
    expect(refusal(() => changeConfig(path, () => DEFAULT))).toContain("is not valid JSON");
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

test("a secret pasted into broken JSON does not reach the message", () => {
  const path = makePath();
  writeFileSync(path, '{"version":1,\n"secret": hunter2}', { mode: 0o600 });
  const said = refusal(() => readConfig(path));
  expect(said).not.toContain("hunter");
});

test("a change whose result is not valid, or that throws, writes nothing", () => {
  const path = makePath();
  changeConfig(path, (before) => before);
  const before = readFileSync(path, "utf8");
  expect(
    refusal(() => changeConfig(path, (config) => ({ ...config, channels: [GITHUB, GITHUB] }))),
  ).toContain("is taken");
  const fails = (): HubConfig => {
    throw new Error("no");
  };
  expect(() => changeConfig(path, fails)).toThrow("no");
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("a file that others can read or write is refused", () => {
  const path = makePath();
  writeFileSync(path, JSON.stringify(DEFAULT), { mode: 0o644 });
  expect(refusal(() => readConfig(path))).toContain("chmod 600");
});

function makePath(): string {
  return join(makeFolder(), "config.json");
}

function write(path: string, content: unknown): void {
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
}

function refusal(go: () => unknown): string {
  try {
    go();
  } catch (thrown) {
    if (isSluiceError(thrown, "bad_config")) return thrown.message;
    throw thrown;
  }
  throw new Error("it was accepted");
}

test.each([
  ["npm test && rm -rf x", "it is more than one command"],
  ["npm test > log", "it redirects"],
  ['git commit -m "x"', "it holds a quote; <words> stands"],
  ["CI=1 npm test", "it sets a variable"],
  ["<words>", "its program is in quotes"],
  ["npm test\nrm x", "more than one line"],
])(
  "CONFIG-1: the command of a project %j can never fit, and is refused with the reason",
  (entry, why) => {
    const path = makePath();
    write(path, { ...toDefaultConfig(), prompts: { projectCommands: ["npm test", entry] } });
    expect(() => readConfig(path)).toThrow(why);
    expect(() => readConfig(path)).toThrow("prompts.projectCommands[1]");
  },
);

test("the default commands of projects are ones that a file may list, and none at all is a list", () => {
  const path = makePath();
  for (const projectCommands of [DEFAULT_PROJECT_COMMANDS, []]) {
    write(path, { ...toDefaultConfig(), prompts: { projectCommands } });
    expect(readConfig(path).prompts?.projectCommands).toEqual(projectCommands);
  }
});
