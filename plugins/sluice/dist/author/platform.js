/** A second door, for channels of a chat platform: requests that know whether they arrived, files by URL, Markdown as a tree, cuts of long texts. */
export { defineKind } from "../sdk/channel.js";
export { chunkMarkdown } from "../sdk/chunk.js";
export { parseMarkdown } from "../sdk/markdown/parse.js";
export { toWords } from "../sdk/markdown/tree.js";
export { fetchFile } from "../sdk/net/fetch-file.js";
export { openRequest, request } from "../sdk/net/request.js";
