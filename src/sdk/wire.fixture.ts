/**
 * The way to a platform: over TLS, directly or through a proxy, and broken where a test says so.
 *
 * Owns: what can happen on the way, as a table. Never: the platform, a server without TLS that stands behind it.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createSecureContext,
  getCACertificates,
  setDefaultCACertificates,
  TLSSocket,
} from "node:tls";

/** What becomes of a connection that was accepted. */
type Way = (socket: Socket, wire: Wire) => void;

export type WireFault = {
  name: string;
  /** By a name that only a proxy knows, in place of our own address. */
  isByName?: boolean;
  /** Breaks the way. Returns how to mend it. */
  begin: (wire: Wire) => (() => void | Promise<void>) | Promise<() => void | Promise<void>>;
};

const NAME = "platform.test";

export class Wire {
  readonly #behind: number;
  readonly #certificates: Certificates;
  readonly #sockets = new Set<Socket>();
  readonly children = new Set<ChildProcess>();
  front!: Listener;
  proxy!: Listener;

  private constructor(behind: number, certificates: Certificates) {
    this.#behind = behind;
    this.#certificates = certificates;
  }

  /** `behind` is the platform's port on this machine. */
  static async open(behind: number, certificates: Certificates): Promise<Wire> {
    const wire = new Wire(behind, certificates);
    wire.front = await Listener.open((socket) => wire.#keep(socket), wire, pass);
    wire.proxy = await Listener.open((socket) => wire.#keep(socket), wire, tunnel);
    return wire;
  }

  /** Of the platform, as a channel is told. */
  toRoot({ isByName }: WireFault): string {
    return isByName === true ? `https://${NAME}` : `https://127.0.0.1:${this.front.port}`;
  }

  useProxy(): () => void {
    const before = process.env["https_proxy"];
    process.env["https_proxy"] = `http://127.0.0.1:${this.proxy.port}`;
    return () => {
      if (before === undefined) delete process.env["https_proxy"];
      else process.env["https_proxy"] = before;
    };
  }

  /** Ends TLS, with one of the certificates. */
  secure(socket: Socket, name: keyof Certificates["pems"] = "good"): TLSSocket {
    const { key, cert } = this.#certificates.pems[name];
    const secureContext = createSecureContext({ key, cert });
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    secured.on("error", () => secured.destroy());
    return secured;
  }

  /** A connection to the platform itself. */
  reach(): Socket {
    return this.#keep(connect(this.#behind, "127.0.0.1"));
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** How many connections are open on the way. */
  get openCount(): number {
    return this.#sockets.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([this.front.close(), this.proxy.close()]);
  }
}

/** A port that can be closed, opened again, and told what to do with who comes. */
class Listener {
  readonly #server: Server;
  port = 0;
  way: Way;
  accepted = 0;

  private constructor(keep: (socket: Socket) => void, wire: Wire, way: Way) {
    this.way = way;
    this.#server = createServer((socket) => {
      this.accepted++;
      keep(socket);
      this.way(socket, wire);
    });
  }

  static async open(keep: (socket: Socket) => void, wire: Wire, way: Way): Promise<Listener> {
    const listener = new Listener(keep, wire, way);
    await listener.listen();
    listener.port = (listener.#server.address() as AddressInfo).port;
    return listener;
  }

  listen(): Promise<void> {
    return new Promise((done) => this.#server.listen(this.port, "127.0.0.1", done));
  }

  close(): Promise<void> {
    return new Promise((done) => this.#server.close(() => done()));
  }

  /** Does `way` with whoever comes, until the returned function is called. */
  become(way: Way): () => void {
    const before = this.way;
    this.way = way;
    return () => {
      this.way = before;
    };
  }
}

const pass: Way = (socket, wire) => {
  const [secured, reached] = [wire.secure(socket), wire.reach()];
  secured.pipe(reached).pipe(secured);
  secured.once("close", () => reached.destroy());
};

const tunnel: Way = (socket, wire) => {
  onceData(socket, () => {
    const reached = connect(wire.front.port, "127.0.0.1");
    reached.on("error", () => socket.destroy());
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.pipe(reached).pipe(socket);
    socket.once("close", () => reached.destroy());
    reached.once("close", () => socket.destroy());
  });
};

/** Carries the request out, and then does this with the answer. */
const answer =
  (what: (socket: Socket, secured: TLSSocket, bytes: Buffer) => void): Way =>
  (socket, wire) => {
    const [secured, reached] = [wire.secure(socket), wire.reach()];
    secured.pipe(reached);
    secured.once("close", () => reached.destroy());
    onceData(reached, (bytes) => what(socket, secured, bytes));
  };

/** Plays a true server's part of a handshake up to its first bytes, and then does this. */
const halfway =
  (what: (socket: Socket) => void): Way =>
  (socket, wire) => {
    const inner = createServer((one) => void wire.secure(one));
    inner.listen(0, "127.0.0.1", () => {
      const reached = connect((inner.address() as AddressInfo).port, "127.0.0.1");
      reached.on("error", () => reached.destroy());
      inner.close();
      socket.pipe(reached);
      socket.once("close", () => reached.destroy());
      onceData(reached, (bytes) => socket.write(bytes.subarray(0, 100), () => what(socket)));
    });
  };

const say =
  (words: string): Way =>
  (socket) =>
    onceData(socket, () => socket.end(words));

function onceData(socket: Socket, then: (bytes: Buffer) => void): void {
  socket.once("data", then);
}

const reset = (socket: Socket): void => void socket.resetAndDestroy();
/** What is not read would not be known to have ended. */
const nothing = (socket: Socket): void => void socket.resume();

/** On the way there: the platform has not been told anything. */
export const BEFORE: readonly WireFault[] = [
  ...atFront({
    "is reset as it is made": reset,
    "is closed as it is made": (socket) => socket.resume().end(),
    "is accepted and nothing is said": nothing,
    "is reset behind the first words of the handshake": (socket) =>
      onceData(socket, () => reset(socket)),
    "is closed behind the first words of the handshake": (socket) =>
      onceData(socket, () => socket.end()),
    "is reset halfway through the handshake": halfway(reset),
    "stops halfway through the handshake": halfway(nothing),
    "is answered in plain HTTP": say("HTTP/1.1 302 Found\r\nLocation: http://portal.test/\r\n\r\n"),
    "is answered in another protocol": say("SSH-2.0-OpenSSH_9.6\r\n"),
    "meets a certificate that nobody vouches for": (socket, wire) =>
      void wire.secure(socket, "unknown"),
    "meets a good certificate of another name": (socket, wire) => void wire.secure(socket, "other"),
  }),
  {
    name: "is refused",
    begin: async ({ front }) => {
      await front.close();
      return () => front.listen();
    },
  },
  { name: "is not accepted: the queue of who waits is full", begin: becomeDeaf },
  {
    name: "finds no address by the name",
    isByName: true,
    begin: (wire) => () => void wire.useProxy(),
  },
  ...atProxy({
    "is refused by a proxy with 403": say("HTTP/1.1 403 Forbidden\r\n\r\n"),
    "is refused by a proxy with 407": say(
      "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nwho?",
    ),
    "is refused by a proxy with 502": say("HTTP/1.1 502 Bad Gateway\r\n\r\n"),
    "is refused by a proxy with 503": say("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
    "is redirected by a proxy": say("HTTP/1.1 302 Found\r\nLocation: http://portal.test/\r\n\r\n"),
    "is reset by a proxy": (socket) => onceData(socket, () => reset(socket)),
    "is closed by a proxy": (socket) => onceData(socket, () => socket.end()),
    "is accepted by a proxy that says nothing": nothing,
    "is reset in the tunnel of a proxy": (socket) =>
      onceData(socket, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        onceData(socket, () => reset(socket));
      }),
    "stops in the tunnel of a proxy": (socket) =>
      onceData(socket, () => void socket.write("HTTP/1.1 200 OK\r\n\r\n")),
    "meets the certificate of a portal in the tunnel of a proxy": (socket, wire) =>
      onceData(socket, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n", () => void wire.secure(socket, "unknown"));
      }),
  }),
  {
    name: "finds no proxy",
    isByName: true,
    begin: async (wire) => {
      wire.useProxy();
      await wire.proxy.close();
      return () => wire.proxy.listen();
    },
  },
];

/** On the way back, or later: the platform has done what it was asked. */
export const AFTER: readonly WireFault[] = [
  ...atFront({
    "is reset before the answer": answer(reset),
    "is closed before the answer": answer((_socket, secured) => secured.end()),
    "brings no answer": answer(nothing),
    "brings half an answer and is reset": answer((socket, secured, bytes) =>
      // A reset at once would take the half answer back.
      secured.write(bytes.subarray(0, bytes.length - 5), () => setTimeout(reset, 50, socket)),
    ),
    "brings half an answer and no more": answer(
      (_socket, secured, bytes) => void secured.write(bytes.subarray(0, bytes.length - 5)),
    ),
    "brings half a head": answer((_socket, secured) => secured.end("HTTP/1.1 200 OK\r\nContent-")),
    "brings no HTTP": answer((_socket, secured) => secured.end("nonsense\r\n\r\n")),
  }),
  {
    name: "is reset before the answer, in the tunnel of a proxy",
    isByName: true,
    begin: (wire) => {
      wire.useProxy();
      return wire.front.become(answer(reset));
    },
  },
];

function atFront(ways: Record<string, Way>): WireFault[] {
  return Object.entries(ways).map(([name, way]) => ({
    name,
    begin: ({ front }) => front.become(way),
  }));
}

function atProxy(ways: Record<string, Way>): WireFault[] {
  return Object.entries(ways).map(([name, way]) => ({
    name,
    isByName: true,
    begin: (wire) => {
      wire.useProxy();
      return wire.proxy.become(way);
    },
  }));
}

/** A stopped process in the front's place: as long as it sleeps, the system's queue takes a few and lets all others wait. */
async function becomeDeaf({ front, children }: Wire): Promise<() => Promise<void>> {
  await front.close();
  const script = `require("net").createServer().listen({ port: ${front.port}, host: "127.0.0.1", backlog: 1 }, () => console.log("up"))`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "ignore"] });
  children.add(child);
  await new Promise((done) => child.stdout.once("data", done));
  child.kill("SIGSTOP");
  const waiting: Socket[] = [];
  for (let isFull = false; !isFull;) {
    const socket = connect(front.port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    waiting.push(socket);
    isFull = await new Promise<boolean>((done) => {
      const timer = setTimeout(() => done(true), 200);
      socket.once("connect", () => {
        clearTimeout(timer);
        done(false);
      });
    });
  }
  return async () => {
    const ended = new Promise((done) => child.once("exit", done));
    for (const socket of waiting) socket.destroy();
    child.kill("SIGKILL");
    await ended;
    await front.listen();
  };
}

/** Certificates of one test file, of which this process trusts all but `unknown`. */
export class Certificates {
  readonly pems: Record<"good" | "other" | "unknown", { key: string; cert: string }>;
  readonly #before = getCACertificates("default");

  /** `more` is a name of the platform, besides our own. */
  constructor(more = NAME) {
    const folder = mkdtempSync(join(tmpdir(), "sluice-wire-"));
    const make = (names: string) => {
      const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      const command = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext subjectAltName=${names}`;
      execFileSync("openssl", [...command.split(" "), "-keyout", key, "-out", cert], {
        stdio: "ignore",
      });
      return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
    };
    this.pems = {
      good: make(`IP:127.0.0.1,DNS:${NAME},DNS:${more}`),
      other: make("DNS:portal.test"),
      unknown: make(`IP:127.0.0.1,DNS:${NAME},DNS:${more}`),
    };
    rmSync(folder, { recursive: true });
    const { good, other } = this.pems;
    setDefaultCACertificates([...this.#before, good.cert, other.cert]);
  }

  [Symbol.dispose](): void {
    setDefaultCACertificates(this.#before);
  }
}
