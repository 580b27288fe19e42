/**
 * An IMAP server of one mailbox with one folder, on loopback.
 *
 * Owns: as much of IMAP4rev1 and IDLE as a reader asks, and how the way breaks. A real server is in test/e2e/email.long.test.ts.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import {
  type Part,
  parseMail,
  readField,
  readSection,
  toBodyStructure,
  toEnvelope,
} from "./mime.ts";

type Kept = { uid: number; raw: string; mail: Part; at: Date };

export class FakeImap {
  readonly port: number;
  password = "imap-password-imap-password";
  uidValidity = 7;
  hasIdle = true;
  /** Numbers of mails whose fetching ends the connection. */
  readonly poison = new Set<number>();
  /** Commands so far, and refused connections. */
  requests = 0;
  /** The commands, without logins. */
  readonly heard: string[] = [];
  #failing = 0;
  #nextUid = 1;
  #mails: Kept[] = [];
  readonly #server: Server;
  readonly #sessions = new Set<Session>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => this.#accept(socket));
  }

  static async open(): Promise<FakeImap> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new FakeImap(server);
  }

  get mails(): readonly Kept[] {
    return this.#mails;
  }

  get openCount(): number {
    return this.#sessions.size;
  }

  /** A mail arrives. Returns its number. */
  deliver(raw: string, at = new Date()): number {
    const text = raw.replace(/\r?\n/g, "\r\n");
    const uid = this.#nextUid++;
    this.#mails.push({ uid, raw: text, mail: parseMail(text), at });
    for (const session of this.#sessions) session.tellCount();
    return uid;
  }

  /** All mails get other numbers, as when a server is restored. */
  renumber(): void {
    this.uidValidity += 1;
    this.#nextUid = 1;
    for (const mail of this.#mails) mail.uid = this.#nextUid++;
    this.drop();
  }

  remove(uid: number): void {
    const index = this.#mails.findIndex((mail) => mail.uid === uid);
    this.#mails = this.#mails.filter((mail) => mail.uid !== uid);
    for (const session of this.#sessions) session.tellGone(index + 1);
  }

  get nextUid(): number {
    return this.#nextUid;
  }

  /** Ends every connection. */
  drop(): void {
    for (const session of this.#sessions) session.end();
  }

  /** The next few connections are refused. */
  fail(connections: number): void {
    this.#failing = connections;
    this.drop();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #accept(socket: Socket): void {
    if (this.#failing > 0) {
      this.#failing -= 1;
      this.requests += 1;
      socket.end("* BYE try later\r\n");
      socket.on("error", () => undefined);
      return;
    }
    const session = new Session(socket, this);
    this.#sessions.add(session);
    socket.on("close", () => this.#sessions.delete(session));
  }
}

class Session {
  readonly #socket: Socket;
  readonly #fake: FakeImap;
  #rest = "";
  #isOpen = false;
  #idleTag: string | undefined;
  /** How many mails it was told of, and which of them went while it could not be told. */
  #count = 0;
  #gone: number[] = [];

  constructor(socket: Socket, fake: FakeImap) {
    this.#socket = socket;
    this.#fake = fake;
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => this.#hear(chunk.toString("latin1")));
    this.#write("* OK [CAPABILITY IMAP4rev1 LITERAL-] ready");
  }

  tellCount(): void {
    if (!this.#isOpen || (this.#idleTag === undefined && this.#fake.hasIdle)) return;
    for (const seq of this.#gone.splice(0)) this.#write(`* ${seq} EXPUNGE`);
    this.#count = this.#fake.mails.length;
    this.#write(`* ${this.#count} EXISTS`);
  }

  /** At once in an IDLE, else before the next count, as servers do it: a client that misses one takes a new mail for no news. */
  tellGone(seq: number): void {
    if (!this.#isOpen || seq > this.#count) return;
    this.#count -= 1;
    if (this.#idleTag === undefined) this.#gone.push(seq);
    else this.#write(`* ${seq} EXPUNGE`);
  }

  end(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    this.#rest += text;
    for (;;) {
      const end = this.#rest.indexOf("\r\n");
      if (end === -1) return;
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + 2);
      this.#answer(line);
    }
  }

  #answer(line: string): void {
    if (line.toUpperCase() === "DONE") {
      this.#write(`${this.#idleTag} OK idle is over`);
      this.#idleTag = undefined;
      return;
    }
    this.#fake.requests += 1;
    if (!/LOGIN|AUTHENTICATE/i.test(line)) this.#fake.heard.push(line);
    const [, tag = "", name = "", rest = ""] = /^(\S+) (UID \S+|\S+) ?(.*)$/i.exec(line) ?? [];
    const ok = (words = "done"): void => this.#write(`${tag} OK ${words}`);
    switch (name.toUpperCase()) {
      case "CAPABILITY":
        this.#write(
          `* CAPABILITY IMAP4rev1${this.#fake.hasIdle ? " IDLE" : ""} ID NAMESPACE AUTH=PLAIN`,
        );
        return ok();
      case "LOGIN":
        return rest.includes(this.#fake.password)
          ? ok()
          : this.#write(`${tag} NO [AUTHENTICATIONFAILED] wrong: ${rest}`);
      case "AUTHENTICATE": {
        const [, given = ""] = /PLAIN ?(\S*)/i.exec(rest) ?? [];
        const isRight = Buffer.from(given, "base64")
          .toString()
          .endsWith(`\0${this.#fake.password}`);
        return isRight ? ok() : this.#write(`${tag} NO [AUTHENTICATIONFAILED] wrong password`);
      }
      case "ID":
        this.#write('* ID ("name" "fake")');
        return ok();
      case "NAMESPACE":
        this.#write('* NAMESPACE (("" "/")) NIL NIL');
        return ok();
      case "LIST":
      case "LSUB":
        this.#write(`* ${name.toUpperCase()} () "/" INBOX`);
        return ok();
      case "EXAMINE":
      case "SELECT":
        return this.#select(tag, rest);
      case "IDLE":
        this.#idleTag = tag;
        this.#write("+ idling");
        return this.tellCount();
      case "UID SEARCH":
        this.#write(`* SEARCH ${this.#search(rest).join(" ")}`.trimEnd());
        return ok();
      case "UID FETCH":
        return this.#fetch(tag, rest);
      case "LOGOUT":
        this.#write("* BYE bye");
        ok();
        this.#socket.end();
        return;
      default:
        this.tellCount();
        return ok();
    }
  }

  #select(tag: string, rest: string): void {
    if (!/INBOX/i.test(rest)) return this.#write(`${tag} NO [NONEXISTENT] no such folder`);
    this.#isOpen = true;
    this.#count = this.#fake.mails.length;
    this.#gone = [];
    this.#write("* FLAGS (\\Seen)");
    this.#write(`* ${this.#count} EXISTS`);
    this.#write(`* OK [UIDVALIDITY ${this.#fake.uidValidity}] numbering`);
    this.#write(`* OK [UIDNEXT ${this.#fake.nextUid}] next`);
    this.#write(`${tag} OK [READ-ONLY] open`);
  }

  #search(query: string): number[] {
    const { mails } = this.#fake;
    const [, from] = /UID (\d+):\*/i.exec(query) ?? [];
    const [, id] = /HEADER "?message-id"? "?([^"\s]+)"?/i.exec(query) ?? [];
    const [, since] = /SINCE "?([^"\s]+)"?/i.exec(query) ?? [];
    if (id !== undefined)
      return mails
        .filter(({ mail }) => readField(mail.header, "message-id").includes(id))
        .map(({ uid }) => uid);
    if (since !== undefined) {
      const day = Date.parse(`${since} UTC`);
      return mails.filter(({ at }) => at.getTime() >= day).map(({ uid }) => uid);
    }
    const found = mails.filter(({ uid }) => uid >= Number(from ?? 1)).map(({ uid }) => uid);
    // "*" is the last one, however small its number.
    return found.length === 0 ? mails.slice(-1).map(({ uid }) => uid) : found;
  }

  #fetch(tag: string, rest: string): void {
    const [, number = "", asked = ""] = /^(\d+) \(?(.*?)\)?$/.exec(rest) ?? [];
    const uid = Number(number);
    const index = this.#fake.mails.findIndex((mail) => mail.uid === uid);
    const kept = this.#fake.mails[index];
    if (this.#fake.poison.has(uid)) return this.end();
    if (kept !== undefined) this.#socket.write(this.#toFetched(index + 1, kept, asked));
    this.#write(`${tag} OK fetched`);
  }

  #toFetched(seq: number, { uid, raw, mail, at }: Kept, asked: string): Buffer {
    const parts: Buffer[] = [Buffer.from(`* ${seq} FETCH (UID ${uid}`)];
    if (/\bENVELOPE\b/i.test(asked)) parts.push(Buffer.from(` ENVELOPE ${toEnvelope(mail)}`));
    if (/\bBODYSTRUCTURE\b/i.test(asked))
      parts.push(Buffer.from(` BODYSTRUCTURE ${toBodyStructure(mail)}`));
    if (/\bINTERNALDATE\b/i.test(asked))
      parts.push(Buffer.from(` INTERNALDATE "${toImapDate(at)}"`));
    if (/RFC822\.SIZE/i.test(asked))
      parts.push(Buffer.from(` RFC822.SIZE ${Buffer.byteLength(raw)}`));
    for (const [, section = "", start, length] of asked.matchAll(
      /BODY\.PEEK\[([^\]]*)\](?:<(\d+)\.(\d+)>)?/gi,
    )) {
      const bytes = Buffer.from(readSection(mail, section) ?? "");
      const from = Number(start ?? 0);
      const cut = length === undefined ? bytes : bytes.subarray(from, from + Number(length));
      const place = start === undefined ? "" : `<${start}>`;
      parts.push(Buffer.from(` BODY[${section}]${place} {${cut.length}}\r\n`), cut);
    }
    parts.push(Buffer.from(")\r\n"));
    return Buffer.concat(parts);
  }

  #write(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }
}

function toImapDate(at: Date): string {
  const [, day = "", month = "", year = "", time = ""] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}-${month}-${year} ${time} +0000`;
}
