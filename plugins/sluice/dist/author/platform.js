/** A second door, for channels of a chat platform: requests that know whether they arrived, files by URL, cuts of long texts. */
export { defineKind } from "../sdk/channel.js";
export { chunkMarkdown } from "../sdk/chunk.js";
export { fetchFile } from "../sdk/net/fetch-file.js";
export { openRequest, request } from "../sdk/net/request.js";
