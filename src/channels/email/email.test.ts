import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { type ChatRules, gate } from "../../flow/intake/gate.ts";
import { MailRig, OUR_ADDRESS, SERVER, toMailText, type Written } from "./mail-rig.fixture.ts";

async function open(): Promise<MailRig> {
  const rig = await MailRig.open();
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return rig;
}

async function receive(rig: MailRig, written: Written): Promise<Arrival> {
  const before = rig.taken.length;
  rig.imap.deliver(toMailText(written));
  await expect.poll(() => rig.taken.length).toBe(before + 1);
  return rig.taken.at(-1) as Arrival;
}

function readSent(rig: MailRig, name: string): string | undefined {
  const header = (rig.smtp.mails.at(-1)?.raw ?? "").replace(/\r\n[ \t]+/g, " ");
  return new RegExp(`^${name}: (.*)$`, "im").exec(header)?.[1]?.trim();
}

// MAILREPLY-2
test("a mail is read as what its author wrote now, and answered in its thread", async () => {
  const rig = await open();
  const arrival = await receive(rig, {
    subject: "Deploy",
    id: "second@example.com",
    headers: [
      "References: <first@example.com> <ours@sluice.test>",
      "In-Reply-To: <ours@sluice.test>",
      "Cc: bob@example.com",
    ],
    text: "Go on.\n\nOn Tue, 1 Dec 2026 at 10:00, Agent wrote:\n> May I?\n",
  });
  expect(arrival).toMatchObject({
    kind: "message",
    sender: { id: "ann@example.com", name: "Ann" },
    text: "Mail from ann@example.com, 2 lines of earlier mails are left out; details has them",
    quotes: [
      { label: "subject", text: "Deploy" },
      { label: "message", text: "Go on." },
    ],
    ack: "reply",
    verified: "dmarc",
    chatId: "ann@example.com",
    meta: {
      user_id: "ann@example.com",
      message_id: "second@example.com",
      thread_id: "first@example.com",
      reply_to_id: "ours@sluice.test",
      cc: "bob@example.com",
      spf: "pass",
      dkim: "pass",
      dmarc: "pass",
    },
  });
  expect(arrival.payload).toContain("May I?");
  const { messageIds } = await rig.connection.send({
    chatId: "ann@example.com",
    text: "**Done**: 3 < 4",
    ...(arrival.answering === undefined ? {} : { answering: arrival.answering }),
  });
  expect(rig.smtp.mails).toMatchObject([{ from: OUR_ADDRESS, to: ["ann@example.com"] }]);
  expect(readSent(rig, "Subject")).toBe("Re: Deploy");
  expect(readSent(rig, "In-Reply-To")).toBe("<second@example.com>");
  expect(readSent(rig, "References")).toBe(
    "<first@example.com> <ours@sluice.test> <second@example.com>",
  );
  expect(readSent(rig, "Message-ID")).toBe(`<${messageIds[0]}>`);
  expect(readSent(rig, "Auto-Submitted")).toBe("auto-replied");
});

// MAILFROM-1, READMAIL-1
test("mail in the name of somebody who is let in is nobody's, and nothing of it is read", async () => {
  const rig = await open();
  const forged = await receive(rig, {
    subject: "Deploy",
    results: `Authentication-Results: ${SERVER}; dmarc=fail header.from=example.com`,
    headers: [`Authentication-Results: ${SERVER}; dmarc=pass header.from=example.com`],
    text: "rm -rf",
  });
  expect(forged).toMatchObject({ verified: "none", sender: { id: "" }, quotes: [] });
  expect(JSON.stringify(forged)).not.toMatch(/rm -rf|ann@|Deploy/);
});

test.each([
  ["two addresses", "Ann <ann@example.com>, Bob <bob@example.com>"],
  ["no address", "Ann"],
  ["an address in quotes", '"ann@example.com x"@evil.test'],
])("From with %s is nobody's", async (_, from) => {
  const rig = await open();
  rig.imap.deliver(
    toMailText({
      from,
      results: `Authentication-Results: ${SERVER}; dmarc=pass header.from=example.com`,
    }),
  );
  await expect.poll(() => rig.taken.length).toBe(1);
  expect(rig.taken[0]?.sender.id).toBe("");
});

// MAILLOOP-1
test("what programs write is told, owes no answer, and gets none", async () => {
  const rig = await open();
  for (const [header, kind] of [
    ["Auto-Submitted: auto-replied", "auto_reply"],
    ["Precedence: bulk", "automatic"],
    ["List-Id: <dev.example.com>", "list"],
  ] as const) {
    const arrival = await receive(rig, { headers: [header] });
    expect(arrival).toMatchObject({ kind, ack: "auto", meta: { automatic: "true" } });
    const { answering = "" } = arrival;
    const sent = rig.connection.send({ chatId: "ann@example.com", text: "Hi", answering });
    await expect(sent).rejects.toMatchObject({ code: "unsupported", retryable: false });
  }
  expect(rig.smtp.mails).toEqual([]);
});

