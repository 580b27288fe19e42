/**
 * Who wrote a message.
 *
 * Owns: telling people, apps and ourselves apart. Never: what somebody may do.
 *
 * SLACKAUTHOR-1 Who posts through an app, a workflow or a webhook is a bot, also where a person's id stands beside it.
 */
import { toNameField } from "../../sdk/field.ts";
import { at, textAt } from "../../sdk/json.ts";
import type { SlackPerson } from "./people.ts";
import { idAt, type SlackMe } from "./wire.ts";

export type Who = { id: string; person: SlackPerson };

/** Undefined for ourselves. @throws SluiceError where Slack cannot say it now. */
export async function readWho(
  message: unknown,
  { me, findPerson }: { me: SlackMe; findPerson(id: string): Promise<SlackPerson> },
): Promise<Who | undefined> {
  const user = idAt(message, "user");
  const bot = textAt(message, "bot_id");
  if (user === me.user || (bot !== undefined && bot === me.bot)) return undefined;
  const isPosted =
    bot !== undefined ||
    at(message, "bot_profile") !== undefined ||
    textAt(message, "subtype") === "bot_message" ||
    textAt(message, "app_id") !== undefined ||
    user === "USLACKBOT";
  if (isPosted) {
    const name = toNameField(
      textAt(message, "username") ?? textAt(message, "bot_profile.name") ?? "",
    );
    return {
      id: user ?? bot ?? "bot",
      person: { name: name === "" ? "a bot" : name, isBot: true, isOutsider: false },
    };
  }
  // Nobody's: as a message that Slack puts there.
  if (user === undefined)
    return { id: "", person: { name: "nobody", isBot: false, isOutsider: true } };
  const person = await findPerson(user);
  return isOfOthers(message, me)
    ? { id: user, person: { ...person, isOutsider: true } }
    : { id: user, person };
}

/** What the message itself says of the workspace of who wrote it: believed where it says that it is another one. */
function isOfOthers(message: unknown, me: SlackMe): boolean {
  if (me.enterprise !== undefined) return false;
  const teams = ["user_team", "source_team"].map((path) => textAt(message, path));
  return teams.some((team) => team !== undefined && team !== me.team);
}
