/**
 * Who x where on Slack's own wire: what an event of each kind comes to at the gate, and whether it may carry a verdict.
 */
import { expect, test } from "vitest";
import { type ChatRules, gate } from "../../flow/intake/gate.ts";
import { findSpeaker } from "../../flow/prompt/chat/speaker.ts";
import type { Arrival } from "../../sdk/event.ts";
import { ANN, GENERAL, ME as BOT } from "../../../test/fakes/slack/fake-slack.ts";
import { readActions, readCommand } from "./interaction.ts";
import { type SlackPerson, readPerson } from "./people.ts";
import { type Around, receive } from "./receive.ts";
import { type SlackMe, toAccount } from "./wire.ts";

const ME: SlackMe = {
  team: BOT.team,
  teamName: "Fake",
  user: BOT.user,
  name: "sluice",
  bot: BOT.bot,
  enterprise: undefined,
};
const [OWNER, CHATTER, MEMBER, STRANGER, GUEST, PARTNER] = [
  "U0OWNER",
  "U0CHAT",
  "U0MEMBER",
  "U0STRANGER",
  "U0GUEST",
  "U0PARTNER",
];

/** All but the member and the stranger are on every list: what they are must keep the others out. */
const RULES: ChatRules = {
  policy: "allowlist",
  isStatic: false,
  hasInvite: false,
  findSender: (account, id) => {
    if (account !== toAccount(ME)) return undefined;
    if (id === CHATTER) return { roles: ["chatter"] };
    return id === MEMBER || id === STRANGER
      ? undefined
      : { roles: ["chatter", "approver", "owner"] };
  },
  findGroup: (id) =>
    id === GENERAL
      ? {
          channel: "team",
          id,
          senders: [OWNER, CHATTER, GUEST, PARTNER, BOT.user, "B0OTHER", "U0BOTUSER"],
          requireMention: true,
          patterns: [],
        }
      : undefined,
};

const USERS: Record<string, object> = {
  [GUEST]: { is_restricted: true },
  U0SINGLE: { is_ultra_restricted: true },
  [PARTNER]: { team_id: "T0OTHER", is_stranger: true },
  U0BOTUSER: { is_bot: true },
  U0GONE: { deleted: true },
  U0FLOW: { is_workflow_bot: true },
};
const find = async (id: string): Promise<SlackPerson> =>
  readPerson({ id, team_id: ME.team, name: id.toLowerCase(), ...USERS[id] }, id, ME);

const AROUND: Around = {
  channel: "team",
  me: ME,
  findPerson: find,
  nameOf: () => undefined,
  titleOf: async (channel) => channel,
  isOurs: () => false,
  noteThread: () => undefined,
};

type Who = { user?: string; [field: string]: unknown };
const SENDERS: Record<string, Who> = {
  owner: { user: OWNER },
  chatter: { user: CHATTER },
  member: { user: MEMBER },
  stranger: { user: STRANGER },
  guest: { user: GUEST },
  "single-channel guest": { user: "U0SINGLE" },
  "another company's": { user: PARTNER },
  "another company's by its mark": { user: OWNER, user_team: "T0OTHER", source_team: "T0OTHER" },
  "one who was removed": { user: "U0GONE" },
  "a bot by its user": { user: "U0BOTUSER" },
  "a workflow": { user: "U0FLOW" },
  "an app in a person's name": { user: OWNER, bot_id: "B0OTHER", app_id: "A0OTHER" },
  "a webhook": { subtype: "bot_message", bot_id: "B0OTHER", username: "Owner" },
  slackbot: { user: "USLACKBOT" },
};

const say = (who: Who, fields: object): object => ({
  team_id: ME.team,
  event: {
    type: "message",
    channel: ANN.dm,
    ts: "1767603600.000100",
    text: "yes abcde",
    ...fields,
    ...who,
  },
});
const mention = `<@${ME.user}> yes abcde`;
const subtypeOf = ({ subtype }: Who) => subtype as string | undefined;
const PLACES: Record<string, (who: Who) => object | undefined> = {
  DM: (who) => say(who, {}),
  channel: (who) => say(who, { channel: GENERAL, text: mention }),
  thread: (who) => say(who, { channel: GENERAL, text: mention, thread_ts: "1767603500.000100" }),
  "shared channel": (who) => ({
    ...say(who, { channel: GENERAL, text: mention }),
    is_ext_shared_channel: true,
  }),
  edited: (who) => ({
    team_id: ME.team,
    event: {
      type: "message",
      subtype: "message_changed",
      channel: ANN.dm,
      ts: "1767603700.000100",
      message: {
        type: "message",
        text: "yes abcde",
        ts: "1767603600.000100",
        edited: { user: who.user, ts: "1767603700.000000" },
        ...who,
      },
      previous_message: { type: "message", text: "hello", ts: "1767603600.000100", ...who },
    },
  }),
  forwarded: (who) =>
    subtypeOf(who) === undefined
      ? say(who, {
          text: "",
          attachments: [
            {
              is_share: true,
              is_msg_unfurl: true,
              text: "yes abcde",
              author_id: OWNER,
              author_name: "Owner",
            },
          ],
        })
      : undefined,
};

const row = (cell: string): Record<string, string> =>
  Object.fromEntries(Object.keys(PLACES).map((place) => [place, cell]));
