/**
 * What a program that opens a tunnel must bring.
 *
 * Owns: that shape. Never: starts one (tunnel.ts), or lists them (tools.ts).
 */
import type { TunnelToolName } from "../../api/wire/tunnel-wire.ts";

/** What the tunnel leads to, and what the owner chose. */
export type TunnelWish = {
  /** Ingress on this machine, and nothing else of Sluice: `http://127.0.0.1:8788`. */
  target: string;
  /** A tunnel of the owner's own account, by its name. */
  name?: string | undefined;
  /** The address that it has, where the owner keeps one. */
  url?: string | undefined;
};

/** How one is started, or that the owner runs one to the same place already. */
export type TunnelPlan = { kind: "found"; url: string } | { kind: "start"; args: string[] };

/** What a line of its output says. `asks`: it runs, and waits for the owner. */
export type ToolWord = { kind: "url"; url: string } | { kind: "asks"; reason: string };

/** Runs the program and gives what it prints; rejects where it fails or takes too long. */
export type RunTunnelTool = (args: readonly string[]) => Promise<string>;

export type TunnelTool = {
  name: TunnelToolName;
  /** Whole paths where it is besides PATH. */
  places?: readonly string[];
  install: { darwin: string; other: string };
  /** Whether the address is the same after a restart. */
  isLasting(wish: TunnelWish): boolean;
  /** Why this program cannot do what the owner wants; undefined where it can. */
  refuse(wish: TunnelWish): string | undefined;
  plan(wish: TunnelWish, run: RunTunnelTool): Promise<TunnelPlan>;
  read(line: string, wish: TunnelWish): ToolWord | undefined;
  /** Why it has ended, by the last lines that it printed: what is wrong, and behind a semicolon what to do. */
  explain(tail: string): string | undefined;
  /** Variables of the environment that would change what it does. */
  dropsVariable?(name: string, wish: TunnelWish): boolean;
};

/** Faults by what a program prints before it ends, the telling ones first. */
export type Faults = readonly (readonly [RegExp, string])[];

export function findFault(faults: Faults, tail: string): string | undefined {
  return faults.find(([pattern]) => pattern.test(tail))?.[1];
}
