/**
 * What a person reads before code of a channel is added or changed.
 *
 * Owns: those lines. Never: leaves out what the code will be able to do.
 */
import { type KeptPackage, type Manifest, openKeptCode } from "../../hub/authored/kept-code.ts";
import type { Home } from "../../local/home.ts";
import type { ChatOutline } from "../../sdk/author/chat.ts";
import type { ChannelOutline, SourceOutline } from "../../sdk/author/describe.ts";
import { paint, toLine } from "../output/print.ts";
import type { NewCode } from "./prepare.ts";

const MAX_SHOWN = 20;
const MAX_TOOL_CHARS = 600;
/** All that a channel may say (sdk/author/define.ts). */
const MAX_TOLD_CHARS = 2_000;

/** What the packages of the running code are. */
export async function readKeptPackages(
  home: Home,
  name: string,
  digest: string,
): Promise<readonly KeptPackage[]> {
  return (await openKeptCode(home, name, digest)).manifest.packages;
}

export function renderNewCode({ manifest, digest }: NewCode, name: string): string[] {
  const { outline, from } = manifest;
  return [
    `${paint("bold", toLine(outline.title))}, as channel ${paint("bold", toLine(name))} (kind ${toLine(outline.kind)})`,
    ...(outline.description === outline.title ? [] : [`  ${toLine(outline.description)}`]),
    `  from          ${toLine(from)}`,
    ...renderOrigin(manifest),
    `  digest        ${digest.slice(0, 16)}… (SHA-256 of all its files)`,
    ...renderFiles(manifest),
    ...renderPackages(manifest.packages),
    "",
    "It will be able to:",
    ...renderAbilities(outline).map((line) => `  - ${line}`),
    ...renderSecrets(outline.secrets),
    "",
  ];
}

function renderOrigin({ from, packages }: Manifest): string[] {
  const own = packages.find((one) => from.startsWith(`npm:${one.name}@`));
  if (own === undefined) return [];
  return [
    `  version       ${toLine(own.version)}`,
    `  integrity     ${toLine(own.integrity ?? "none: it did not come from a registry")}`,
  ];
}

function renderFiles({ local }: Manifest): string[] {
  if (local.length === 0) return [];
  const shown = local.slice(0, MAX_SHOWN).map((path) => `                ${toLine(path)}`);
  const more =
    local.length > MAX_SHOWN ? [`                and ${local.length - MAX_SHOWN} more`] : [];
  return [`  files         ${local.length}:`, ...shown, ...more];
}

export function renderPackages(packages: readonly KeptPackage[]): string[] {
  if (packages.length === 0) return [];
  const shown = packages
    .slice(0, MAX_SHOWN)
    .map(({ name, version }) => `                ${toLine(name)} ${toLine(version)}`);
  const more =
    packages.length > MAX_SHOWN ? [`                and ${packages.length - MAX_SHOWN} more`] : [];
  return [`  packages      ${packages.length}:`, ...shown, ...more];
}

function renderAbilities(outline: ChannelOutline): string[] {
  const { sources, tools, reply, permission, instructions, chat } = outline;
  return [
    ...sources.map(renderSource),
    "use the network, without asking, for as long as it is a channel",
    ...(reply === "handler" ? ["carry your session's replies out, and read them"] : []),
    ...(reply === "stream" ? ["have replies read on its stream, with a listen token"] : []),
    ...(chat === undefined ? [] : renderChat(chat)),
    ...tools.map(
      ({ name, description }) =>
        `offer your session the tool ${toLine(name)}: ${toShown(description, MAX_TOOL_CHARS)}`,
    ),
    // Your session reads them as its own.
    ...(instructions === "" ? [] : [`tell your session: ${toShown(instructions, MAX_TOLD_CHARS)}`]),
    ...(permission
      ? [
          "show permission prompts of your sessions to people whom you make approvers on it, and bring their answers: its code can answer for them",
        ]
      : []),
  ];
}

function renderChat({ acts }: ChatOutline): string[] {
  const words = {
    edit: "change messages that it has sent",
    react: "react to messages",
    typing: "show that a session works",
    mark: "show people how far their messages got",
    download: "fetch files that people send, which your session may open",
  };
  return acts.map((act) => words[act]);
}

/** What is not shown is said to be there. */
function toShown(text: string, max: number): string {
  const line = toLine(text);
  if (line.length <= max) return line;
  return `${line.slice(0, max)}… (${line.length - max} more characters, which your session reads)`;
}

function renderSource(source: SourceOutline): string {
  if (source.type !== "webhook") {
    const words = {
      service: "bring events over a connection of its own",
      observe: "bring events of what it watches",
      schedule: "bring events by the clock",
    };
    return `${words[source.type]} (${source.name})`;
  }
  const { proof, name } = source;
  const how = {
    scheme: `proved by ${proof.kind === "scheme" ? `${toLine(proof.scheme)} with ${proof.secrets.map(toLine).join(", ")}` : ""}`,
    made: "proved by a token that Sluice makes",
    local: "without any proof, from programs on this machine",
    own: "proved by code of its own: unproved requests reach that code",
  }[proof.kind];
  return `receive webhooks (${toLine(name)}), ${how}`;
}

function renderSecrets(secrets: readonly string[]): string[] {
  if (secrets.length === 0) return ["  - know no secret but those it has in its code"];
  return [`  - know these secrets, which you give it: ${secrets.map(toLine).join(", ")}`];
}