test("under pairing an automatic answer, a list's mail and one that does not name us give a stranger no code", async () => {
  const rig = await open();
  const chat: ChatRules = {
    policy: "pairing",
    isStatic: false,
    hasInvite: true,
    findSender: () => undefined,
    findGroup: () => undefined,
  };
  const look = (arrival: Arrival) => gate(arrival, { paused: false, allowUnsigned: false, chat });
  const text = "ABC2-EFGH";
  for (const headers of [
    ["Auto-Submitted: auto-replied"],
    ["Precedence: bulk"],
    ["List-Id: <dev.example.com>"],
    ["Return-Path: <>"],
  ])
    for (const said of ["Hello", text])
      expect(look(await receive(rig, { headers, text: said })).kind, headers[0]).toBe("drop");
  rig.imap.deliver(toMailText({ text }).replace(`To: ${OUR_ADDRESS}`, "To: team@example.com"));
  await expect.poll(() => rig.taken.length).toBe(9);
  expect(look(rig.taken[8] as Arrival)).toEqual({ kind: "drop", reason: "stranger" });
  expect(look(await receive(rig, {})).kind).toBe("pair");
  expect(look(await receive(rig, { text })).kind).toBe("redeem");
});

test("a mail that does not name us, a copy sent on by whomever, is told and not answered", async () => {
  const rig = await open();
  rig.imap.deliver(toMailText({}).replace(`To: ${OUR_ADDRESS}`, "To: team@example.com"));
  await expect.poll(() => rig.taken.length).toBe(1);
  expect(rig.taken[0]).toMatchObject({
    ack: "auto",
    text: expect.stringContaining("not addressed to"),
  });
  rig.imap.deliver(toMailText({}).replace(OUR_ADDRESS, "Agent+ci@sluice.test"));
  await expect.poll(() => rig.taken.length).toBe(2);
  expect(rig.taken[1]?.ack).toBe("reply");
});

// MAILID-1, BOUNCE-1
test("what we sent ourselves is not read; a failure report counts where it names a mail of ours", async () => {
  const rig = await open();
  const { messageIds } = await rig.connection.send({
    chatId: "bob@example.com",
    text: "Hello Bob",
  });
  const [id = ""] = messageIds;
  expect(readSent(rig, "Auto-Submitted")).toBe("auto-generated");
  expect(readSent(rig, "Subject")).toBe("Hello Bob");
  rig.imap.deliver(toMailText({ from: OUR_ADDRESS, id }));
  rig.imap.deliver(toMailText({ from: OUR_ADDRESS, headers: ["Auto-Submitted: auto-generated"] }));
  const toReport = (of: string): string =>
    [
      "From: MAILER-DAEMON@mx.example.com",
      "Return-Path: <>",
      "Subject: Undelivered Mail Returned to Sender",
      "Message-ID: <report@mx.example.com>",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "I am sorry.",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.example.com",
      "",
      "Final-Recipient: rfc822; bob@example.com",
      "Action: failed",
      "Status: 5.1.1",
      "Diagnostic-Code: smtp; 550 5.1.1 no such user",
      "",
      "--b",
      "Content-Type: text/rfc822-headers",
      "",
      `Message-ID: <${of}>`,
      "Subject: Hello Bob",
      "",
      "--b--",
      "",
    ].join("\r\n");
  rig.imap.deliver(toReport(`sluice.${"0".repeat(20)}.${"0".repeat(24)}@sluice.test`));
  rig.imap.deliver(toReport(id));
  await expect.poll(() => rig.taken.length).toBe(2);
  const [forged, genuine] = rig.taken;
  expect(forged).toMatchObject({ verified: "none" });
  expect(genuine).toMatchObject({
    kind: "bounce",
    verified: "message-id",
    text: "Your mail to bob@example.com was not delivered (5.1.1)",
    quotes: [
      { label: "subject", text: "Hello Bob" },
      { label: "diagnostic", text: "550 5.1.1 no such user" },
    ],
    meta: { severity: "error", status: "5.1.1", message_id: id },
  });
  expect(genuine?.chat).toBeUndefined();
});

test("files wait where they are until they are wanted, also when the server has numbered its mails anew", async () => {
  const rig = await open();
  const arrival = await receive(rig, {
    headers: ['Content-Type: multipart/mixed; boundary="b"'],
    text: [
      "--b",
      "Content-Type: text/plain",
      "",
      "See the log",
      "--b",
      'Content-Type: application/gzip; name="app.log.gz"',
      "Content-Disposition: attachment; filename=app.log.gz",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from("the log").toString("base64"),
      "--b--",
      "",
    ].join("\r\n"),
  });
  expect(arrival.quotes).toEqual([{ label: "message", text: "See the log" }]);
  expect(arrival.files).toMatchObject([{ name: "app.log.gz", mime: "application/gzip" }]);
  const [{ reference = "" } = {}] = arrival.files ?? [];
  expect((await rig.connection.download?.(reference, 100))?.toString()).toBe("the log");
  await expect(rig.connection.download?.(reference, 3)).rejects.toMatchObject({
    code: "too_large",
  });
  // Fetching has ended the IDLE: news are heard all the same, long before the next look.
  rig.imap.deliver(toMailText({}));
  await expect.poll(() => rig.taken.length).toBe(2);
  rig.imap.remove(1);
  rig.imap.deliver(toMailText({}));
  await expect.poll(() => rig.taken.length).toBe(3);
  await expect(rig.connection.download?.(reference, 100)).rejects.toMatchObject({
    code: "not_found",
  });
});

