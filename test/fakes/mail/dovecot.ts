/**
 * A real Dovecot with one mailbox, on loopback, with TLS.
 *
 * Owns: its configuration, and ending it. Where there is none, or where it cannot be run, `open` says why.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NOBODY = 65_534;

export class Dovecot implements AsyncDisposable {
  readonly folder: string;
  readonly port: number;
  readonly plainPort: number;
  readonly password = "dovecot-password-dovecot-password";
  readonly certificate: string;
  #process: ChildProcess | undefined;
  #count = 0;

  private constructor(folder: string, [port, plainPort]: readonly [number, number]) {
    this.folder = folder;
    this.port = port;
    this.plainPort = plainPort;
    this.certificate = readFileSync(join(folder, "cert.pem"), "utf8");
  }

  /** A sentence where it cannot be run here. */
  static async open(): Promise<Dovecot | string> {
    if (spawnSync("dovecot", ["--version"]).status !== 0)
      return "no dovecot on this machine; apt-get install dovecot-imapd";
    if (process.getuid?.() !== 0) return "dovecot starts as root alone";
    const folder = mkdtempSync(join(tmpdir(), "sluice-dovecot-"));
    chmodSync(folder, 0o755);
    for (const name of ["mail", "mail/cur", "mail/new", "mail/tmp", "run"]) {
      mkdirSync(join(folder, name), { recursive: true });
      if (name.startsWith("mail")) chownSync(join(folder, name), NOBODY, NOBODY);
    }
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
        join(folder, "key.pem"),
        "-out",
        join(folder, "cert.pem"),
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
      ],
      { stdio: "ignore" },
    );
    const dovecot = new Dovecot(folder, [await findPort(), await findPort()]);
    await dovecot.start();
    return dovecot;
  }

  async start(): Promise<void> {
    const config = join(this.folder, "dovecot.conf");
    writeFileSync(config, this.#toConfig());
    this.#process = spawn("dovecot", ["-F", "-c", config], { stdio: "ignore" });
    for (let tries = 0; tries < 600; tries++) {
      if (await answers(this.port)) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`dovecot does not answer:\n${readFileSync(join(this.folder, "log"), "utf8")}`);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }

  /** A mail arrives. */
  deliver(raw: string | Buffer): void {
    this.#count += 1;
    const path = join(this.folder, "mail/new", `${Date.now()}.${this.#count}.test`);
    const draft = join(this.folder, "mail/tmp", `${this.#count}`);
    writeFileSync(draft, raw);
    chownSync(draft, NOBODY, NOBODY);
    execFileSync("mv", [draft, path]);
  }

  /** Forgets how the mails were numbered, as when a mailbox is restored. */
  async renumber(): Promise<void> {
    await this.stop();
    for (const name of [
      "dovecot-uidlist",
      "dovecot.index.log",
      "dovecot.index",
      "dovecot.index.cache",
      "dovecot-uidvalidity",
    ])
      rmSync(join(this.folder, "mail", name), { force: true });
    // Its new number is the second at which it begins.
    await new Promise((done) => setTimeout(done, 1_100));
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #toConfig(): string {
    return `
base_dir = ${this.folder}/run
state_dir = ${this.folder}/run
log_path = ${this.folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <${this.folder}/cert.pem
ssl_key = <${this.folder}/key.pem
first_valid_uid = 1
mail_location = maildir:${this.folder}/mail
service imap-login {
  inet_listener imap {
    port = ${this.plainPort}
  }
  inet_listener imaps {
    port = ${this.port}
    ssl = yes
  }
}
passdb {
  driver = static
  args = password=${this.password}
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${this.folder}/mail
}
`;
  }
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });
}
