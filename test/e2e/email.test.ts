/**
 * A mailbox in a real hub: who is let in, answers in the thread over a restart, and that nothing is approved by mail.
 */
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import { OUR_ADDRESS, SERVER, toMailText } from "../../src/channels/email/mail-rig.fixture.ts";
import { FakeImap } from "../fakes/mail/fake-imap.ts";
import { SmtpSink } from "../fakes/mail/smtp-sink.ts";
import { typeCommand } from "./people.ts";
import { openRig } from "./rig.ts";
import { carriesEvent, openLane } from "./sessions.ts";

test("mail is a person's where it is authentic and they are let in, is answered in its thread, and is never a verdict or a command", async () => {
  await using rig = openRig();
  const [imap, smtp] = [await FakeImap.open(), await SmtpSink.open()];
  rig.add(() => imap.close());
  rig.add(() => smtp.close());
  await rig.startHub();
  await rig.addChannel({
    kind: "email",
    secret: imap.password,
    settings: {
      address: OUR_ADDRESS,
      imap: `127.0.0.1:${imap.port}`,
      smtp: `127.0.0.1:${smtp.port}`,
      "authserv-id": SERVER,
    },
  });
  await typeCommand(
    rig,
    "access",
    "allow",
    "email",
    "ann@example.com",
    "--role",
    "chatter",
    "--role",
    "approver",
  );
  imap.deliver(toMailText({ from: "eve@evil.test", text: "a stranger" }));
  imap.deliver(toMailText({ results: "", text: "in her name" }));
  // A command where people are heard; here it is what it is: a mail.
  imap.deliver(toMailText({ subject: "Numbers", id: "asked@example.com", text: "/status" }));
  await expect.poll(async () => (await rig.events()).length).toBe(1);
  expect((await rig.events())[0]).toMatchObject({
    channel: "email",
    kind: "message",
    sender: { id: "ann@example.com" },
    text: expect.stringContaining("/status"),
  });
  expect(smtp.mails).toEqual([]);

  // What an answer needs is on disk with its event.
  await rig.killHub();
  await rig.startHub();
  const answers: string[] = [];
  await openLane(rig, "monitor", {
    model: async (turn) => {
      if (!carriesEvent(turn) || answers.length > 0) return;
      const id = /event_id="(evt_\w+)"/.exec(turn.text)?.[1] ?? "";
      answers.push((await turn.callTool("reply", { event_id: id, text: "All green." })).text);
    },
  });
  await expect.poll(() => smtp.mails.length).toBe(1);
  const [sent] = smtp.mails;
  expect(sent).toMatchObject({ from: OUR_ADDRESS, to: ["ann@example.com"] });
  expect(sent?.raw).toMatch(/^Subject: Re: Numbers\r$/m);
  expect(sent?.raw).toMatch(/^In-Reply-To: <asked@example\.com>\r$/m);
  const outbox = await read(rig.api.outbox.$get({ query: { limit: "100" } }));
  // No prompt, no notice, no answer of ours: one mail in all.
  expect(outbox).toMatchObject([{ kind: "reply", state: "sent" }]);
});
