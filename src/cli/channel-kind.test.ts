import { expect, test } from "vitest";
import { SENDER_KINDS } from "../catalogue/senders.ts";
import { CHANNEL_KINDS } from "../hub/channels/catalogue.ts";
import { requireKind } from "./channel-kind.ts";

const KINDS = `the kinds are ${CHANNEL_KINDS.filter((kind) => !SENDER_KINDS.includes(kind)).join(", ")}, and ${SENDER_KINDS.length} senders: sluice add --help lists them`;

test.each(CHANNEL_KINDS)("%s is a kind", async (kind) => {
  await expect(requireKind(kind)).resolves.toBe(kind);
});

test.each([
  ["githb", "github"],
  ["GitHub", "github"],
  [" github ", "github"],
  ["gh", "github"],
  ["wehbook", "webhook"],
  ["webhooks", "webhook"],
  ["http", "webhook"],
  ["telegrm", "telegram"],
  ["tg", "telegram"],
  ["ntyf", "ntfy"],
  ["Sentry", "sentry"],
  ["senty", "sentry"],
  ["pd", "pagerduty"],
])("of %j the nearest kind is told, and all of them", async (typed, kind) => {
  await expect(requireKind(typed)).rejects.toThrow(
    `no channel kind "${typed}"; did you mean "${kind}"? (${KINDS})`,
  );
});

test.each([
  ["telegraf", " --name telegraf"],
  ["uptime-kuma", " --name uptime-kuma"],
  ["my sender", ""],
  ["constructor", " --name constructor"],
  ["", ""],
])("%j is near to none: all are listed, and how its events come in", async (typed, name) => {
  await expect(requireKind(typed)).rejects.toThrow(
    `no channel kind "${typed}"; ${KINDS}; for a program that can POST: sluice add webhook${name}`,
  );
});
