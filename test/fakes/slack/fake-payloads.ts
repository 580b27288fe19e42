/**
 * What Slack sends when somebody taps, sends a form in, or types a command.
 *
 * Owns: those shapes. Never: state.
 * https://docs.slack.dev/reference/interaction-payloads
 */
import { type FakeMessage, ME } from "./fake-workspace.ts";

const COMMON = {
  api_app_id: "A0FAKE",
  token: "verification",
  team: { id: ME.team, domain: "fake" },
  enterprise: null,
  is_enterprise_install: false,
};

export function toTap(message: FakeMessage, action: object, user: string, number: string): object {
  const { ts, channel, text } = message;
  return {
    ...COMMON,
    type: "block_actions",
    user: { id: user, username: "ann", name: "ann", team_id: ME.team },
    container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: false },
    trigger_id: `${number}.trigger`,
    channel: { id: channel, name: "directmessage" },
    message: { type: "message", user: ME.user, bot_id: ME.bot, ts, text },
    state: { values: {} },
    response_url: "https://hooks.slack.com/actions/T0TEAM/1/x",
    actions: [{ ...action, block_id: "x" }],
  };
}

export function toSubmission(
  view: object | undefined,
  words: string,
  user: string,
  number: string,
): object {
  const field = { type: "plain_text_input", value: words === "" ? null : words };
  return {
    ...COMMON,
    type: "view_submission",
    user: { id: user, username: "ann", name: "ann", team_id: ME.team },
    trigger_id: `${number}.trigger`,
    view: {
      ...view,
      id: `V${number}`,
      hash: "1.a",
      state: { values: { words: { words: field } } },
    },
    response_urls: [],
  };
}

export function toCommand(
  text: string,
  { user, channel }: { user: string; channel: string },
  number: string,
): object {
  return {
    token: "verification",
    team_id: ME.team,
    team_domain: "fake",
    channel_id: channel,
    channel_name: "directmessage",
    user_id: user,
    user_name: "ann",
    command: "/sluice",
    text,
    api_app_id: "A0FAKE",
    is_enterprise_install: "false",
    response_url: "https://hooks.slack.com/commands/T0TEAM/1/x",
    trigger_id: `${number}.trigger`,
  };
}
