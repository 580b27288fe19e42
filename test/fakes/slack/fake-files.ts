/**
 * The server's files: uploads in three steps, downloads with the bot's token.
 *
 * Owns: what was uploaded, and the page that comes without a token. Never: messages.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { listAt, textAt } from "../../../src/sdk/json.ts";

type Upload = { name: string; length: number; bytes?: Buffer; channel?: string; thread?: string };
type Serving = { request: IncomingMessage; response: ServerResponse; body: Buffer; token: string };

export class FakeFiles {
  readonly uploads = new Map<string, Upload>();
  /** What people sent, by id. */
  readonly given = new Map<string, { bytes: Buffer; info: object }>();
  /** Authorization of each request for or with a file, by its path. */
  readonly seen: { path: string; authorization: string | undefined }[] = [];
  #next = 1;

  give(name: string, bytes: Buffer, info: object = {}): object {
    const id = `F0FILE${this.#next++}`;
    const file = {
      id,
      name,
      title: name,
      mimetype: "text/plain",
      size: bytes.length,
      mode: "hosted",
      ...info,
    };
    this.given.set(id, { bytes, info: file });
    return file;
  }

  begin(name: string, length: number, origin: string) {
    if (name === "" || !(length > 0)) return { ok: false, error: "invalid_arguments" };
    const id = `F0UP${this.#next++}`;
    this.uploads.set(id, { name, length });
    return { ok: true, upload_url: `${origin}/upload/${id}`, file_id: id };
  }

  complete(args: Record<string, unknown>) {
    const files = listAt(args, "files");
    const found = files.map((file) => this.uploads.get(textAt(file, "id") ?? ""));
    if (files.length === 0 || found.some((one) => one?.bytes === undefined))
      return { ok: false, error: "file_not_found" };
    for (const one of found)
      Object.assign(one ?? {}, { channel: args["channel_id"], thread: args["thread_ts"] });
    return {
      ok: true,
      files: files.map((file) => ({ id: textAt(file, "id"), title: textAt(file, "title") })),
    };
  }

  info(id: string, origin: string) {
    const file = this.given.get(id);
    if (file === undefined) return { ok: false, error: "file_not_found" };
    return { ok: true, file: { url_private_download: `${origin}/files-pri/${id}`, ...file.info } };
  }

  /** Shown files, as their readers see them. */
  shown(): Upload[] {
    return [...this.uploads.values()].filter(({ channel }) => channel !== undefined);
  }

  serve(path: string, { request, response, body, token }: Serving): void {
    const { authorization } = request.headers;
    this.seen.push({ path, authorization });
    const [, area = "", id = ""] = path.split("/");
    const upload = this.uploads.get(id);
    if (area === "upload" && upload !== undefined) {
      if (body.length !== upload.length) return void response.writeHead(400).end();
      upload.bytes = body;
      return void response.writeHead(200).end("OK - 1");
    }
    const file = this.given.get(id);
    if (area !== "files-pri" || file === undefined) return void response.writeHead(404).end();
    if (authorization !== `Bearer ${token}`)
      return void response
        .writeHead(200, { "content-type": "text/html; charset=utf-8" })
        .end(`<!DOCTYPE html><html><head><title>Slack</title></head>${" ".repeat(2_000)}</html>`);
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(file.bytes);
  }
}
