import { test } from "vitest";
import { FakeImap } from "../../../test/fakes/mail/fake-imap.ts";
import { SmtpSink } from "../../../test/fakes/mail/smtp-sink.ts";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { openConnection } from "./connection.ts";
import { OUR_ADDRESS, QUICK, SERVER, toMailText } from "./mail-rig.fixture.ts";

async function openRig(): Promise<ContractRig> {
  const imap = await FakeImap.open();
  const smtp = await SmtpSink.open();
  return {
    open: (context) => openConnection(context, QUICK),
    secret: imap.password,
    settings: {
      address: OUR_ADDRESS,
      imap: `127.0.0.1:${imap.port}`,
      smtp: `127.0.0.1:${smtp.port}`,
      "authserv-id": SERVER,
    },
    chatId: "ann@example.com",
    say: (text) => void imap.deliver(toMailText({ text })),
    sent: () => smtp.mails.map(({ raw }) => raw.slice(raw.indexOf("\r\n\r\n") + 4).trimEnd()),
    slowDown: () =>
      smtp.arm({ kind: "refuse", at: "rcpt", status: 450, words: "4.2.0 greylisted" }),
    breakAfterSend: () => smtp.arm({ kind: "break-after" }),
    leave: () => smtp.close(),
    failFor: (connections) => imap.fail(connections),
    revoke: () => {
      imap.password = "another-password-of-the-mailbox";
    },
    requests: () => imap.requests,
    openCount: () => imap.openCount,
    close: async () => {
      await imap.close();
      await smtp.close();
    },
  };
}

for (const { claim, run } of channelContract(openRig, { split: false })) test(claim, run);
