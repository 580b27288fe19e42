/**
 * The kinds of channel there are: those with code of their own, and one for each sender of the catalogue. A kind that nobody configured is
 * not loaded.
 */
import { loadSender, SENDER_KINDS } from "../../catalogue/senders.ts";
import type { ChannelDefinition } from "../../sdk/channel.ts";
import { SluiceError } from "../../sdk/errors.ts";

const CATALOGUE: Record<string, () => Promise<ChannelDefinition>> = {
  webhook: async () => (await import("../../channels/webhook/index.ts")).webhook,
  github: async () => (await import("../../channels/github/index.ts")).github,
  telegram: async () => (await import("../../channels/telegram/index.ts")).telegram,
  discord: async () => (await import("../../channels/discord/index.ts")).discord,
  slack: async () => (await import("../../channels/slack/index.ts")).slack,
  whatsapp: async () => (await import("../../channels/whatsapp/index.ts")).whatsapp,
  ntfy: async () => (await import("../../channels/ntfy/index.ts")).ntfy,
  imessage: async () => (await import("../../channels/imessage/index.ts")).imessage,
  email: async () => (await import("../../channels/email/index.ts")).email,
  chat: async () => (await import("../../channels/chat/index.ts")).chat,
  jobs: async () => (await import("../../channels/jobs/index.ts")).jobs,
  file: async () => (await import("../../channels/watchers/file/index.ts")).file,
  process: async () => (await import("../../channels/watchers/process/index.ts")).processKind,
  page: async () => (await import("../../channels/watchers/page/index.ts")).pageKind,
  feed: async () => (await import("../../channels/watchers/feed/index.ts")).feed,
  command: async () => (await import("../../channels/watchers/command/index.ts")).command,
  "mcp-events": async () => (await import("../../channels/mcp-events/index.ts")).mcpEvents,
  timer: async () => (await import("../../channels/watchers/timer/index.ts")).timer,
};

/** With code of their own. */
export const OWN_KINDS: readonly string[] = Object.keys(CATALOGUE);
export const CHANNEL_KINDS: readonly string[] = [...new Set([...OWN_KINDS, ...SENDER_KINDS])];

/** As it is with these settings. @throws SluiceError `not_found` that lists the kinds there are. */
export async function loadDefinition(
  kind: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ChannelDefinition> {
  const definition = await loadWhole(kind);
  return definition.forSettings?.(settings) ?? definition;
}

/** The settings as they count with these secrets. @throws SluiceError `not_found`. */
export async function settleSettings<S extends Readonly<Record<string, string>> | undefined>(
  kind: string,
  settings: S,
  {
    secret,
    secrets = {},
  }: { secret?: string | undefined; secrets?: Readonly<Record<string, string>> | undefined },
): Promise<S | Readonly<Record<string, string>>> {
  const { settle } = await loadWhole(kind);
  return settle === undefined ? settings : settle(settings ?? {}, secret, secrets);
}

async function loadWhole(kind: string): Promise<ChannelDefinition> {
  const load = Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind] : undefined;
  if (load !== undefined) return load();
  const sender = await loadSender(kind);
  if (sender !== undefined) return (await import("../../catalogue/kind.ts")).toKind(sender);
  throw new SluiceError(
    "not_found",
    `no channel kind "${kind}"; there are: ${CHANNEL_KINDS.join(", ")}`,
  );
}

/** Whether a channel of this kind runs programs of this machine. @throws SluiceError `not_found`. */
export async function runsPrograms(
  kind: string,
  settings: Readonly<Record<string, string>>,
): Promise<boolean> {
  return (await loadDefinition(kind)).runsPrograms?.(settings) === true;
}
