/** In which time zone quiet hours count, as every command says it: the machine's, followed, or the one that the owner set. */
import { spawn } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../src/store/sample.fixture.ts";
import { CLI, openRig, openRigWithHub, type Rig, until } from "./rig.ts";

describe("the owner's zone", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRigWithHub({ env: { TZ: "America/New_York" } });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test("it is set with the hours or after them, kept by a restart and by other hours, and shown by quiet, status and doctor", async () => {
    const lone = await rig.run("quiet", "--zone", "Asia/Tokyo");
    expect([lone.code, lone.stderr]).toEqual([2, expect.stringContaining("before --zone")]);
    const of = async (...words: string[]): Promise<string> => {
      const { code, stdout, stderr } = await rig.run("quiet", ...words);
      expect([code, stderr]).toEqual([0, ""]);
      return stdout;
    };
    expect(await of("22:00-07:00")).toContain(
      "time zone: America/New_York (TZ of the program that started the hub), where it is ",
    );
    expect(await of("--zone", "Asia/Tokyo")).toContain("time zone: Asia/Tokyo (set), where it is ");
    expect(await of("21:00-06:00")).toMatch(
      /^from 21:00 to 06:00 .*\ntime zone: Asia\/Tokyo \(set\)/,
    );
    expect((await rig.run("down")).code).toBe(0);
    await rig.startHub();
    const line = "from 21:00 to 06:00 Asia/Tokyo (set)";
    expect((await rig.run("status")).stdout).toContain(`quiet    ${line}`);
    expect((await rig.run("doctor")).stdout).toContain(`quiet hours`);
    expect((await rig.run("doctor")).stdout).toContain(line);
    expect(JSON.parse(await of("--json"))).toMatchObject({
      quiet: { from: "21:00", to: "06:00", zone: "Asia/Tokyo" },
    });
    expect(await of("--zone", "system")).toContain("time zone: America/New_York (TZ");
    expect(await of("off")).toBe("no quiet hours: events wake sessions at any time\n");
  });

  test.each(["Berlin", "CET-1CEST", "Europe/Atlantis", "Etc/Unknown", "x".repeat(200)])(
    'the zone "%s" is refused in the words of the command',
    async (zone) => {
      const { code, stderr } = await rig.run("quiet", "22:00-07:00", "--zone", zone);
      expect(stderr).toBe(
        `sluice: "${zone}" is not a time zone; write it as Europe/Berlin, or "system"\n`,
      );
      expect(code).toBe(2);
    },
  );
});

test.each([
  [
    "Foo/Bar",
    'UTC (TZ was "Foo/Bar" when the hub started, which names no zone such as Europe/Berlin',
  ],
  ["CET-1CEST,M3.5.0,M10.5.0/3", "UTC (TZ was "],
  ["", "UTC (TZ of the program that started the hub)"],
  [":Asia/Tokyo", "Asia/Tokyo (TZ of"],
  ["/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo (TZ of"],
])("with TZ=%j at the start of the hub its zone reads %s", async (tz, text) => {
  const rig = await openRigWithHub({ env: { TZ: tz } });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  expect((await rig.run("quiet", "22:00-07:00")).stdout).toContain(`time zone: ${text}`);
});

const mayMount =
  process.getuid?.() === 0 &&
  process.platform === "linux" &&
  existsSync("/usr/share/zoneinfo/Asia/Tokyo");

test.skipIf(!mayMount).each([
  ["another link", 'ln -sfn /usr/share/zoneinfo/Asia/Tokyo "$ETC/localtime"', undefined],
  [
    "a copy of the file in its place",
    'rm "$ETC/localtime" && cp /usr/share/zoneinfo/Asia/Tokyo "$ETC/localtime"',
    undefined,
  ],
  [
    "another link, where TZ only names the file",
    'ln -sfn /usr/share/zoneinfo/Asia/Tokyo "$ETC/localtime"',
    ":/etc/localtime",
  ],
])("a running hub follows the system's zone: %s", async (_, change, tz) => {
  const etc = join(makeFolder(), "etc");
  cpSync("/etc", etc, { recursive: true, verbatimSymlinks: true });
  const rig = openRig({ env: { ETC: etc, ...(tz === undefined ? {} : { TZ: tz }) } });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  // An /etc of its own, whose change nobody else sees.
  const script = `
    ln -sfn /usr/share/zoneinfo/Europe/Berlin "$ETC/localtime" && mount --bind "$ETC" /etc && exec "$0" "$1" up --foreground`;
  spawn("unshare", ["-m", "sh", "-c", script, process.execPath, CLI], {
    env: rig.env,
    stdio: "ignore",
  });
  const read = async (): Promise<string> => (await rig.run("quiet")).stdout;
  await until("the hub answers", async () => rig.hubPid().then(Boolean, () => false));
  await rig.run("quiet", "22:00-07:00");
  expect(await read()).toContain("time zone: Europe/Berlin (this machine's)");
  await new Promise((resolve) =>
    spawn("sh", ["-c", change], { env: rig.env }).once("close", resolve),
  );
  await until("it follows", async () => (await read()).includes("time zone: Asia/Tokyo"), 90_000);
});