// MAILCURSOR-1, MAILCURSOR-2
test("a server that has numbered its mails anew makes no mail come twice, and none is missed", async () => {
  const rig = await open();
  for (const text of ["one", "two"]) await receive(rig, { text });
  await rig.leave();
  rig.imap.deliver(toMailText({ text: "three" }));
  rig.imap.remove(1);
  rig.imap.renumber();
  await rig.connect();
  rig.imap.deliver(toMailText({ text: "four" }));
  await expect.poll(() => rig.taken.length).toBe(4);
  expect(rig.taken.map(({ quotes }) => quotes[0]?.text)).toEqual(["one", "two", "three", "four"]);
});

// MAILCURSOR-3
test("a mail that ends the connection each time is left behind, and the next one comes", async () => {
  const rig = await open();
  rig.imap.poison.add(1);
  rig.imap.deliver(toMailText({ text: "poison" }));
  rig.imap.deliver(toMailText({ text: "after it" }));
  await expect.poll(() => rig.taken.map(({ quotes }) => quotes[0]?.text)).toEqual(["after it"]);
  expect(rig.leftBehind).toBe(1);
  await expect.poll(() => rig.states.at(-1)?.kind).toBe("connected");
});

// MAILFROM-2
test("one mail is one event for each who sends it; of two people neither can take the other's id", async () => {
  const rig = await open();
  await receive(rig, { id: "same@example.com", text: "first" });
  rig.imap.deliver(toMailText({ id: "same@example.com", text: "again" }));
  const other = await receive(rig, {
    from: "Bob <bob@example.com>",
    id: "same@example.com",
    text: "mine",
  });
  expect(other.quotes[0]?.text).toBe("mine");
  expect(rig.taken).toHaveLength(2);
});

// MAILREPLY-1
test("an answer to somebody else's Reply-To does not happen, and files leave with it", async () => {
  const rig = await open();
  const folder = mkdtempSync(join(tmpdir(), "sluice-mail-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "copy");
  writeFileSync(path, "content of the report");
  const { answering = "" } = await receive(rig, {
    headers: ["Reply-To: eve@evil.test"],
    subject: "Re: AW: Numbers",
  });
  const files = [{ path, name: "Bericht ü.txt", bytes: 21 }];
  await rig.connection.send({ chatId: "ann@example.com", text: "Here", files, answering });
  expect(rig.smtp.mails[0]?.to).toEqual(["ann@example.com"]);
  expect(readSent(rig, "Subject")).toBe("Re: Numbers");
  expect(rig.smtp.mails[0]?.raw).toContain(Buffer.from("content of the report").toString("base64"));
  const gone = [{ path: join(folder, "gone"), name: "gone.txt", bytes: 1 }];
  await expect(
    rig.connection.send({ chatId: "ann@example.com", text: "x", files: gone }),
  ).rejects.toMatchObject({ code: "not_found" });
  expect(rig.smtp.mails).toHaveLength(1);
  await expect(
    rig.connection.send({ chatId: "ann@example.com\r\nBcc: eve@evil.test", text: "x" }),
  ).rejects.toMatchObject({ code: "bad_input" });
});

// MAILHTML-1
test("HTML is read where there is no plain text, without what its reader does not see", async () => {
  const rig = await open();
  const html = `<html><head><style>p{}</style></head><body><div style="display:none">hidden orders</div><p>Hello <b>there</b></p><ul><li>one</li><li>two</li></ul><a href="https://example.com/x">link</a><img src="https://t.example.com/pixel.gif" alt="p"></body></html>`;
  const arrival = await receive(rig, {
    headers: ["Content-Type: text/html; charset=utf-8"],
    text: html,
  });
  expect(arrival.quotes[0]?.text).toBe(
    "Hello there\n\n * one\n * two\n\nlink [https://example.com/x]",
  );
});

// MAILBOX-1
test("nothing in the mailbox is changed by reading it", async () => {
  const rig = await open();
  await receive(rig, { subject: "x", text: "words" });
  const heard = rig.imap.heard.join("\n");
  expect(heard).toContain("EXAMINE INBOX");
  expect(heard).not.toMatch(/ (?:SELECT|UID STORE|STORE|EXPUNGE|APPEND|UID MOVE) | BODY\[/);
});

test("a server that says nothing at all is waited for, and does not hold up the end", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const rig = await open();
  await rig.leave();
  const { port } = silent.address() as AddressInfo;
  const asked = once(silent, "connection");
  const opening = rig.connect({ imap: `127.0.0.1:${port}` });
  await asked;
  rig.abort();
  await opening;
  await rig.connection.close();
  silent.close();
});
