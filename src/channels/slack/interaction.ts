/**
 * Taps on buttons, forms that are sent in, and the command /sluice.
 *
 * Owns: what of them is an arrival, and the form that a button opens. Never: who may do it; the hub asks for the person and the message.
 *
 * SLACKTAP-1 Who acts is `user.id` as Slack tells it: nothing that is kept in a button or a form names a person.
 * SLACKTAP-2 A command counts in our own direct conversation with who typed it, wherever it was typed: a conversation that begins with D
 *    may be one between two other people.
 * https://docs.slack.dev/reference/interaction-payloads, https://docs.slack.dev/interactivity/implementing-slash-commands
 */
import type { ButtonForm } from "../../sdk/message.ts";
import { cut } from "../../sdk/field.ts";
import { listAt, parseJson, textAt } from "../../sdk/json.ts";
import { OWN_WORDS } from "../../sdk/words.ts";
import { type Kept, toKept } from "./arrival.ts";
import { TS } from "./cursor.ts";
import { readFormLabel } from "./blocks.ts";
import { COMMAND } from "./manifest.ts";
import type { SlackPerson } from "./people.ts";
import { idAt, isDirect, type SlackMe, requireId } from "./wire.ts";

export type Acting = {
  channel: string;
  me: SlackMe;
  findPerson(id: string): Promise<SlackPerson>;
};

export type SlackTap = Kept & { user: string; chatId: string };

/** A tap, and the form that it asks for in place of counting itself. */
export type TapReading =
  | { kind: "tap"; tap: SlackTap }
  | { kind: "form"; trigger: string; view: object }
  | { kind: "ignore"; reason: string };

const CALLBACK = "words";
/** https://docs.slack.dev/reference/views: a title of a form. */
const MAX_TITLE = 24;
/** https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element */
const MAX_WORDS = 3_000;

/** @throws MalformedEvent, SluiceError. */
export async function readActions(payload: unknown, acting: Acting): Promise<TapReading> {
  const action = listAt(payload, "actions")[0];
  const button = textAt(action, "value") ?? textAt(action, "selected_option.value");
  const channel = idAt(payload, "container.channel_id") ?? idAt(payload, "channel.id");
  const message = textAt(payload, "container.message_ts") ?? textAt(payload, "message.ts");
  if (button === undefined || channel === undefined || message === undefined || !TS.test(message))
    return { kind: "ignore", reason: "a tap on no button of ours" };
  const form = readFormLabel(textAt(action, "action_id") ?? "");
  const trigger = textAt(payload, "trigger_id");
  if (form !== undefined && trigger !== undefined) {
    const metadata = JSON.stringify({ button, channel, message });
    return { kind: "form", trigger, view: toView(form, metadata) };
  }
  const at = textAt(action, "action_ts") ?? trigger ?? "";
  const place = { button, channel, message, key: `tap:${at}`, words: undefined };
  return { kind: "tap", tap: await toTap(payload, place, acting) };
}

/** A form that was sent in. @throws MalformedEvent, SluiceError. */
export async function readSubmission(payload: unknown, acting: Acting): Promise<TapReading> {
  const metadata = parseJson(textAt(payload, "view.private_metadata") ?? "");
  const kept = metadata.kind === "ok" ? metadata.value : undefined;
  const [button, message] = [textAt(kept, "button"), textAt(kept, "message")];
  const channel = idAt(kept, "channel");
  if (textAt(payload, "view.callback_id") !== CALLBACK)
    return { kind: "ignore", reason: "a form that is none of ours" };
  if (button === undefined || message === undefined || channel === undefined)
    return { kind: "ignore", reason: "a form that says not where it belongs" };
  const words = textAt(payload, `view.state.values.${CALLBACK}.${CALLBACK}.value`) ?? "";
  const place = {
    button,
    channel,
    message,
    key: `form:${textAt(payload, "view.id") ?? ""}`,
    words,
  };
  return { kind: "tap", tap: await toTap(payload, place, acting) };
}

type TapPlace = {
  button: string;
  channel: string;
  message: string;
  key: string;
  words: string | undefined;
};

