/**
 * A real Dovecot, and mails as they are found: charsets, nested parts, broken structures, sizes.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openConnection, TIMINGS } from "../../src/channels/email/connection.ts";
import {
  OUR_ADDRESS,
  SERVER,
  toMailText,
  type Written,
} from "../../src/channels/email/mail-rig.fixture.ts";
import type { ChannelConnection, ChannelContext, ConnectionState } from "../../src/sdk/channel.ts";
import { systemClock } from "../../src/sdk/clock.ts";
import type { Arrival } from "../../src/sdk/event.ts";
import { Secret } from "../../src/sdk/secret.ts";
import { Dovecot } from "../fakes/mail/dovecot.ts";

let dovecot: Dovecot | string;

beforeAll(async () => {
  dovecot = await Dovecot.open();
  if (typeof dovecot === "string")
    console.warn(`tests with a real IMAP server are skipped: ${dovecot}`);
});

afterAll(async () => {
  if (typeof dovecot !== "string") await dovecot[Symbol.asyncDispose]();
});

class Reader {
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  readonly logged: string[] = [];
  cursor: string | undefined;
  leftBehind = 0;
  connection!: ChannelConnection;

  async open(server: Dovecot, imap = `imaps://127.0.0.1:${server.port}`): Promise<void> {
    const log = (facts: object, message: string): void =>
      void this.logged.push(`${message} ${JSON.stringify(facts)}`);
    const context: ChannelContext = {
      name: "mail",
      secret: new Secret(server.password),
      settings: { address: OUR_ADDRESS, imap, "authserv-id": SERVER },
      cursor: this.cursor,
      take: async (arrivals, cursor) => {
        for (const arrival of arrivals)
          if (!this.taken.some((one) => one.deliveryId === arrival.deliveryId))
            this.taken.push(arrival);
        this.cursor = cursor;
      },
      leftBehind: (count) => void (this.leftBehind += count),
      report: (state) => void this.states.push(state),
      clock: systemClock,
      log: { debug: log, info: log, warn: log, error: log },
      signal: new AbortController().signal,
    };
    const timings = { ...TIMINGS, in: { ...TIMINGS.in, firstRetryMs: 100, lastRetryMs: 500 } };
    this.connection = await openConnection(context, timings, server.certificate);
  }

  find(id: string): Arrival | undefined {
    return this.taken.find(({ meta }) => meta["message_id"] === `${id}@example.com`);
  }
}

const CRLF = "\r\n";
const toMultipart = (boundary: string, ...parts: string[]): string =>
  [...parts.map((part) => `--${boundary}${CRLF}${part}`), `--${boundary}--`, ""].join(CRLF);
const toPart = (headers: readonly string[], body: string): string =>
  [...headers, "", body].join(CRLF);
const PNG = Buffer.alloc(20_000, 7).toString("base64");

/** What each says, as a person reads it. */
const MAILS: Record<
  string,
  { written: Written; bytes?: (text: string) => Buffer; says: string; files?: string[] }
