/**
 * What Slack refuses of a message and of a form, by its limits.
 *
 * Owns: the limits of Block Kit as Slack documents them, and its words. Never: state.
 * https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/views
 */
import { at, listAt, textAt } from "../../../src/sdk/json.ts";

export type Fault = { error: string; messages?: string[] };

export function checkText(text: unknown, blocks: readonly unknown[]): Fault | undefined {
  if (typeof text !== "string" && text !== undefined) return { error: "invalid_arguments" };
  if ((text ?? "").trim() === "" && blocks.length === 0) return { error: "no_text" };
  return (text ?? "").length > 40_000 ? { error: "msg_too_long" } : undefined;
}

export function checkBlocks(blocks: readonly unknown[]): Fault | undefined {
  const wrong = findWrong(blocks);
  return wrong === undefined
    ? undefined
    : { error: "invalid_blocks", messages: [`[ERROR] ${wrong}`] };
}

function findWrong(blocks: readonly unknown[]): string | undefined {
  if (blocks.length > 50) return "no more than 50 items allowed [json-pointer:/blocks]";
  const ids = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    const where = `[json-pointer:/blocks/${index}]`;
    const type = textAt(block, "type");
    if (type === "section") {
      const length = textAt(block, "text.text")?.length ?? 0;
      if (length < 1 || length > 3_000) return `must be 1 to 3000 characters ${where}/text/text`;
      if (textAt(block, "text.type") !== "mrkdwn") return `unsupported type ${where}/text`;
      continue;
    }
    if (type === "input") continue;
    if (type !== "actions") return `unsupported type: ${type} ${where}`;
    const elements = listAt(block, "elements");
    if (elements.length < 1 || elements.length > 25) return `1 to 25 elements ${where}`;
    for (const element of elements) {
      const wrong = findWrongButton(element, ids);
      if (wrong !== undefined) return `${wrong} ${where}`;
    }
  }
  return undefined;
}

function findWrongButton(element: unknown, ids: Set<string>): string | undefined {
  const actionId = textAt(element, "action_id") ?? "";
  const label = textAt(element, "text.text")?.length ?? 0;
  const value = textAt(element, "value")?.length ?? 0;
  if (textAt(element, "type") !== "button") return "unsupported element";
  if (textAt(element, "text.type") !== "plain_text") return "must be plain_text";
  if (label < 1 || label > 75) return "must be 1 to 75 characters";
  if (value < 1 || value > 2_000) return "value must be less than 2001 characters";
  if (actionId === "" || actionId.length > 255) return "action_id must be less than 256 characters";
  if (ids.has(actionId)) return `action_id "${actionId}" already exists`;
  ids.add(actionId);
  return undefined;
}

export function checkView(view: unknown): Fault | undefined {
  const wrong = [
    textAt(view, "type") === "modal" ? undefined : "type must be modal",
    within(view, "title.text", 24),
    within(view, "submit.text", 24),
    within(view, "close.text", 24),
    within(view, "callback_id", 255),
    (textAt(view, "private_metadata") ?? "").length > 3_000
      ? "private_metadata too long"
      : undefined,
    ...listAt(view, "blocks").flatMap((block) => [
      within(block, "label.text", 2_000),
      within(block, "block_id", 255),
      within(block, "element.action_id", 255),
      Number(at(block, "element.max_length") ?? 1) > 3_000 ? "max_length above 3000" : undefined,
    ]),
  ].find((one) => one !== undefined);
  return wrong === undefined
    ? undefined
    : { error: "invalid_arguments", messages: [`[ERROR] ${wrong}`] };
}

function within(view: unknown, path: string, max: number): string | undefined {
  const length = textAt(view, path)?.length ?? 0;
  return length < 1 || length > max ? `${path} must be 1 to ${max} characters` : undefined;
}