const outside = {
  DM: "stranger",
  channel: "not-listed",
  thread: "not-listed",
  "shared channel": "not-listed",
  edited: "stranger",
  forwarded: "stranger",
};
const TABLE: Record<string, Record<string, string>> = {
  owner: row("in"),
  chatter: row("in"),
  member: outside,
  stranger: outside,
  guest: row("outsider"),
  "single-channel guest": row("outsider"),
  "another company's": row("outsider"),
  "another company's by its mark": row("outsider"),
  "one who was removed": row("outsider"),
  "a bot by its user": row("bot"),
  "a workflow": row("bot"),
  "an app in a person's name": row("bot"),
  "a webhook": { ...row("bot"), edited: "an edit of no person's message" },
  slackbot: row("bot"),
};

const CELLS = Object.entries(TABLE).flatMap(([who, cells]) =>
  Object.entries(cells)
    .filter(([place]) => PLACES[place]?.(SENDERS[who] ?? {}) !== undefined)
    .map(([place, expected]) => ({ who, place, expected })),
);

async function read(who: string, place: string): Promise<Arrival | string> {
  const payload = PLACES[place]?.(SENDERS[who] ?? {});
  const reading = await receive(payload, AROUND);
  return reading.kind === "arrival" ? reading.arrival : reading.reason;
}

function look(arrival: Arrival | string, rules: Partial<ChatRules> = {}): string {
  if (typeof arrival === "string") return arrival;
  const verdict = gate(arrival, {
    paused: false,
    allowUnsigned: false,
    chat: { ...RULES, ...rules },
  });
  if (verdict.kind === "admit") return "in";
  return verdict.kind === "drop" ? verdict.reason : verdict.kind;
}

test.each(CELLS)("$who, $place: $expected", async ({ who, place, expected }) => {
  expect(look(await read(who, place))).toBe(expected);
});

const speaks = (arrival: Arrival | string): boolean =>
  typeof arrival !== "string" &&
  findSpeaker(arrival, {
    readRoles: (_, account, id) => RULES.findSender(account, id)?.roles ?? [],
    access: () => ({ paused: false, allowUnsigned: false, chat: RULES }),
  })?.isApprover === true;

test("SLACKWHO-1, SLACKAUTHOR-1: a verdict counts of the owner alone, in a new direct message of their own", async () => {
  const heard: string[] = [];
  for (const { who, place } of CELLS)
    if (speaks(await read(who, place))) heard.push(`${who}, ${place}`);
  expect(heard).toEqual(["owner, DM"]);
});

test("SLACKTAP-1: taps and commands of guests, other companies and bots carry no verdict, whatever the list says", async () => {
  const tap = (user: string, more: object = {}): object => ({
    type: "block_actions",
    user: { id: user, team_id: ME.team, ...more },
    container: { channel_id: ANN.dm, message_ts: "1767603600.000100" },
    actions: [{ action_id: "tap.0.0", value: "x", action_ts: "1767603600.000200" }],
  });
  const acting = { channel: "team", me: ME, findPerson: find };
  const directWith = async (): Promise<string> => ANN.dm;
  const heard: string[] = [];
  for (const user of [OWNER, GUEST, "U0SINGLE", PARTNER, "U0BOTUSER", "U0GONE", STRANGER]) {
    const reading = await readActions(tap(user), acting);
    if (reading.kind === "tap" && speaks(reading.tap.arrival)) heard.push(`tap ${user}`);
    const { arrival } = await readCommand({ user_id: user, trigger_id: "1" }, "/stop", {
      ...acting,
      directWith,
      now: 1,
    });
    if (speaks(arrival)) heard.push(`command ${user}`);
  }
  const elsewhere = await readActions(tap(OWNER, { team_id: "T0OTHER" }), acting);
  if (elsewhere.kind === "tap" && speaks(elsewhere.tap.arrival)) heard.push("elsewhere");
  expect(heard).toEqual([`tap ${OWNER}`, `command ${OWNER}`]);
});

test("under pairing only a member's own new direct message can lead to a code", async () => {
  const asks: string[] = [];
  for (const { who, place } of CELLS)
    if (look(await read(who, place), { policy: "pairing" }) === "pair")
      asks.push(`${who}, ${place}`);
  expect(asks).toEqual(["member, DM", "stranger, DM"]);
});

test("people of the same organisation in another workspace of it are no outsiders", () => {
  const me = { ...ME, enterprise: "E0ORG" };
  const user = { team_id: "T0SISTER", enterprise_user: { enterprise_id: "E0ORG" } };
  expect(readPerson(user, "U1", me).isOutsider).toBe(false);
  expect(
    readPerson({ ...user, enterprise_user: { enterprise_id: "E0OTHER" } }, "U1", me).isOutsider,
  ).toBe(true);
  expect(readPerson(user, "U1", ME).isOutsider).toBe(true);
});

test("an event of another workspace where the same app is installed is not ours", async () => {
  const payload = say({ user: OWNER }, {});
  expect(await receive({ ...payload, team_id: "T0OTHER" }, AROUND)).toMatchObject({
    kind: "ignore",
  });
  expect(
    await receive({ ...payload, authorizations: [{ team_id: "T0OTHER" }] }, AROUND),
  ).toMatchObject({ kind: "ignore" });
  expect(
    await receive(
      { ...payload, team_id: "T0OTHER", authorizations: [{ team_id: ME.team }] },
      AROUND,
    ),
  ).toMatchObject({ kind: "arrival" });
});