> = {
  latin1: {
    written: {
      headers: [
        "Content-Type: text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding: quoted-printable",
      ],
      text: "Gr=FC=DFe aus K=F6ln",
    },
    says: "Grüße aus Köln",
  },
  koi8: {
    written: {
      headers: ["Content-Type: text/plain; charset=koi8-r", "Content-Transfer-Encoding: base64"],
      text: Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]).toString("base64"),
    },
    says: "Привет",
  },
  jis: {
    written: {
      headers: ["Content-Type: text/plain; charset=iso-2022-jp"],
      text: "\u001b$B$3$s$K$A$O\u001b(B",
    },
    says: "こんにちは",
  },
  "utf8-undeclared": { written: { text: "déjà vu 🙂" }, says: "déjà vu 🙂" },
  "charset-nobody-knows": {
    written: { headers: ["Content-Type: text/plain; charset=x-no-such"], text: "plain words" },
    says: "plain words",
  },
  flowed: {
    written: {
      headers: ["Content-Type: text/plain; charset=utf-8; format=flowed"],
      text: `one sentence over ${CRLF}two lines${CRLF}and another`,
    },
    says: "one sentence over two lines\nand another",
  },
  nested: {
    written: {
      headers: ['Content-Type: multipart/mixed; boundary="m"'],
      text: toMultipart(
        "m",
        toPart(
          ['Content-Type: multipart/alternative; boundary="a"'],
          toMultipart(
            "a",
            toPart(["Content-Type: text/plain"], "plain words"),
            toPart(
              ['Content-Type: multipart/related; boundary="r"'],
              toMultipart(
                "r",
                toPart(["Content-Type: text/html"], "<p>rich words <img src=cid:x></p>"),
                toPart(
                  [
                    "Content-Type: image/png",
                    "Content-ID: <x>",
                    "Content-Transfer-Encoding: base64",
                  ],
                  PNG,
                ),
              ),
            ),
          ),
        ),
        toPart(
          [
            "Content-Type: application/pdf; name*=utf-8''Bericht%20%C3%BC.pdf",
            "Content-Disposition: attachment",
            "Content-Transfer-Encoding: base64",
          ],
          Buffer.from("%PDF").toString("base64"),
        ),
        toPart(
          ["Content-Type: message/rfc822"],
          toPart(["Subject: inner", "From: eve@evil.test"], "words of somebody else"),
        ),
      ),
    },
    says: "plain words",
    files: ["part-1.2.2.png", "Bericht ü.pdf", "inner.eml"],
  },
  "no-end": {
    written: {
      headers: ['Content-Type: multipart/mixed; boundary="m"'],
      text: `--m${CRLF}Content-Type: text/plain${CRLF}${CRLF}cut off`,
    },
    says: "cut off",
  },
  "no-boundary": {
    written: { headers: ["Content-Type: multipart/mixed"], text: "words without parts" },
    says: "",
  },
  "bad-base64": {
    written: {
      headers: ["Content-Type: text/plain", "Content-Transfer-Encoding: base64"],
      text: "SGVsbG8 !!! gd29ybGQ=",
    },
    says: "Hello",
  },
  "no-such-encoding": {
    written: { headers: ["Content-Transfer-Encoding: x-uuencode"], text: "as it is" },
    says: "as it is",
  },
  empty: { written: { text: "" }, says: "" },
  "html-only": {
    written: {
      headers: ["Content-Type: text/html; charset=windows-1252"],
      text: "<p>Price: <b>5 \u20ac</b>",
    },
    bytes: (text) => Buffer.from(text.replace("\u20ac", "\u0080"), "latin1"),
    says: "Price: 5 €",
  },
  "blank-plain": {
    written: {
      headers: ['Content-Type: multipart/alternative; boundary="a"'],
      text: toMultipart(
        "a",
        toPart(["Content-Type: text/plain"], "  "),
        toPart(["Content-Type: text/html"], "<p>only here</p>"),
      ),
    },
    says: "only here",
  },
  apple: {
    written: {
      headers: ['Content-Type: multipart/mixed; boundary="m"'],
      text: toMultipart(
        "m",
        toPart(["Content-Type: text/plain"], "before"),
        toPart(
          ["Content-Type: text/x-log; name=a.log", "Content-Disposition: inline; filename=a.log"],
          "log",
        ),
        toPart(["Content-Type: text/plain"], "after"),
      ),
    },
    says: "before\n\nafter",
    files: ["a.log"],
  },
  signed: {
    written: {
      headers: [
        'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary="s"',
      ],
      text: toMultipart(
        "s",
        toPart(["Content-Type: text/plain"], "signed words"),
        toPart(["Content-Type: application/pgp-signature"], "-----BEGIN"),
      ),
    },
    says: "signed words",
  },
  "nul-and-controls": { written: { text: "a\0b\u0001c" }, says: "a\ufffdb\u0001c" },
  "huge-text": { written: { text: `${"long words ".repeat(3_000_000)}` }, says: "long words" },
  "huge-header": {
    written: { headers: [`X-Long: ${"x".repeat(2_000_000)}`], text: "below a long header" },
    says: "below a long header",
  },
  "many-parts": {
    written: {
      headers: ['Content-Type: multipart/mixed; boundary="m"'],
      text: toMultipart(
        "m",
        toPart(["Content-Type: text/plain"], "first of many"),
        ...Array.from({ length: 3_000 }, (_, n) =>
          toPart([`Content-Type: image/gif; name=${n}.gif`], "x"),
        ),
      ),
    },
    says: "first of many",
  },
  deep: {
    written: {
      headers: ["Content-Type: multipart/mixed; boundary=b0"],
      text: Array.from(
        { length: 200 },
        (_, n) => `--b${n}${CRLF}Content-Type: multipart/mixed; boundary=b${n + 1}${CRLF}`,
      ).join(CRLF),
    },
    says: "",
  },
  "raw-subject": { written: { subject: "Größe 🙂", text: "words" }, says: "words" },
  "encoded-subject": {
    written: { subject: "=?utf-8?Q?Gr=C3=B6=C3=9Fe?= =?utf-8?B?8J+Zgg==?=", text: "words" },
    says: "words",
  },
};

