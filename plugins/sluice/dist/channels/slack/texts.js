/**
 * What makes messages of texts: the cutter and the renderer, loaded with the first message. A hub that only listens does not wait for
 * the reader of Markdown.
 */
/** Slack advises 4,000 and cuts what goes beyond 40,000. https://docs.slack.dev/reference/methods/chat.postMessage */
export const MAX_TEXT_CHARS = 4_000;
export async function loadTexts() {
    const [{ chunkMarkdown }, { renderMrkdwn }] = await Promise.all([
        import("../../sdk/chunk.js"),
        import("./mrkdwn.js"),
    ]);
    return {
        toPieces: (markdown, maxChars) => chunkMarkdown(markdown, maxChars, (piece) => Math.max(piece.length, renderMrkdwn(piece).length)).map((piece) => {
            const text = renderMrkdwn(piece);
            // What is nothing but marks is shown as it was typed.
            return text.trim() === "" ? piece : text;
        }),
    };
}
