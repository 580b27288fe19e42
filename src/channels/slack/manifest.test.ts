import { expect, test } from "vitest";
import { at, listAt, textAt } from "../../sdk/json.ts";
import { NEEDED_SCOPES, SCOPES, toManifest } from "./manifest.ts";

/** https://docs.slack.dev/reference/events: what each needs. */
const EVENT_SCOPES: Record<string, string | undefined> = {
  app_mention: "app_mentions:read",
  "message.channels": "channels:history",
  "message.groups": "groups:history",
  "message.im": "im:history",
  "message.mpim": "mpim:history",
  reaction_added: "reactions:read",
  reaction_removed: "reactions:read",
  app_uninstalled: undefined,
  tokens_revoked: undefined,
};

test("golden: the manifest, by sockets and by requests, with the scopes of all its events", () => {
  const socket: unknown = JSON.parse(toManifest(undefined));
  const scopes = listAt(socket, "oauth_config.scopes.bot");
  const events = listAt(socket, "settings.event_subscriptions.bot_events");
  expect(events.toSorted()).toEqual(Object.keys(EVENT_SCOPES).toSorted());
  for (const scope of [...Object.values(EVENT_SCOPES), ...NEEDED_SCOPES, "commands", "files:write"])
    if (scope !== undefined) expect(scopes).toContain(scope);
  expect(scopes).toEqual(Object.keys(SCOPES));
  expect(at(socket, "settings.socket_mode_enabled")).toBe(true);
  expect(at(socket, "settings.token_rotation_enabled")).toBe(false);
  expect(at(socket, "settings.interactivity.is_enabled")).toBe(true);
  expect(at(socket, "features.app_home.messages_tab_read_only_enabled")).toBe(false);
  expect(JSON.stringify(socket)).not.toContain("request_url");

  const url = "https://example.com/in/slack";
  const requests: unknown = JSON.parse(toManifest(url));
  expect(at(requests, "settings.socket_mode_enabled")).toBe(false);
  for (const path of [
    "settings.event_subscriptions.request_url",
    "settings.interactivity.request_url",
    "features.slash_commands.0.url",
  ])
    expect(textAt(requests, path)).toBe(url);
  // https://docs.slack.dev/reference/app-manifest
  expect(textAt(requests, "display_information.name")?.length).toBeLessThanOrEqual(35);
  expect(textAt(requests, "display_information.description")?.length).toBeLessThanOrEqual(140);
  expect(textAt(requests, "features.slash_commands.0.usage_hint")?.length).toBeLessThanOrEqual(
    1_000,
  );
});
