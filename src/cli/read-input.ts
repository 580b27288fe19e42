/**
 * Reads text that is piped or typed into a command.
 *
 * Owns: reading standard input whole, and a secret without an echo. Never: what it means.
 */
import { SluiceError } from "../sdk/errors.ts";
import { toUsageFault } from "./exit.ts";
import { openQuestions } from "./questions.ts";

export const MAX_SECRET_BYTES = 4_096;

/** All of stdin as text, without the last line break. @throws SluiceError `too_large`. */
export async function readStdin(maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > maxBytes)
      throw new SluiceError("too_large", `stdin holds more than ${maxBytes} bytes; send less`);
    chunks.push(part);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}

/** A secret from a pipe, or asked for in the terminal, where it is not shown. */
export async function readSecret(maxBytes: number, what = "secret"): Promise<string> {
  if (!process.stdin.isTTY) return (await readStdin(maxBytes)).trim();
  const questions = openQuestions({ hidden: true });
  try {
    return (await questions.ask(`Paste the ${what} and press Enter, it is not shown: `)).trim();
  } catch (cause) {
    throw new SluiceError("bad_secret", "no secret was given", { cause });
  } finally {
    questions.close();
  }
}

/** Of `--secret-env`, which may be given several times: the first secret, and those besides it, by name. */
export type GivenSecrets = { secret?: string; secrets?: Record<string, string> };

/** `VARIABLE` holds the first secret, `name=VARIABLE` another one. @throws SluiceError `bad_input`. */
export async function readGivenSecrets(
  variables: readonly string[],
  fromStdin: boolean,
): Promise<GivenSecrets> {
  const [first, second] = variables.filter((one) => !one.includes("="));
  if (second !== undefined)
    throw toUsageFault(
      `--secret-env ${second}: there is one first secret; another one is written name=${second}`,
    );
  const secret = await readGivenSecret(first, fromStdin);
  const named = variables
    .filter((one) => one.includes("="))
    .map((pair): [string, string] => {
      const [name = "", variable = ""] = pair.split(/=(.*)/s);
      const value = Object.hasOwn(process.env, variable) ? process.env[variable]?.trim() : "";
      if (/^[a-z][a-z0-9_]{0,31}$/.test(name) && value !== undefined && value !== "")
        return [name, value];
      throw toUsageFault(
        `--secret-env ${name}=...: give a secret's name and a variable that is set, as token=GITHUB_TOKEN, not the secret itself`,
      );
    });
  return {
    ...(secret === undefined ? {} : { secret }),
    ...(named.length === 0 ? {} : { secrets: Object.fromEntries(named) }),
  };
}

/** What `--secret-env` or `--secret-stdin` gives; undefined where neither is there. @throws SluiceError `bad_input`. */
export async function readGivenSecret(
  variable: string | undefined,
  fromStdin: boolean,
): Promise<string | undefined> {
  if (variable !== undefined && fromStdin)
    throw toUsageFault("give --secret-env or --secret-stdin, not both");
  if (variable === undefined && !fromStdin) return undefined;
  const secret =
    variable === undefined ? await readSecret(MAX_SECRET_BYTES) : process.env[variable]?.trim();
  if (secret !== undefined && secret !== "") return secret;
  throw toUsageFault(
    variable === undefined
      ? "--secret-stdin: stdin is empty"
      : `--secret-env: the variable "${variable}" is not set; give its name, not the secret itself`,
  );
}
