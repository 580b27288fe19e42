/**
 * Prompts in the hub: the door of stage 10 with what it is given, and its settings.
 *
 * Owns: what config.json says of prompts. Never: decides one (flow/prompt.ts).
 */
import type { Home } from "../api/home.ts";
import type { AccessBook } from "../flow/access-book.ts";
import type { Delivery } from "../flow/deliver.ts";
import { Prompts } from "../flow/prompt.ts";
import { realDisk } from "../flow/prompt/risk/disk.ts";
import { DEFAULT_PROJECT_COMMANDS } from "../flow/prompt/risk/project-commands.ts";
import type { UnattendedSettings } from "../flow/prompt/unattended.ts";
import type { Clock } from "../sdk/clock.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import type { Database } from "../store/database.ts";
import { listPromptRules } from "../store/prompt-rules.ts";
import { type HubConfig, readConfig } from "./config.ts";

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

export type HubPromptsOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  home: Home;
  delivery: Delivery;
  book: AccessBook;
  notifyOwner: (text: string) => void;
  /** Somebody has typed a prompt at a session. */
  typed: () => void;
};

export function openPrompts(options: HubPromptsOptions): Prompts {
  const { db, clock, log, home, delivery, book, notifyOwner, typed } = options;
  return new Prompts({
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
      book.readRoles(channel, account, senderId).includes("approver"),
    note: (actor, action, detail) => book.note(actor, action, detail),
    notifyOwner,
    typed,
  });
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
