/** What "sluice add discord" finds out before a channel is there, and events that are anything at all. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../sdk/secret.ts";
import { systemClock } from "../../sdk/clock.ts";
import { FAKE_TOKEN, FakeDiscord } from "../../../test/fakes/discord/fake-discord.ts";
import { DiscordApi } from "./api.ts";
import { discord } from "./index.ts";
import { readInteraction } from "./interaction.ts";
import { Places } from "./places.ts";
import { receive } from "./receive.ts";
import { Recent } from "./recent.ts";

async function check(
  change: (fake: FakeDiscord) => void = () => undefined,
  token = FAKE_TOKEN,
): Promise<{ account?: string; nextStep?: string }> {
  const fake = await FakeDiscord.open();
  change(fake);
  try {
    const checked = await discord.check?.(new Secret(token), { "api-root": fake.root });
    return typeof checked === "object" ? checked : {};
  } finally {
    await fake.close();
  }
}

test("a token is tried: the bot is named, with the link that adds it to a server", async () => {
  const { account, nextStep } = await check();
  expect(account).toBe("@sluice_bot");
  expect(nextStep).toBe(
    "add the bot to a server that you share with it: https://discord.com/oauth2/authorize?client_id=104242424242424242&scope=bot+applications.commands&permissions=309237763136",
  );
});

test("an intent that is off, and an address that takes presses away, are named with the click", async () => {
  const { nextStep = "" } = await check((fake) => {
    fake.flags = 0;
    fake.endpoint = "https://old.example/interactions";
  });
  const [intent, endpoint, invite] = nextStep.split("\n");
  expect(intent).toMatch(
    /Message Content Intent is off.*\/104242424242424242\/bot > Privileged Gateway Intents/,
  );
  expect(endpoint).toContain("/information > Interactions Endpoint URL, clear it");
  expect(invite).toContain("client_id=");
});

test("a token that is none, and one that is refused, are told apart and quoted by neither", async () => {
  await expect(discord.check?.(new Secret("hunter2"), {})).rejects.toMatchObject({
    code: "bad_secret",
    message: expect.not.stringContaining("hunter2"),
  });
  const refused = check(() => undefined, `${FAKE_TOKEN}x`);
  await expect(refused).rejects.toMatchObject({ code: "unauthorized" });
  await expect(refused).rejects.toThrow("Reset Token");
  await expect(refused).rejects.not.toThrow(FAKE_TOKEN);
});

test("DISEVENT-5: any JSON is an event that is read or left behind, never a fault", async () => {
  const api = new DiscordApi(new Secret(FAKE_TOKEN), {
    root: "http://127.0.0.1:9",
    clock: systemClock,
  });
  const places = new Places(api, AbortSignal.abort());
  const me = { id: "1", name: "b", application: "1", hasContent: true, hasEndpoint: false };
  const options = { channel: "dc", me, places, recent: new Recent(), sessionId: "s" };
  const id = fc.constantFrom("1", "77", "18446744073709551616", 5, null, {});
  const value = fc.oneof(
    id,
    fc.jsonValue(),
    fc.constantFrom(0, 1, 2, 3, 5, 19, "", "<@1>", [{}], [null]),
  );
  const message = fc.dictionary(
    fc.constantFrom(
      "id",
      "channel_id",
      "author",
      "type",
      "content",
      "mentions",
      "attachments",
      "embeds",
      "poll",
      "sticker_items",
      "message_reference",
      "message_snapshots",
      "referenced_message",
      "edited_timestamp",
      "data",
      "user",
      "member",
      "channel",
      "message",
      "emoji",
      "user_id",
      "message_id",
      "token",
      "context",
    ),
    fc.oneof(
      value,
      fc.record(
        {
          id,
          bot: value,
          username: value,
          custom_id: value,
          components: value,
          values: value,
          name: value,
          options: value,
          type: value,
        },
        { requiredKeys: [] },
      ),
    ),
  );
  const types = [
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_REACTION_ADD",
    "GUILD_CREATE",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...types),
      fc.oneof(message, fc.jsonValue()),
      async (type, data) => {
        places.note(type, data, me.id);
        const reading = await receive({ seq: 1, type, data }, options);
        expect(["arrival", "ignore", "malformed"]).toContain(reading.kind);
        expect(["arrival", "form", "ignore", "malformed"]).toContain(
          readInteraction(data, options).kind,
        );
      },
    ),
    { numRuns: 500 },
  );
});
