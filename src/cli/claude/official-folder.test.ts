import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { checkSecondPoller } from "../doctor/check-hub.ts";
import { findOfficialPoller, locateOfficialFolder, readOfficialFolder } from "./official-folder.ts";

function folder(env: string, access?: string): string {
  const path = makeFolder();
  writeFileSync(join(path, ".env"), env);
  if (access !== undefined) writeFileSync(join(path, "access.json"), access);
  return path;
}

const TOKEN = "123:AAtoken";

test.each([
  `TELEGRAM_BOT_TOKEN=${TOKEN}`,
  `\uFEFFexport TELEGRAM_BOT_TOKEN="${TOKEN}"\r\nOTHER=1\r\n`,
  `# a comment\n TELEGRAM_BOT_TOKEN = '${TOKEN}' \n`,
])("the token is found in %j", (env) => {
  expect(readOfficialFolder(folder(env)).token).toBe(TOKEN);
});

test("people and groups come over; what would open a door does not, and is named", () => {
  const access = {
    dmPolicy: "allowlist",
    allowFrom: ["77", 78, "@ann", "77"],
    groups: {
      "-100123": { requireMention: false, allowFrom: ["77"] },
      "-100124": { allowFrom: [] },
      x: {},
    },
    mentionPatterns: ["(a+)+$"],
  };
  const read = readOfficialFolder(folder(`TELEGRAM_BOT_TOKEN=${TOKEN}`, JSON.stringify(access)));
  expect(read).toMatchObject({
    policy: "allowlist",
    people: ["77", "78"],
    groups: [{ id: "-100123", senders: ["77"], requireMention: false }],
  });
  expect(read.left).toHaveLength(4);
});

test("a broken list is refused whole; a missing one is an empty one", () => {
  expect(() => readOfficialFolder(folder(`TELEGRAM_BOT_TOKEN=${TOKEN}`, '{"allowFrom":'))).toThrow(
    expect.objectContaining({ code: "bad_config" }),
  );
  expect(readOfficialFolder(folder(`TELEGRAM_BOT_TOKEN=${TOKEN}`)).people).toEqual([]);
  expect(() => readOfficialFolder(folder(""))).toThrow(
    expect.objectContaining({ code: "not_found" }),
  );
});

test("its poller is known by its pid, where that is alive", () => {
  const path = folder("");
  expect(findOfficialPoller(path)).toBeUndefined();
  writeFileSync(join(path, "bot.pid"), `${process.pid}\n`);
  expect(findOfficialPoller(path)).toBe(process.pid);
  writeFileSync(join(path, "bot.pid"), "999999999");
  expect(findOfficialPoller(path)).toBeUndefined();
});

test("the folder is where the plugin looks for it", () => {
  expect(locateOfficialFolder({ TELEGRAM_STATE_DIR: "/x" })).toBe("/x");
  expect(locateOfficialFolder({ CLAUDE_CONFIG_DIR: "/c" })).toBe("/c/channels/telegram");
});

test("doctor names a second poller, and only where there is a telegram channel", () => {
  const path = folder("");
  writeFileSync(join(path, "bot.pid"), String(process.pid));
  const env = { TELEGRAM_STATE_DIR: path };
  const channel = {
    name: "tg",
    state: "ok",
    scheme: "telegram",
    twoWay: false,
    refused: {},
  } as const;
  expect(checkSecondPoller(env, { channels: [{ ...channel, kind: "github" }] })).toEqual([]);
  expect(
    checkSecondPoller(
      { TELEGRAM_STATE_DIR: "/none" },
      { channels: [{ ...channel, kind: "telegram" }] },
    ),
  ).toEqual([]);
  const [check] = checkSecondPoller(env, { channels: [{ ...channel, kind: "telegram" }] });
  expect(check).toMatchObject({ check: "second poller", ok: false });
  expect(check?.detail).toContain(`pid ${process.pid}`);
});

test("the plugin for Discord: its own folder, its token, channels by their ids, whole however long", () => {
  const home = makeFolder();
  expect(locateOfficialFolder({ DISCORD_STATE_DIR: "/x" }, "discord")).toBe("/x");
  expect(locateOfficialFolder({ HOME: home, CLAUDE_CONFIG_DIR: "/c" }, "discord")).toBe(
    join(home, ".claude/channels/discord"),
  );
  const access = `{"dmPolicy":"pairing","allowFrom":[184467440737095516,"77"],"groups":{"846209781206941736":{"requireMention":true,"allowFrom":["77"]},"9":{}}}`;
  const path = folder("TELEGRAM_BOT_TOKEN=1:a\r\nDISCORD_BOT_TOKEN=MTA.b.c\r\n", access);
  expect(readOfficialFolder(path, "discord")).toMatchObject({
    token: "MTA.b.c",
    people: ["184467440737095516", "77"],
    groups: [{ id: "846209781206941736", senders: ["77"], requireMention: true }],
    left: [expect.stringContaining("sluice access group add discord --id=9")],
  });
  expect(() => readOfficialFolder(folder("TELEGRAM_BOT_TOKEN=1:a"), "discord")).toThrow(
    'holds no DISCORD_BOT_TOKEN; run "sluice add discord"',
  );
});
