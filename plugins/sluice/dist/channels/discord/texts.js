export async function loadTexts() {
    const [cutter, renderer] = await Promise.all([
        import("../../sdk/chunk.js"),
        import("./render.js"),
    ]);
    return { chunkMarkdown: cutter.chunkMarkdown, renderDiscord: renderer.renderDiscord };
}
