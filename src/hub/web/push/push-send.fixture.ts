/**
 * A push service of our own, and browsers that subscribe there: both speak the standards, over real TLS.
 *
 * Owns: the wire (RFC 8030), what a service checks of a sender (RFC 8292) and what a browser does to read a message (RFC 8291), written
 * anew from the documents. Never: uses the library that it is a test of.
 */
import { execFileSync } from "node:child_process";
import {
  createDecipheriv,
  createECDH,
  createHmac,
  createPublicKey,
  randomBytes,
  verify,
} from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PushPayload } from "../../../api/wire/push-wire.ts";
import type { PushTarget } from "../../../store/page/web-push.ts";
import type { PushNetwork } from "./push-send.ts";

export const PUSH_HOST = "fcm.googleapis.com";

export type Pushed = {
  browser: FakeBrowser;
  payload: PushPayload;
  headers: IncomingHttpHeaders;
  bytes: number;
  /** Who the sender says they are. */
  claims: { aud: string; exp: number; sub: string };
};

/** A browser's side of a subscription. */
export class FakeBrowser {
  readonly target: PushTarget;
  readonly #keys = createECDH("prime256v1");
  readonly #secret = randomBytes(16);

  constructor(host: string = PUSH_HOST) {
    this.#keys.generateKeys();
    this.target = {
      endpoint: `https://${host}/fcm/send/${randomBytes(12).toString("hex")}`,
      p256dh: this.#keys.getPublicKey().toString("base64url"),
      auth: this.#secret.toString("base64url"),
    };
  }

  get subscription() {
    const { endpoint, p256dh, auth } = this.target;
    return { endpoint, keys: { p256dh, auth } };
  }

  /** https://www.rfc-editor.org/rfc/rfc8291#section-3.4 and https://www.rfc-editor.org/rfc/rfc8188#section-2 */
  decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const idBytes = body.readUInt8(20);
    const sender = body.subarray(21, 21 + idBytes);
    const sealed = body.subarray(21 + idBytes);
    const shared = this.#keys.computeSecret(sender);
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.#keys.getPublicKey(), sender]);
    const input = toHmac(toHmac(this.#secret, shared), Buffer.concat([info, Buffer.of(1)]));
    const key = toHmac(salt, input);
    const derive = (label: string) =>
      toHmac(key, Buffer.concat([Buffer.from(`Content-Encoding: ${label}\0`), Buffer.of(1)]));
    const decipher = createDecipheriv(
      "aes-128-gcm",
      derive("aes128gcm").subarray(0, 16),
      derive("nonce").subarray(0, 12),
    );
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    const end = plain.lastIndexOf(2);
    if (end < 0) throw new Error("the last record has no delimiter");
    return plain.subarray(0, end).toString();
  }
}

export type NextAnswer = { status: number; headers?: Record<string, string> };

export async function openPushService() {
  const folder = mkdtempSync(join(tmpdir(), "sluice-push-"));
  const [keyPath, certPath] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = `subjectAltName=DNS:${PUSH_HOST},DNS:updates.push.services.mozilla.com`;
  const command = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext ${names}`;
  execFileSync("openssl", [...command.split(" "), "-keyout", keyPath, "-out", certPath], {
    stdio: "ignore",
  });
  const cert = readFileSync(certPath, "utf8");
  const browsers = new Map<string, FakeBrowser>();
  const pushed: Pushed[] = [];
  const answers: NextAnswer[] = [];
  const faults: string[] = [];
  let asked = 0;
  const server = createServer({ key: readFileSync(keyPath), cert }, (request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked++;
      const next = answers.shift();
      const endpoint = `https://${request.headers.host}${request.url}`;
      const browser = browsers.get(endpoint);
      const end = ({ status, headers = {} }: NextAnswer): void => {
        answer.writeHead(status, headers).end("words that nobody reads");
      };
      if (next !== undefined) return end(next);
      if (browser === undefined) return end({ status: 404 });
      try {
        const body = Buffer.concat(chunks);
        if (body.length > 4_096) return end({ status: 413 });
        const { headers } = request;
        if (request.method !== "POST") throw new Error(`method ${request.method}`);
        if (headers["content-encoding"] !== "aes128gcm") throw new Error("content-encoding");
        if (!/^\d+$/.test(String(headers["ttl"]))) throw new Error("no TTL");
        if (!/^[\w-]{1,32}$/.test(String(headers["topic"]))) throw new Error("topic");
        const claims = checkSender(headers.authorization ?? "");
        const payload = JSON.parse(browser.decrypt(body)) as PushPayload;
        pushed.push({ browser, payload, headers, bytes: body.length, claims });
        end({ status: 201, headers: { location: `${endpoint}/m` } });
      } catch (thrown) {
        faults.push(String(thrown));
        end({ status: 400 });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a TCP port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const network: PushNetwork = { connect: { host: "127.0.0.1", port, ca: cert } };
  return {
    network,
    pushed,
    faults,
    get asked() {
      return asked;
    },
    /** What the next requests are answered, whatever they hold. */
    answerWith: (...next: NextAnswer[]) => void answers.push(...next),
    addBrowser(host?: string): FakeBrowser {
      const browser = new FakeBrowser(host);
      browsers.set(browser.target.endpoint, browser);
      return browser;
    },
    /** The user has taken the permission back. */
    forget: (browser: FakeBrowser) => browsers.delete(browser.target.endpoint),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type PushService = Awaited<ReturnType<typeof openPushService>>;

/** https://www.rfc-editor.org/rfc/rfc8292#section-2 and 3 */
function checkSender(authorization: string): Pushed["claims"] {
  const parts = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
  const [, head = "", body = "", signature = "", key = ""] = parts ?? [];
  const point = Buffer.from(key, "base64url");
  if (point.length !== 65) throw new Error("vapid: key");
  const publicKey = createPublicKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
  });
  const isSigned = verify(
    "sha256",
    Buffer.from(`${head}.${body}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Pushed["claims"];
  const leftSeconds = claims.exp - Date.now() / 1_000;
  if (!isSigned) throw new Error("vapid: signature");
  if (leftSeconds < 0 || leftSeconds > 24 * 3_600) throw new Error("vapid: exp");
  if (!/^https:\/\/[a-z.]+$/.test(claims.aud)) throw new Error(`vapid: aud ${claims.aud}`);
  if (!/^(?:mailto:|https:)/.test(claims.sub)) throw new Error("vapid: sub");
  return claims;
}

function toHmac(key: Buffer, text: Buffer): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
