/**
 * Reads text that is piped or typed into a command.
 *
 * Owns: reading standard input whole, and a secret without an echo. Never: what it means.
 */
import { SluiceError } from "../sdk/errors.ts";
import { openQuestions } from "./questions.ts";

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
