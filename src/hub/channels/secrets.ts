/**
 * Secrets of the channels: one file each, `secrets/NAME`, 0600.
 *
 * Owns: reading, replacing and removing them. Never: prints one, nor puts its text into a message.
 */
import { join } from "node:path";
import { z } from "zod";
import type { Home } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import { isChannelName } from "../settings/channel-name.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../settings/private-file.ts";

type SecretKey = {
  /** Names the key in logs and provenance; two keys stand side by side while one is being replaced. */
  id: string;
  secret: Secret;
  /** Being replaced: from then on it counts no more (epoch ms). */
  until?: number;
};

export type ChannelSecrets = {
  /** What the sender signs or authenticates with. */
  keys: SecretKey[];
  /** Of an author's channel, by the names that its definition gives them. */
  named?: Readonly<Record<string, string>>;
  /** What a listener of `GET /out/<channel>` shows. */
  listen?: Secret;
};

const file = z.strictObject({
  keys: z.array(
    z.strictObject({
      id: z.string().min(1).max(64),
      secret: z.string().min(1),
      until: z.int().min(0).optional(),
    }),
  ),
  listen: z.string().min(1).optional(),
  named: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().min(1)).optional(),
});

/**
 * The secrets of a channel; undefined when it has none.
 * @throws SluiceError `bad_secret` for a name or a shape that is off, `bad_config` for an unsafe file.
 */
export function readSecrets(home: Home, channel: string): ChannelSecrets | undefined {
  const path = toPath(home, channel);
  const text = readPrivateFile(path);
  if (text === undefined) return undefined;
  const parsed = file.safeParse(parseJson(text));
  if (!parsed.success) {
    // Only the place: zod's own words, like the parser's, may quote what stands there.
    const place = parsed.error.issues[0]?.path.join(".") || "the whole";
    throw new SluiceError(
      "bad_secret",
      `${path}: ${place} has a wrong shape; put it back, or "sluice remove ${channel}" and add it again with a new secret`,
    );
  }
  const { keys, listen, named } = parsed.data;
  return {
    keys: keys.map(({ id, secret, until }) => ({
      id,
      secret: new Secret(secret),
      ...(until !== undefined && { until }),
    })),
    ...(listen === undefined ? {} : { listen: new Secret(listen) }),
    ...(named === undefined ? {} : { named }),
  };
}

/** Replaces the secrets of a channel, whole. */
export function writeSecrets(home: Home, channel: string, secrets: ChannelSecrets): void {
  const keys = secrets.keys.map(({ id, secret, until }) => ({
    id,
    secret: secret.reveal(),
    until,
  }));
  const listen = secrets.listen === undefined ? {} : { listen: secrets.listen.reveal() };
  // Parsed before it is written: what could not be read again would shut the channel at the next start.
  const checked = file.safeParse({ keys, ...listen, named: secrets.named });
  if (!checked.success) {
    throw new SluiceError(
      "bad_secret",
      `${channel}: ${checked.error.issues[0]?.path.join(".") ?? "a secret"} is empty or of a wrong shape`,
    );
  }
  writePrivateFile(toPath(home, channel), `${JSON.stringify(checked.data)}\n`);
}

/** False when there were none. */
export function removeSecrets(home: Home, channel: string): boolean {
  return removePrivateFile(toPath(home, channel));
}

function toPath(home: Home, channel: string): string {
  // The name may come from a request: "../config.json" must not become a path.
  if (!isChannelName(channel))
    throw new SluiceError(
      "bad_input",
      `channel name ${JSON.stringify(channel.slice(0, 64))} is not valid`,
    );
  return join(home.secretsDir, channel);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No shape fits undefined, so the caller refuses it, without the parser's quote of a secret.
    return undefined;
  }
}
