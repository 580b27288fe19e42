/**
 * node:http without its ESM facade, for what a client waits to see started.
 *
 * Owns: that import. An `import` of node:http reads each of its exports, and one of them loads all of undici: a fifth of a shim's start.
 */
import type * as Http from "node:http";

const http: typeof Http = process.getBuiltinModule("node:http");
export const { Agent, request } = http;
