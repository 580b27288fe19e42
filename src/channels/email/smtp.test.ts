import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SmtpSink } from "../../../test/fakes/mail/smtp-sink.ts";
import { MaybeSent } from "../../sdk/message.ts";
import type { MailServer } from "./settings.ts";
import { deliver, signIn } from "./smtp.ts";

const TIMINGS = { connectMs: 20_000, silentMs: 20_000, laterMs: 60_000 };
const MAIL = { from: "agent@sluice.test", to: "ann@example.com", subject: "Re: x", text: "Done" };

function toServer(port: number, tls: MailServer["tls"] = "optional"): MailServer {
  return { host: "127.0.0.1", port, tls, user: "agent", password: "imap-password-imap-password" };
}

async function openSink(...options: Parameters<typeof SmtpSink.open>): Promise<SmtpSink> {
  const sink = await SmtpSink.open(...options);
  onTestFinished(() => sink.close());
  return sink;
}

async function fault(port: number, options: { silentMs?: number; text?: string } = {}) {
  const timings = { ...TIMINGS, silentMs: options.silentMs ?? TIMINGS.silentMs };
  const mail = { ...MAIL, text: options.text ?? MAIL.text };
  return deliver(mail, {
    server: toServer(port),
    timings,
    signal: new AbortController().signal,
  }).then(
    () => undefined,
    (thrown: unknown) =>
      thrown as Error & { retryable: boolean; retryAfterMs?: number; code: string },
  );
}

// MAILSEND-2
test.each([
  ["greylisted", { at: "rcpt", status: 450 }, true],
  ["busy", { at: "mail", status: 451 }, true],
  ["greylisted behind the mail", { at: "data", status: 451 }, true],
  ["no such mailbox", { at: "rcpt", status: 550 }, false],
  ["taken for spam behind the mail", { at: "data", status: 554 }, false],
] as const)(
  "%s: nothing was sent, and the server's words are told",
  async (words, where, isLater) => {
    const sink = await openSink();
    sink.arm({ kind: "refuse", ...where, words });
    const thrown = await fault(sink.port);
    expect(thrown).toMatchObject({ code: "send_failed", retryable: isLater });
    expect(thrown?.cause).toBeUndefined();
    expect(thrown?.message).toContain(words);
    expect(thrown?.retryAfterMs).toBe(isLater ? 60_000 : undefined);
    expect(sink.mails).toEqual([]);
  },
);

test("a login that is refused waits for the owner; one that cannot be looked at now does not", async () => {
  const sink = await openSink();
  sink.password = "another";
  const refused = await fault(sink.port);
  expect(refused).toMatchObject({ code: "unauthorized" });
  expect(refused?.message).not.toContain("imap-password");
  sink.arm({ kind: "refuse", at: "auth", status: 454, words: "4.7.0 temporary" });
  expect(await fault(sink.port)).toMatchObject({ code: "send_failed", retryable: true });
});

// MAILSEND-1
test("a connection that breaks in the middle of the mail has sent nothing; one that breaks behind the dot may have", async () => {
  const sink = await openSink();
  sink.arm({ kind: "break-before" });
  const before = await fault(sink.port, { text: "long words ".repeat(1_000_000) });
  expect(before).toMatchObject({ code: "send_failed", retryable: true });
  expect(before?.cause).toBeUndefined();
  expect(sink.mails).toEqual([]);
  sink.arm({ kind: "break-after" });
  const behind = await fault(sink.port);
  expect(behind?.cause).toBeInstanceOf(MaybeSent);
  expect(behind?.retryable).toBe(false);
  sink.arm({ kind: "hang-after" });
  expect((await fault(sink.port, { silentMs: 300 }))?.cause).toBeInstanceOf(MaybeSent);
  expect(sink.mails).toHaveLength(2);
});

test("MAILSEND-1: wherever a server ends the connection, only a mail that it has whole may have arrived", async () => {
  const steps = ["220 hi", "250 AUTH PLAIN", "235 in", "250 from", "250 to", "354 go", "250 taken"];
  for (let until = 0; until < steps.length; until++) {
    let hasDot = false;
    const server = createServer((socket: Socket) => {
      let step = 0;
      let heard = "";
      const answer = (): void => {
        if (step === until) return void socket.destroy();
        socket.write(`${steps[step]}\r\n`);
        step += 1;
      };
      socket.on("error", () => undefined);
      socket.on("data", (chunk) => {
        heard += chunk.toString();
        const isWhole = step === 6 ? heard.endsWith("\r\n.\r\n") : heard.endsWith("\r\n");
        if (!isWhole) return;
        hasDot ||= step === 6;
        heard = "";
        answer();
      });
      answer();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const thrown = await fault((server.address() as AddressInfo).port);
    await new Promise<void>((done) => server.close(() => done()));
    expect(thrown?.cause instanceof MaybeSent, `after ${steps[until - 1]}`).toBe(hasDot);
    if (!hasDot) expect(thrown, `after ${steps[until - 1]}`).toMatchObject({ retryable: true });
  }
});

test.each(["says nothing", "breaks off"])(
  "a mail that was taken is sent, whatever the server does at the end: it %s",
  async (how) => {
    const answers = ["250 AUTH PLAIN", "235 in", "250 from", "250 to", "354 go", "250 taken"];
    const sockets = new Set<Socket>();
    const server = createServer((socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      let heard = "";
      socket.on("data", (chunk) => {
        heard += chunk.toString();
        const isWhole = heard.endsWith(answers.length === 1 ? "\r\n.\r\n" : "\r\n");
        if (!isWhole) return;
        heard = "";
        const answer = answers.shift();
        if (answer !== undefined) socket.write(`${answer}\r\n`);
        else if (how === "breaks off") socket.resetAndDestroy();
      });
      socket.write("220 hi\r\n");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    expect(await fault((server.address() as AddressInfo).port)).toBeUndefined();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => server.close(() => done()));
  },
);

test("a port where nobody listens has been sent nothing", async () => {
  const sink = await SmtpSink.open();
  await sink.close();
  expect(await fault(sink.port)).toMatchObject({ code: "send_failed", retryable: true });
});

// MAILTLS-1
test("a password leaves over TLS alone, to a certificate that is trusted", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  writeFileSync(key, "");
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      "-subj",
      "/CN=127.0.0.1",
      "-addext",
      "subjectAltName=IP:127.0.0.1",
    ],
    { stdio: "ignore" },
  );
  const pair = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  const signal = new AbortController().signal;
  for (const tls of ["implicit", "starttls"] as const) {
    const sink = await openSink({ ...pair, isImplicit: tls === "implicit" });
    const server = toServer(sink.port, tls);
    await expect(deliver(MAIL, { server, timings: TIMINGS, signal })).rejects.toThrow(
      /certificate/,
    );
    await deliver(MAIL, { server, timings: TIMINGS, signal, ca: pair.cert });
    expect(sink.mails).toMatchObject([{ isTls: true }]);
  }
  const open = await openSink();
  const server = toServer(open.port, "starttls");
  await expect(signIn({ server, timings: TIMINGS, signal })).rejects.toMatchObject({
    code: "bad_config",
    message: expect.stringContaining("STARTTLS"),
  });
});
