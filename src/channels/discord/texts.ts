/**
 * What makes messages of texts: the cutter and the renderer, loaded with the first message. A hub that only listens does not wait for
 * the reader of Markdown.
 */
import type { chunkMarkdown } from "../../sdk/chunk.ts";
import type { renderDiscord } from "./render.ts";

type Texts = { chunkMarkdown: typeof chunkMarkdown; renderDiscord: typeof renderDiscord };

export async function loadTexts(): Promise<Texts> {
  const [cutter, renderer] = await Promise.all([
    import("../../sdk/chunk.ts"),
    import("./render.ts"),
  ]);
  return { chunkMarkdown: cutter.chunkMarkdown, renderDiscord: renderer.renderDiscord };
}
