import { expect, test } from "vitest";
import { CHANNEL_KINDS } from "../../hub/channels/catalogue.ts";
import { add } from "../commands/add.ts";

test("sluice add --help names every kind that can be added, once", () => {
  const [, line = ""] = /Kinds: (.*?)\. Sluice makes a secret/s.exec(add.description) ?? [];
  const named = line
    .replace(/ \([^)]*\)/g, "")
    .replace("; and the senders that Sluice knows:", ",");
  expect(named.split(", ").toSorted()).toEqual([...CHANNEL_KINDS].toSorted());
});