async function toTap(
  payload: unknown,
  { button, channel, message, key, words }: TapPlace,
  { channel: name, me, findPerson }: Acting,
): Promise<SlackTap> {
  const user = requireId(payload, "user.id"); // SLACKTAP-1
  const found = await findPerson(user);
  const team = textAt(payload, "user.team_id");
  const isElsewhere = team !== undefined && team !== me.team && me.enterprise === undefined;
  const person = isElsewhere ? { ...found, isOutsider: true } : found;
  const isDm = isDirect(channel);
  const kept = toKept(name, me, {
    id: user,
    person,
    kind: "button",
    chatId: channel,
    key: `${key}:${channel}:${message}:${user}`,
    ack: "auto",
    text: `${person.name} pressed a button under message ${message}`,
    quotes: [
      { label: "button", text: button },
      ...(words === undefined || words.trim() === "" ? [] : [{ label: OWN_WORDS, text: words }]),
    ],
    chat: {
      place: isDm ? "dm" : "group",
      ...(isDm ? {} : { groupId: channel }),
      isAddressed: true,
      button,
    },
    meta: { message_id: message },
  });
  return { ...kept, user, chatId: channel };
}

/** A form with one field. */
function toView({ title, label }: ButtonForm, metadata: string): object {
  const plain = (text: string, max: number): object => ({
    type: "plain_text",
    text: text.length > max ? `${cut(text, max - 1)}…` : text,
  });
  return {
    type: "modal",
    callback_id: CALLBACK,
    private_metadata: metadata,
    title: plain(title, MAX_TITLE),
    submit: plain("Send", MAX_TITLE),
    close: plain("Cancel", MAX_TITLE),
    blocks: [
      {
        type: "input",
        block_id: CALLBACK,
        optional: true,
        label: plain(label, 2_000),
        element: {
          type: "plain_text_input",
          action_id: CALLBACK,
          multiline: true,
          max_length: MAX_WORDS,
        },
      },
    ],
  };
}

/** What may stand behind /sluice, and what it is as typed words. */
const WORDS: Readonly<Record<string, (rest: string) => string>> = {
  status: () => "/status",
  stop: (rest) => `/stop ${rest}`,
  denyall: (rest) => `/denyall ${rest}`,
  resume: (rest) => `/resume ${rest}`,
  away: () => "/away",
  here: () => "/here",
  deny: (rest) => `no ${rest}`,
  no: (rest) => `no ${rest}`,
  allow: (rest) => `yes ${rest}`,
  yes: (rest) => `yes ${rest}`,
};

export const HELP = `*${COMMAND} status* what is connected, and who waits for whom
*${COMMAND} stop* ask the session to stop what it does
*${COMMAND} deny abcde why not*, *${COMMAND} allow abcde* answer a question by its code
*${COMMAND} denyall*, *resume*, *away*, *here* for who may approve
To talk to the session, write to me in a direct message, or name me in a channel.`;

/** The words of a command; undefined for one that there is not: then who typed it gets the help. */
export function readCommandWords(payload: unknown): string | undefined {
  const text = (textAt(payload, "text") ?? "").trim();
  const [, word = "", rest = ""] = /^\/?([a-z]+)(?:\s+([\s\S]*))?$/i.exec(text) ?? [];
  const name = word.toLowerCase();
  return Object.hasOwn(WORDS, name) ? WORDS[name]?.(rest.trim()).trim() : undefined;
}

/** @throws MalformedEvent, SluiceError. SLACKTAP-2: `chatId` is our conversation with them. */
export async function readCommand(
  payload: unknown,
  words: string,
  {
    channel,
    me,
    findPerson,
    directWith,
    now,
  }: Acting & { directWith(user: string): Promise<string>; now: number },
): Promise<Kept> {
  const user = requireId(payload, "user_id");
  const person = await findPerson(user);
  const chatId = await directWith(user);
  const trigger = textAt(payload, "trigger_id") ?? `${now}`;
  return toKept(channel, me, {
    id: user,
    person,
    kind: "message",
    chatId,
    key: `command:${user}:${trigger}`,
    ack: "reply",
    text: `Message from ${person.name}`,
    quotes: [{ label: OWN_WORDS, text: words }],
    chat: { place: "dm", isAddressed: true, isCommand: true },
    meta: {},
    occurredAt: now,
  });
}

/** Whose workspace it was done in. One app may be installed in several. */
export function isOfOtherTeam(payload: unknown, me: SlackMe): boolean {
  const team = textAt(payload, "team.id") ?? textAt(payload, "team_id");
  return team !== undefined && team !== me.team && me.enterprise === undefined;
}
