import { expect, test } from "vitest";
import type { VerifiedRequest } from "../sdk/channel.ts";
import { answerHandshake } from "./handshake.ts";
import { defineSender, type SenderRow } from "./sender.ts";

const ROW: SenderRow = {
  kind: "x",
  title: "X",
  description: "x",
  schemes: ["bearer"],
  event: ["type"],
  events: {},
  setUp: ["x"],
  retries: "x",
  sources: ["x"],
  handshakes: [
    {
      when: { type: "crc" },
      code: "crc",
      json: { plain: "{p.token}", mac: "{mac:p.token}", version: 1 },
    },
    { when: { type: "echo" }, code: "echo", text: "challenge" },
    { when: { type: "ping" }, code: "ping", status: 204 },
    { when: { type: "token" }, code: "token", tell: { what: "verification token", at: "token" } },
    {
      when: { type: "subscribe", url: "*" },
      code: "subscribed",
      confirm: { url: "url", host: /a\.example/ },
    },
  ],
};
const REQUEST = {
  mac: (text: string) => Buffer.from(`mac of ${text}`),
} as unknown as VerifiedRequest;
const ask = (root: unknown) => answerHandshake(ROW, root, REQUEST);

test("a handshake is answered from its row", () => {
  expect(ask({ type: "crc", p: { token: 'a"b' } })).toEqual({
    kind: "answer",
    code: "crc",
    status: 200,
    body: JSON.stringify({
      plain: 'a"b',
      mac: Buffer.from('mac of a"b').toString("hex"),
      version: 1,
    }),
  });
  expect(ask({ type: "token", token: "secret_1" })).toEqual({
    kind: "answer",
    code: "token",
    status: 200,
    tell: { what: "verification token", text: "secret_1" },
  });
  expect(ask({ type: "token" })).toBeUndefined();
  expect(ask({ type: "ping" })).toEqual({ kind: "answer", code: "ping", status: 204 });
  expect(ask({ type: "subscribe", url: "https://a.example/x" })).toMatchObject({
    confirm: { url: "https://a.example/x" },
  });
});

test("HANDSHAKE-1: as plain text nothing is echoed that could be a page", () => {
  expect(ask({ type: "echo", challenge: "Abc-12_3" })).toMatchObject({
    type: "text/plain",
    body: "Abc-12_3",
  });
  for (const challenge of ["<script>", "a b", "", "x".repeat(129), 7.5, null])
    expect([challenge, ask({ type: "echo", challenge })]).toEqual([challenge, undefined]);
});

test("what is no handshake, or lacks what must be answered, is an event", () => {
  expect(ask({ type: "other" })).toBeUndefined();
  expect(ask({ type: "crc" })).toBeUndefined();
  expect(ask({ type: "subscribe" })).toBeUndefined();
});

test("a row whose state has no entity is refused", () => {
  expect(() => defineSender({ ...ROW, events: { a: { line: "a", stateOf: ["id"] } } })).toThrow(
    "needs an entity",
  );
});
