import { expect, test } from "vitest";
import { CHANNEL_KINDS } from "../hub/channels/catalogue.ts";
import { requireKind } from "./channel-kind.ts";

const KINDS = "the kinds are webhook, github, telegram, ntfy, chat";

test.each(CHANNEL_KINDS)("%s is a kind", (kind) => {
  expect(requireKind(kind)).toBe(kind);
});

test.each([
  ["githb", "github"],
  ["GitHub", "github"],
  [" github ", "github"],
  ["gh", "github"],
  ["git", "github"],
  ["wehbook", "webhook"],
  ["webhooks", "webhook"],
  ["http", "webhook"],
  ["telegrm", "telegram"],
  ["tg", "telegram"],
  ["ntyf", "ntfy"],
])("of %j the nearest kind is told, and all of them", (typed, kind) => {
  expect(() => requireKind(typed)).toThrow(
    `no channel kind "${typed}"; did you mean "${kind}"? (${KINDS})`,
  );
});

test.each([
  ["gitlab", " --name gitlab"],
  ["telegraf", " --name telegraf"],
  ["Sentry", " --name sentry"],
  ["uptime-kuma", " --name uptime-kuma"],
  ["my sender", ""],
  ["constructor", " --name constructor"],
  ["", ""],
])("%j is near to none: all are listed, and how its events come in", (typed, name) => {
  expect(() => requireKind(typed)).toThrow(
    `no channel kind "${typed}"; ${KINDS}; for a program that can POST: sluice add webhook${name}`,
  );
});
