/**
 * The public address, as `sluice up` and `sluice add` are asked for it.
 *
 * Owns: choosing the program, waiting until the address stands, and the words for it. Never: runs a tunnel (the hub does).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { read } from "../../api/client/client.ts";
import {
  TUNNEL_TOOL_NAMES,
  type TunnelRequest,
  tunnelSchema,
  type TunnelView,
} from "../../api/wire/tunnel-wire.ts";
import { TUNNEL_TOOLS, toInstallLine } from "../../hub/tunnel/tools.ts";
import type { TunnelTool } from "../../hub/tunnel/tool.ts";
import { findProgram } from "../../local/find-program.ts";
import { isSluiceError, SluiceError } from "../../sdk/errors.ts";
import { isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import { option } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask, callHub, withHub } from "../hub.ts";
import { paint, printNote, toLine } from "../output/print.ts";

const POLL_MS = 250;
/** Of an address that nothing comes back from yet: names that were just made need their time. */
const PROOF_MS = 15_000;
const START_MS = 60_000;
/** A person opens a page in the browser and allows it. */
const ALLOW_MS = 300_000;

export const TUNNEL_ARGS = {
  tunnel: {
    type: "enum" as const,
    options: ["auto", ...TUNNEL_TOOL_NAMES, "off"],
    bare: "auto",
    description:
      "Have the hub open a tunnel, so that senders elsewhere reach ingress (and nothing else of this machine), and keep it open from now on; without a value the first of these that is installed",
  },
  "tunnel-name": option("name", "With --tunnel cloudflared: a named tunnel of your account"),
  "tunnel-url": option(
    "https-url",
    "The address that your named tunnel or ngrok domain has; without --tunnel, that of a tunnel or proxy that you run yourself",
  ),
};

export type TunnelFlags = {
  tunnel?: string | undefined;
  "tunnel-name"?: string | undefined;
  "tunnel-url"?: string | undefined;
};

/** Null: none from now on. Undefined: it was not asked for, or the one that there is does. @throws SluiceError `unsupported`, `bad_input`. */
export async function readTunnel(flags: TunnelFlags): Promise<TunnelRequest | null | undefined> {
  const { tunnel, "tunnel-name": name, "tunnel-url": given } = flags;
  const url = given?.replace(/\/+$/, "");
  if (tunnel === undefined && name !== undefined)
    throw toUsageFault("--tunnel-name goes with --tunnel cloudflared");
  if (tunnel === "off") {
    if (name !== undefined || url !== undefined)
      throw toUsageFault("--tunnel off takes no --tunnel-name and no --tunnel-url");
    return null;
  }
  if (tunnel === undefined) return url === undefined ? undefined : parse({ by: "own", url });
  if (tunnel === "auto" && name === undefined && url === undefined) {
    const known = await ask((api) => api.tunnel.$get());
    if (known !== null && known.state !== "down") return undefined;
  }
  const { tool, program } = chooseTool(tunnel);
  return parse({
    by: tool.name,
    program,
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
  });
}

function parse(request: TunnelRequest): TunnelRequest {
  const parsed = tunnelSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const flag = issue?.path[0] === "name" ? "--tunnel-name" : "--tunnel-url";
  throw toUsageFault(`${flag} ${issue?.message ?? "has a wrong shape"}`);
}

function chooseTool(wanted: string): { tool: TunnelTool; program: string } {
  const found = TUNNEL_TOOLS.flatMap((tool) => {
    const program = findProgram(tool.name, process.env, tool.places);
    return program === undefined ? [] : [{ tool, program }];
  });
  const chosen = wanted === "auto" ? found[0] : found.find(({ tool }) => tool.name === wanted);
  if (chosen !== undefined) return chosen;
  const missing = TUNNEL_TOOLS.filter(({ name }) => wanted === "auto" || name === wanted);
  const lines = missing.map((tool) => `  ${tool.name}: ${toInstallLine(tool)}`);
  const others =
    found.length === 0 || wanted === "auto"
      ? ""
      : `\nInstalled is: ${found.map(({ tool }) => tool.name).join(", ")}`;
  throw new SluiceError(
    "unsupported",
    `${wanted === "auto" ? "no program for a tunnel is" : `${wanted} is not`} installed; nothing was changed. Install${missing.length > 1 ? " one of them" : ""}:\n${lines.join("\n")}${others}`,
  );
}

