/**
 * An SMTP server that keeps what it is sent (npm `smtp-server`), and how the way breaks.
 */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

export type SunkMail = { from: string; to: string[]; raw: string; isTls: boolean };
/** `at` which command is refused; `break-before`: ends in the middle of the mail; `break-after`: keeps the mail and says nothing. */
export type SmtpFault =
  | { kind: "refuse"; at: "auth" | "mail" | "rcpt" | "data"; status: number; words: string }
  | { kind: "break-before" }
  | { kind: "break-after" }
  | { kind: "hang-after" };

export class SmtpSink {
  readonly port: number;
  password = "imap-password-imap-password";
  readonly mails: SunkMail[] = [];
  connections = 0;
  readonly #server: SMTPServer;
  readonly #faults: SmtpFault[] = [];

  private constructor(server: SMTPServer) {
    this.#server = server;
    this.port = (server.server.address() as AddressInfo).port;
  }

  /** `tls`: a key and certificate, for TLS from the first byte or by STARTTLS; without it in the clear. */
  static async open(tls?: { key: string; cert: string; isImplicit: boolean }): Promise<SmtpSink> {
    let sink: SmtpSink | undefined;
    const take = (at: string): SmtpFault | undefined => sink?.take(at);
    const fail = (fault: SmtpFault | undefined): Error | null =>
      fault?.kind === "refuse"
        ? Object.assign(new Error(fault.words), { responseCode: fault.status })
        : null;
    const server = new SMTPServer({
      ...(tls === undefined
        ? { disabledCommands: ["STARTTLS"] }
        : { key: tls.key, cert: tls.cert, secure: tls.isImplicit }),
      allowInsecureAuth: tls === undefined,
      disableReverseLookup: true,
      logger: false,
      onConnect: (_session, done) => {
        if (sink !== undefined) sink.connections += 1;
        done();
      },
      onAuth: ({ password }, _session, done) => {
        const fault = fail(take("auth"));
        if (fault !== null) return done(fault);
        if (password === sink?.password) return done(null, { user: "agent" });
        done(Object.assign(new Error("5.7.8 bad credentials"), { responseCode: 535 }));
      },
      onMailFrom: (_address, _session, done) => done(fail(take("mail"))),
      onRcptTo: (_address, _session, done) => done(fail(take("rcpt"))),
      onData: (stream, session, done) => {
        const fault = take("data");
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          if (fault?.kind === "break-before") sink?.cut(session);
        });
        stream.on("end", () => {
          const refusal = fail(fault);
          if (refusal !== null) return done(refusal);
          if (fault?.kind !== "break-before") sink?.keep(session, Buffer.concat(chunks));
          if (fault?.kind === "break-after") sink?.cut(session);
          else if (fault === undefined) done(null);
        });
      },
    });
    server.on("error", () => undefined);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return (sink = new SmtpSink(server));
  }

  /** The next mail meets this. */
  arm(...faults: SmtpFault[]): void {
    this.#faults.push(...faults);
  }

  take(at: string): SmtpFault | undefined {
    const [next] = this.#faults;
    const place = next?.kind === "refuse" ? next.at : "data";
    return place === at ? this.#faults.shift() : undefined;
  }

  keep({ envelope, secure }: SMTPServerSession, raw: Buffer): void {
    const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
    const to = envelope.rcptTo.map(({ address }) => address);
    this.mails.push({ from, to, raw: raw.toString(), isTls: secure });
  }

  cut({ id }: SMTPServerSession): void {
    for (const connection of this.#server.connections)
      if (connection.id === id || connection.session?.id === id) connection._socket?.destroy();
  }

  async close(): Promise<void> {
    await new Promise<void>((done) => this.#server.close(() => done()));
  }
}
