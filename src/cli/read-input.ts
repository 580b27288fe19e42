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
