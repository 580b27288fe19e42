/**
 * The fake server's messages, as their readers see them: text, and the buttons under it.
 *
 * Owns: what an edit changes, and what it refuses in Telegram's words. Never: sends.
 * https://core.telegram.org/bots/api#editmessagetext
 */
import { listAt, textAt } from "../../../src/sdk/json.ts";
import { checkText, type FakeAnswer, toError, toResult } from "./fake-wire.ts";

type Message = { text: string; keyboard: unknown };

export class FakeMessages {
  readonly #messages = new Map<string, Message>();

  keep(key: string, text: string, keyboard: unknown): void {
    this.#messages.set(key, { text, keyboard });
  }

  /** Its text as it was sent, and the labels of its buttons. */
  read(key: string): { text: string; buttons: string[] } | undefined {
    const text = this.#messages.get(key)?.text;
    return text === undefined
      ? undefined
      : { text, buttons: this.buttons(key).map(([label]) => label) };
  }

  buttons(key: string): [label: string, data: string][] {
    return toRows(this.#messages.get(key))
      .flat()
      .map((button) => [textAt(button, "text") ?? "", textAt(button, "callback_data") ?? ""]);
  }

  edit(payload: Record<string, unknown>): FakeAnswer {
    const key = `${Number(payload["chat_id"])}/${Number(payload["message_id"])}`;
    const before = this.#messages.get(key);
    if (before === undefined) return toError(400, "Bad Request: message to edit not found");
    const refusal = checkText(payload["text"], payload["parse_mode"], 4_096);
    if (refusal !== undefined) return refusal;
    // What an edit does not name is gone: the keyboard too.
    const after = { text: String(payload["text"]), keyboard: payload["reply_markup"] };
    if (isSame(before, after)) {
      return toError(
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      );
    }
    this.#messages.set(key, after);
    return toResult({ message_id: Number(payload["message_id"]) });
  }
}

function toRows(message: Message | undefined): readonly unknown[] {
  return listAt(message?.keyboard, "inline_keyboard");
}

function isSame(before: Message, after: Message): boolean {
  return (
    before.text === after.text && JSON.stringify(toRows(before)) === JSON.stringify(toRows(after))
  );
}
