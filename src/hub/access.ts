/**
 * Connects the parts of access: the policy, its administration and pairing; and notifies owners of changes.
 *
 * Owns: the options of each. Never: their decisions.
 */
import type { AccessView } from "../api/wire/access-wire.ts";
import { AccessPolicy } from "../flow/access/policy.ts";
import { AccessAdmin } from "../flow/access/admin.ts";
import { type Access, CLOSED } from "../flow/intake/gate.ts";
import { LoopBreaker } from "../flow/intake/loop.ts";
import { PairingHandler } from "../flow/intake/pairing.ts";
import { toMessage } from "../sdk/errors.ts";
import { addEffect } from "../store/outbox/outbox.ts";
import { openMoves } from "./moved-chat.ts";
import { CHAT_CHANNEL } from "./settings/channel-name.ts";
import type { Channels } from "./channels/channels.ts";
import { readConfig } from "./settings/config.ts";
import type { Connections } from "./channels/connections.ts";
import type { Core } from "./core.ts";
import type { Outbox } from "./outbox.ts";
import { listOwnerPlaces, type NoticePlace, type OwnerPlaceOptions } from "./owner-places.ts";
import { PAGE_RULES } from "./web/chat/chat-page.ts";

export type HubAccessNeeds = {
  channels: Pick<Channels, "access" | "has" | "list" | "onLeaving" | "peopleOf" | "readChatRules">;
  connections: Pick<Connections, "find" | "onAlarm">;
  outbox: Pick<Outbox, "queued" | "onUnsure">;
};

export type HubAccess = {
  /** What may come in on a channel now. */
  of: (channel: string) => Access;
  policy: AccessPolicy;
  admin: AccessAdmin;
  pairing: PairingHandler;
  loops: LoopBreaker;
  /** A chat has another id: its rules move along, and so does the place for notices. */
  moved: (channel: string, from: string, to: string) => Promise<void>;
  /** Carries a line to the owners. Throws nothing. */
  notifyOwner: (text: string) => void;
  /** The rule that holds on each channel: the page has one user, and webhooks have no people. */
  listPolicies: () => AccessView["channels"];
};

/** @throws SluiceError `bad_config` when config.json cannot be read. */
export function openAccess(core: Core, needs: HubAccessNeeds): HubAccess {
  const { db, clock, log, home } = core;
  const { channels, connections, outbox } = needs;
  const isStatic = readConfig(home.config).access === "static";
  const policy = new AccessPolicy({ db, clock, isStatic });
  if (policy.state.kind === "damaged")
    log.error(policy.state, "the rules of access are damaged: nobody is admitted to a chat");
  const notifyOwner = (
    text: string,
    except?: { channel: string; chatId: string },
    isEverywhere = false,
  ): void => tellOwners(core, needs, policy, text, { except, isEverywhere });
  // Not by the outbox: that keeps its rows, and a code is kept nowhere. Who misses one asks again.
  const say = (channel: string, chatId: string, text: string, threadId?: string): void => {
    const place = threadId === undefined ? { chatId } : { chatId, threadId };
    setImmediate(() => {
      connections
        .find(channel)
        ?.send({ ...place, text, isNotice: true })
        .catch((thrown: unknown) =>
          log.warn({ channel, error: toMessage(thrown) }, "a person could not be answered"),
        );
    });
  };
  connections.onAlarm((channel, reason) => notifyOwner(`Sluice: channel ${channel}: ${reason}`));
  outbox.onUnsure(notifyOwner);
  // Before a channel goes: a hub that dies in between leaves one that admits nobody, not people for a later one of that name, which may
  // be another bot.
  channels.onLeaving((channel) => policy.forget(channel));
  channels.readChatRules((channel) =>
    channel === CHAT_CHANNEL ? PAGE_RULES : policy.toChatRules(channel),
  );
  const hasChannel = (name: string): boolean => channels.has(name);
  const peopleOf: Channels["peopleOf"] = (name) => channels.peopleOf(name);
  return {
    of: (channel) => channels.access.get(channel) ?? CLOSED,
    policy,
    moved: openMoves({ db, log, policy, home, notifyOwner }),
    notifyOwner,
    listPolicies: () =>
      channels.list().map(({ config: { name, kind, code }, isConnected }) => ({
        name,
        policy:
          kind === "chat"
            ? "page"
            : isConnected || code !== undefined
              ? policy.readPolicy(name)
              : "source",
      })),
    admin: new AccessAdmin({
      db,
      clock,
      policy,
      hasChannel,
      peopleOf,
      notifyOwner,
      say,
      findAccount: (name) => connections.find(name)?.account,
    }),
    pairing: new PairingHandler({ db, clock, policy, notifyOwner, say }),
    loops: new LoopBreaker({ db, clock, notifyOwner, say }),
  };
}

/** Every owner, in their own chat, and the place for notices. The log has it in any case. */
function tellOwners(
  { db, clock, log, home }: Core,
  { channels, outbox }: HubAccessNeeds,
  policy: AccessPolicy,
  text: string,
  told: Pick<OwnerPlaceOptions, "except" | "isEverywhere">,
): void {
  log.warn({ notice: text }, "owners are told");
  const notices = readNoticePlace(home.config, channels, log);
  const has = channels.has.bind(channels);
  const owners = listOwnerPlaces({ db, policy, has, notices, ...told });
  const places: NoticePlace[] = [...owners];
  const isTold = (one: NoticePlace): boolean =>
    owners.some(({ channel, chatId }) => one.channel === channel && one.chatId === chatId);
  if (notices !== undefined && !isTold(notices)) places.push(notices);
  if (places.length === 0) return;
  const effect = { kind: "notice", event: null, session: "", text } as const;
  db.write(() => {
    for (const { channel, chatId } of places)
      addEffect(db, { ...effect, channel, chatId }, clock.now());
  })
    .then(() => {
      for (const { channel } of places) outbox.queued(channel);
    })
    .catch((thrown: unknown) =>
      log.error({ error: toMessage(thrown) }, "owners could not be told of a change of access"),
    );
}

function readNoticePlace(
  path: string,
  channels: Pick<Channels, "has">,
  log: Core["log"],
): NoticePlace | undefined {
  try {
    const { channel, chatId = null } = readConfig(path).notices ?? {};
    return channel !== undefined && channels.has(channel) ? { channel, chatId } : undefined;
  } catch (thrown) {
    log.warn({ error: toMessage(thrown) }, "the place for notices cannot be read");
    return undefined;
  }
}
