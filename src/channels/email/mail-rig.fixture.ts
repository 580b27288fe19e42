/**
 * A mailbox on a fake IMAP server with an SMTP sink, and what a hub would keep of it.
 *
 * Owns: a context that records, and mails as people write them. Never: asserts anything.
 */
import { FakeImap } from "../../../test/fakes/mail/fake-imap.ts";
import { SmtpSink } from "../../../test/fakes/mail/smtp-sink.ts";
import type { ChannelConnection, ChannelContext, ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { openConnection, type MailTimings } from "./connection.ts";

export const OUR_ADDRESS = "agent@sluice.test";
export const SERVER = "mx.sluice.test";
export const QUICK: MailTimings = {
  in: {
    connectMs: 20_000,
    silentMs: 20_000,
    idleMs: 10_000,
    pollMs: 600_000,
    firstRetryMs: 20,
    lastRetryMs: 160,
  },
  out: { connectMs: 20_000, silentMs: 20_000, laterMs: 2_000 },
};

let count = 0;

export type Written = {
  from?: string;
  subject?: string;
  id?: string;
  /** Header lines above, as a receiving server adds them. Default: the mail is found good. */
  results?: string;
  headers?: readonly string[];
  text?: string;
};

/** A mail of Ann's to us, found good by our server. */
export function toMailText({ from = "Ann <ann@example.com>", ...mail }: Written = {}): string {
  count += 1;
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "";
  const good = `Authentication-Results: ${SERVER}; spf=pass smtp.mailfrom=${domain}; dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}`;
  return [
    ...(mail.results === "" ? [] : [mail.results ?? good]),
    "Received: from out.example.com by mx.sluice.test; Tue, 1 Dec 2026 10:00:00 +0000",
    `From: ${from}`,
    `To: ${OUR_ADDRESS}`,
    ...(mail.subject === undefined ? [] : [`Subject: ${mail.subject}`]),
    `Message-ID: <${mail.id ?? `mail-${count}@example.com`}>`,
    "Date: Tue, 1 Dec 2026 10:00:00 +0000",
    ...(mail.headers ?? []),
    "",
    mail.text ?? "Hello",
  ].join("\r\n");
}

export class MailRig implements AsyncDisposable {
  readonly imap: FakeImap;
  readonly smtp: SmtpSink;
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  readonly logged: string[] = [];
  leftBehind = 0;
  cursor: string | undefined;
  connection!: ChannelConnection;
  #abort = new AbortController();

  private constructor(imap: FakeImap, smtp: SmtpSink) {
    this.imap = imap;
    this.smtp = smtp;
  }

  static async open(): Promise<MailRig> {
    const rig = new MailRig(await FakeImap.open(), await SmtpSink.open());
    await rig.connect();
    return rig;
  }

  get settings(): Record<string, string> {
    return {
      address: OUR_ADDRESS,
      imap: `127.0.0.1:${this.imap.port}`,
      smtp: `127.0.0.1:${this.smtp.port}`,
      "authserv-id": SERVER,
    };
  }

  /** Opens a connection, the first one or the next life of it. */
  async connect(settings: Record<string, string> = {}): Promise<void> {
    this.#abort = new AbortController();
    const log = (facts: object, message: string): void =>
      void this.logged.push(`${message} ${JSON.stringify(facts)}`);
    const context: ChannelContext = {
      name: "mail",
      secret: new Secret(this.imap.password),
      settings: { ...this.settings, ...settings },
      cursor: this.cursor,
      take: async (arrivals, cursor) => {
        for (const arrival of arrivals)
          if (!this.taken.some((one) => one.deliveryId === arrival.deliveryId && one.deliveryId))
            this.taken.push(arrival);
        this.cursor = cursor;
      },
      leftBehind: (count) => void (this.leftBehind += count),
      report: (state) => void this.states.push(state),
      clock: systemClock,
      log: { debug: log, info: log, warn: log, error: log },
      signal: this.#abort.signal,
    };
    this.connection = await openConnection(context, QUICK);
  }

  abort(): void {
    this.#abort.abort();
  }

  /** As when the hub goes away without a word. */
  async leave(): Promise<void> {
    this.#abort.abort();
    await this.connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    await this.imap.close();
    await this.smtp.close();
  }
}
