/**
 * Prompts in the hub: opens stage 10 with its options and settings.
 *
 * Owns: the settings of prompts in config.json. Never: decides one (flow/prompt/prompt.ts).
 */
import type { Home } from "../local/home.ts";
import type { Delivery } from "../flow/deliver/deliver.ts";
import { Prompts } from "../flow/prompt/prompt.ts";
import { Away } from "../flow/prompt/notify/away.ts";
import { realDisk } from "../flow/prompt/risk/disk.ts";
import { DEFAULT_PROJECT_COMMANDS } from "../flow/prompt/risk/project-commands.ts";
import type { UnattendedSettings } from "../flow/prompt/unattended.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import { listPromptRules } from "../store/prompts/prompt-rules.ts";
import type { HubAccess } from "./access.ts";
import { type HubConfig, readConfig } from "./settings/config.ts";
import type { Core } from "./core.ts";

export type PromptSettings = UnattendedSettings & {
  /** How long a prompt is left to whoever sits at the terminal before chats and phones hear of it. */
  afterMs: number;
  /** Without a typed prompt or a local answer for so long, the user is away. */
  idleMs: number;
  /** Word for word; they run code of the session's folder. */
  projectCommands: readonly string[];
};

const MINUTE_MS = 60_000;
const DEFAULTS = { expireAfterMs: 10 * MINUTE_MS, afterMs: 20_000, idleMs: 10 * MINUTE_MS };

export type PromptsNeeds = {
  delivery: Pick<Delivery, "leases" | "onLost">;
  access: Pick<HubAccess, "policy" | "notifyOwner">;
  away: Pick<Away, "noteHere">;
};

export function openAway(
  { db, clock, log, home }: Core,
  { access: { policy } }: Pick<PromptsNeeds, "access">,
): Away {
  return new Away({
    db,
    clock,
    readIdleMs: () => readPromptSettings(home, log).idleMs,
    note: (actor, action, detail) => policy.note(actor, action, detail),
  });
}

export function openPrompts({ db, clock, log, home }: Core, needs: PromptsNeeds): Prompts {
  const { delivery, access, away } = needs;
  const { policy, notifyOwner } = access;
  const prompts = new Prompts({
    db,
    clock,
    log,
    leases: delivery.leases,
    readSettings: () => readPromptSettings(home, log),
    readRules: () => listPromptRules(db, clock.now()),
    disk: realDisk,
    readProjectCommands: () => readPromptSettings(home, log).projectCommands,
    isApprover: ({ channel, account = "", senderId }) =>
      channel !== undefined &&
      senderId !== undefined &&
      policy.readRoles(channel, account, senderId).includes("approver"),
    note: (actor, action, detail) => policy.note(actor, action, detail),
    notifyOwner,
    // Somebody has typed at a session.
    typed: () => away.noteHere(),
  });
  delivery.onLost((attachment, reason) => prompts.lost(attachment, reason));
  return prompts;
}

/**
 * The defaults where the file cannot be read: doctor tells of the file, and a prompt must not wait for it. But no command of a project: its
 * owner may have listed none.
 */
export function readPromptSettings(home: Home, log: Logger): PromptSettings {
  try {
    return toPromptSettings(readConfig(home.config).prompts);
  } catch (thrown) {
    log.warn({ error: toMessage(thrown) }, "the settings of prompts cannot be read");
    return { ...toPromptSettings(undefined), projectCommands: [] };
  }
}

/** For the owner, who asks what holds. @throws SluiceError `bad_config`: then none does. */
export function readProjectCommands(home: Home): readonly string[] {
  return toPromptSettings(readConfig(home.config).prompts).projectCommands;
}

function toPromptSettings(set: HubConfig["prompts"]): PromptSettings {
  const { expireAfterMs, afterMs, idleMs } = DEFAULTS;
  return {
    expireAfterMs: set?.expireAfterMs ?? expireAfterMs,
    afterMs: set?.afterMs ?? afterMs,
    idleMs: set?.idleMs ?? idleMs,
    policy: set?.unattended,
    projectCommands: set?.projectCommands ?? DEFAULT_PROJECT_COMMANDS,
  };
}