// MAILBOX-2
test("mails as they are found, over TLS and by STARTTLS: each comes once, and is read as its author meant it", async ({
  skip,
}) => {
  if (typeof dovecot === "string") return skip(dovecot);
  const reader = new Reader();
  await reader.open(dovecot);
  expect(reader.states).toEqual([{ kind: "connected" }]);
  for (const [
    name,
    { written, bytes = (text: string) => Buffer.from(text, name === "jis" ? "latin1" : "utf8") },
  ] of Object.entries(MAILS))
    dovecot.deliver(bytes(toMailText({ ...written, id: `${name}@example.com` })));
  dovecot.deliver("");
  dovecot.deliver("no header at all");
  dovecot.deliver(toMailText({ id: "last@example.com" }));
  await expect.poll(() => reader.find("last")?.kind, { timeout: 120_000 }).toBe("message");
  for (const [name, { says, files }] of Object.entries(MAILS)) {
    const arrival = reader.find(name);
    const text = arrival?.quotes.find(({ label }) => label === "message")?.text ?? "";
    // Of a text of megabytes its beginning; what follows broken base64, and a hundred levels down, is the server's to say.
    if (["huge-text", "bad-base64"].includes(name)) expect(text.startsWith(says), name).toBe(true);
    else if (name === "deep") expect(arrival?.kind).toBe("message");
    else expect(text, name).toBe(says);
    if (files !== undefined)
      expect(
        arrival?.files?.map((file) => file.name),
        name,
      ).toEqual(files);
  }
  for (const name of ["raw-subject", "encoded-subject"])
    expect(reader.find(name)?.quotes[0], name).toEqual({
      label: "subject",
      text: name === "raw-subject" ? "Größe 🙂" : "Größe🙂",
    });
  expect(reader.find("many-parts")?.files?.length).toBeLessThanOrEqual(200);
  expect(reader.leftBehind).toBe(0);
  const pdf = reader.find("nested")?.files?.[1];
  expect((await reader.connection.download?.(pdf?.reference ?? "", 1_000))?.toString()).toBe(
    "%PDF",
  );

  // The next life, over the other port, behind a mailbox that was restored: nothing twice, nothing missed.
  await reader.connection.close();
  dovecot.deliver(toMailText({ id: "away@example.com", text: "while you were away" }));
  await dovecot.renumber();
  const before = reader.taken.length;
  await reader.open(dovecot, `127.0.0.1:${dovecot.plainPort}`);
  await expect.poll(() => reader.find("away")?.kind, { timeout: 60_000 }).toBe("message");
  dovecot.deliver(toMailText({ id: "then@example.com" }));
  await expect.poll(() => reader.find("then")?.kind, { timeout: 60_000 }).toBe("message");
  expect(reader.taken.length).toBe(before + 2);
  expect((await reader.connection.download?.(pdf?.reference ?? "", 1_000))?.toString()).toBe(
    "%PDF",
  );

  // A server that goes away and comes back.
  await dovecot.stop();
  dovecot.deliver(toMailText({ id: "outage@example.com" }));
  await dovecot.start();
  await expect.poll(() => reader.find("outage")?.kind, { timeout: 60_000 }).toBe("message");
  await reader.connection.close();
});
