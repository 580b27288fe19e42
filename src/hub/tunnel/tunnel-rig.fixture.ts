/**
 * A tunnel with real processes of the fakes, a clock that a test moves, and an outside that a test answers for.
 *
 * Owns: their folder. Never: replaces a part of the tunnel itself.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { TunnelRequest, TunnelView } from "../../api/wire/tunnel-wire.ts";
import { toHome } from "../../local/home.ts";
import type { Clock } from "../../sdk/clock.ts";
import type { Reached } from "./outside-check.ts";
import { Tunnel } from "./tunnel.ts";

export const FAKES = fileURLToPath(new URL("../../../test/fakes/tunnels", import.meta.url));

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Fires in order what is due by then. */
export class MovedClock implements Clock {
  #now = Date.UTC(2026, 10, 30);
  #due: { at: number; action: () => void }[] = [];
  now = (): number => this.#now;

  after(delayMs: number, action: () => void): () => void {
    const one = { at: this.#now + delayMs, action };
    this.#due.push(one);
    return () => {
      this.#due = this.#due.filter((other) => other !== one);
    };
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = end;
  }

  /** The machine sleeps: its timers sleep with it. */
  sleep(ms: number): void {
    this.#now += ms;
    this.#due = this.#due.map((one) => ({ ...one, at: one.at + ms }));
  }
}

export async function until<T>(look: () => T | undefined | false, what: string): Promise<T> {
  for (let tries = 0; tries < 1_500; tries++) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await sleep(20);
  }
  throw new Error(`did not happen: ${what}`);
}

export type Rig = {
  fakes: string;
  clock: MovedClock;
  tunnel: Tunnel;
  home: ReturnType<typeof toHome>;
  addresses: [url: string, before: string | undefined][];
  told: { publicUrl: string | undefined };
  reached: { answer: Reached; asked: number; wait?: Promise<void> };
  ingress: { url: string; asksForCertificates: boolean };
  set(name: string, text: string): void;
  /** Of each start of a program. */
  readArgs(tool: string): string[];
  open(tool: TunnelRequest["by"], more?: Partial<TunnelRequest>): Promise<void>;
  state(state: TunnelView["state"]): Promise<TunnelView>;
  /** Another hub of the same home. */
  again(): Tunnel;
};

export function openRig(): Rig {
  const folder = mkdtempSync(join(tmpdir(), "sluice-tunnel-"));
  const home = toHome(join(folder, "home"));
  mkdirSync(home.path, { mode: 0o700 });
  const fakes = join(folder, "fakes");
  mkdirSync(fakes);
  const clock = new MovedClock();
  const told: Rig["told"] = { publicUrl: undefined };
  const reached: Rig["reached"] = { answer: { kind: "us" }, asked: 0 };
  const addresses: Rig["addresses"] = [];
  const ingress = {
    url: "http://127.0.0.1:8788",
    asksForCertificates: false,
    requirePort: async () => 8788,
    tellPublicUrl: (url: string | undefined) => void (told.publicUrl = url),
  };
  const env = { PATH: process.env["PATH"], SLUICE_TEST_FAKES: fakes, TUNNEL_URL: "http://other" };
  const outside = {
    run: async () => {
      reached.asked++;
      await reached.wait;
      return reached.answer;
    },
  };
  const again = (): Tunnel => {
    const tunnel = new Tunnel({ home, env, clock, log: quiet, ingress, outside });
    tunnel.onUrl((url, before) => addresses.push([url, before]));
    onTestFinished(() => tunnel.close());
    return tunnel;
  };
  const tunnel = again();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    fakes,
    clock,
    tunnel,
    home,
    addresses,
    told,
    reached,
    ingress,
    set: (name, text) => writeFileSync(join(fakes, name), text),
    readArgs(tool) {
      const path = join(fakes, `${tool}.args`);
      return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
    },
    open: async (by, more = {}) => {
      const program = by === "own" ? {} : { program: join(FAKES, by) };
      await tunnel.change({ by, ...program, ...more });
    },
    state: (state) =>
      until(
        () => (tunnel.view?.state === state ? tunnel.view : undefined),
        `${state}; it is ${JSON.stringify(tunnel.view)}`,
      ),
    again,
  };
}
