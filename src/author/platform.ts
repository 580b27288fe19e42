/** A second door, for channels of a chat platform: requests that know whether they arrived, files by URL, Markdown as a tree, cuts of long texts. */
export { defineKind } from "../sdk/channel.ts";
export { chunkMarkdown } from "../sdk/chunk.ts";
export { parseMarkdown } from "../sdk/markdown/parse.ts";
export { toWords } from "../sdk/markdown/tree.ts";
export { fetchFile } from "../sdk/net/fetch-file.ts";
export { openRequest, request } from "../sdk/net/request.ts";

export type {
  Account,
  ChannelConnection,
  ChannelContext,
  ChannelDefinition,
  ChannelOptions,
  ChannelSetting,
  Received,
} from "../sdk/channel.ts";
export type { FetchFileOptions } from "../sdk/net/fetch-file.ts";
export type { Block, BlockOf, Item, Span } from "../sdk/markdown/tree.ts";
export type { Answer, RequestOptions } from "../sdk/net/request.ts";