/**
 * Has the hub open it, and waits until it stands and a request from outside has come back. One that does not come up is taken back, and one
 * that was not reached as well where the earlier one was.
 * @throws SluiceError `unsupported` with what its owner has to do.
 */
export async function openTunnel(tunnel: TunnelRequest | null): Promise<TunnelView | undefined> {
  const caller = readCallerFacts();
  const before = await ask((api) => api.tunnel.$get());
  await ask((api) => api.tunnel.$put({ json: { caller, tunnel } }));
  if (tunnel === null) return undefined;
  try {
    const view = await waitForTunnel();
    if (view?.state === "unproven" && before?.state === "up")
      throw new SluiceError("unsupported", `no public address: ${view.reason ?? "unknown"}`);
    return view;
  } catch (thrown) {
    const earlier = await putTunnelBack();
    if (earlier === undefined || !isSluiceError(thrown)) throw thrown;
    const name = earlier.by === "own" ? "your own" : earlier.by;
    throw new SluiceError(
      thrown.code,
      `${thrown.message}; the earlier tunnel (${name}) is put back`,
      { cause: thrown },
    );
  }
}

/** What there was before `openTunnel`; undefined where there was none. */
export async function putTunnelBack(): Promise<TunnelView | undefined> {
  const json = { caller: readCallerFacts(), tunnel: "earlier" as const };
  return (await callHub((api) => read(api.tunnel.$put({ json })))) ?? undefined;
}

/** The tunnel that there is, once it stands; undefined where there is none. */
export async function waitForTunnel(): Promise<TunnelView | undefined> {
  const mayAllow = isAtTerminal(readCallerFacts());
  const startedAt = Date.now();
  let addressAt: number | undefined;
  let said = "";
  const say = (text: string): void => {
    if (text !== said) printNote(text);
    said = text;
  };
  return withHub(async (api) => {
    for (;;) {
      const view = await read(api.tunnel.$get());
      if (view === null) return undefined;
      const { by, state, url, reason = "unknown", pid } = view;
      const waited = Date.now() - startedAt;
      if (state === "up") return view;
      if (url !== undefined) {
        addressAt ??= Date.now();
        say(`${by === "own" ? "" : `${by} gave `}${url}; checking it from outside`);
      }
      // One of the owner's own stood before: no name in it is new.
      const isTried = by === "own" || Date.now() - (addressAt ?? Date.now()) >= PROOF_MS;
      if (state === "unproven" && isTried) return view;
      const asksOwner = state === "down" && pid !== undefined;
      if (asksOwner && mayAllow) say(reason);
      const limitMs = asksOwner && mayAllow ? ALLOW_MS : START_MS;
      if ((state === "down" && !(asksOwner && mayAllow)) || waited >= limitMs)
        throw new SluiceError(
          "unsupported",
          `no public address: ${state === "starting" ? `${by} has given none in ${limitMs / 1_000} s` : reason}`,
        );
      await sleep(POLL_MS);
    }
  });
}

/** For people, once it was opened. */
export function renderTunnel(view: TunnelView): string[] {
  const { by, state, url = "", reason, isLasting, isFound } = view;
  const who = by === "own" ? "yours" : isFound === true ? `${by}, which runs already` : by;
  const proof =
    state === "up"
      ? paint("green", "reached from outside")
      : paint("yellow", `not reached from outside yet: ${toLine(reason ?? "unknown")}`);
  return [
    `tunnel   ${toLine(url)} (${who}), ${proof}`,
    ...(isLasting
      ? []
      : [
          "         A restart of it brings another address: hooks that Sluice makes follow by themselves, other senders need the new URL.",
        ]),
  ];
}
