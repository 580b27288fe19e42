/** Names with several addresses, of which some are dead and one is slow: real sockets on this machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket, type LookupFunction, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, type TestContext } from "vitest";
import { request } from "./request.ts";

/** A server in a process that sleeps: the system takes no more connections for it, as if the packets were lost on the way. */
class SlowHost {
  readonly #child: ChildProcess;
  readonly #waiting: Socket[] = [];
  port = 0;

  private constructor(child: ChildProcess, onTestFinished: TestContext["onTestFinished"]) {
    this.#child = child;
    onTestFinished(() => {
      for (const socket of this.#waiting) socket.destroy();
      child.kill("SIGKILL");
    });
  }

  static async open({ onTestFinished }: TestContext, address: string, port = 0): Promise<SlowHost> {
    const script = `require("http").createServer((_, answer) => answer.end("it is ${address}"))
      .listen({ port: ${port}, host: "${address}", backlog: 1 }, function () { console.log(this.address().port) })`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "ignore"] });
    const host = new SlowHost(child, onTestFinished);
    const [said] = (await once(child.stdout as NodeJS.EventEmitter, "data")) as [Buffer];
    host.port = Number(said.toString());
    return host;
  }

  async sleep(address: string): Promise<void> {
    this.#child.kill("SIGSTOP");
    for (let isFull = false; !isFull;) {
      const socket = connectSocket(this.port, address);
      socket.on("error", () => socket.destroy());
      this.#waiting.push(socket);
      isFull = await Promise.race([
        once(socket, "connect").then(() => false),
        sleep(300).then(() => true),
      ]);
    }
  }

  wake(): void {
    this.#child.kill("SIGCONT");
  }
}

const toLookup =
  (...addresses: string[]): LookupFunction =>
  (_name, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

// Side by side: each waits for the system to send once more what was not taken. Nobody listens at [::1]; 192.0.2.1 and 2001:db8::1 belong to nobody.
describe.concurrent("a name with several addresses:", () => {
  test.for([
    ["before a dead IPv6 address", ["127.0.0.1", "::1"]],
    ["behind a dead IPv6 address", ["::1", "127.0.0.1"]],
    ["before addresses without a way", ["127.0.0.1", "2001:db8::1", "2001:db8::2"]],
    ["behind addresses without a way", ["2001:db8::1", "2001:db8::2", "127.0.0.1"]],
    ["before addresses that say nothing", ["127.0.0.1", "192.0.2.1", "192.0.2.2"]],
    ["alone", ["127.0.0.1"]],
  ] as const)(
    "CONNECT-1: an IPv4 address whose handshake takes longer than 600 ms is reached, %s",
    async ([, addresses], context) => {
      const host = await SlowHost.open(context, "127.0.0.1");
      await host.sleep("127.0.0.1");
      const asked = request(`http://dual.test:${host.port}/`, { lookup: toLookup(...addresses) });
      await sleep(600);
      host.wake();
      const { status, body } = await asked;
      expect(`${status} ${body.toString()}`).toBe("200 it is 127.0.0.1");
    },
  );

  test("CONNECT-1: an address that never answers keeps nobody from the one that does", async (context) => {
    const dead = await SlowHost.open(context, "127.0.0.2");
    await dead.sleep("127.0.0.2");
    await SlowHost.open(context, "127.0.0.1", dead.port);
    for (const addresses of [
      ["127.0.0.2", "127.0.0.1"],
      ["127.0.0.2", "127.0.0.2", "::1", "127.0.0.2", "127.0.0.1"],
    ]) {
      const lookup = toLookup(...addresses);
      const { body } = await request(`http://dual.test:${dead.port}/`, { lookup });
      expect(body.toString()).toBe("it is 127.0.0.1");
    }
  });

  test("CONNECT-3: where no address answers, the fault tells what was met, and ends in time", async (context) => {
    const host = await SlowHost.open(context, "127.0.0.1");
    const url = `http://dual.test:${host.port}/`;
    await expect(
      request(url, { lookup: toLookup("2001:db8::1", "::1", "2001:db8::2") }),
    ).rejects.toThrow(/no connection \((ECONNREFUSED|EADDRNOTAVAIL)\)/);
    await host.sleep("127.0.0.1");
    await expect(
      request(url, { lookup: toLookup("127.0.0.1", "::1"), connectMs: 500 }),
    ).rejects.toThrow("no connection in 1 s");
    await expect(request(url, { lookup: toLookup() })).rejects.toThrow("no connection (ENOTFOUND)");
  });
});
