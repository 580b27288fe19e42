/**
 * Routes of remote access to the page, for the command line: its origin and its passphrase.
 *
 * Owns: that only a person at a terminal changes them. Never: what they mean (hub/web/sign-in/remote.ts).
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { requirePerson } from "./require-caller.ts";
import { passphraseSchema, remoteSchema } from "../wire/web-remote-wire.ts";

export function createRemoteRoutes({ web, toCaller }: Pick<ApiOptions, "web" | "toCaller">) {
  return new Hono<{ Bindings: HttpBindings }>()
    .get("/web/remote", (c) => c.json(web.describeRemote()))
    .post("/web/remote", body(remoteSchema), async (c) => {
      const { origin, caller } = c.req.valid("json");
      // Closing is safe, whoever does it.
      const actor =
        origin === undefined
          ? toCaller(caller).origin
          : requirePerson(toCaller(caller), "the page is opened to other machines");
      return c.json(await web.setRemote(origin, actor));
    })
    .post("/web/passphrase", body(passphraseSchema), async (c) => {
      const { passphrase, caller } = c.req.valid("json");
      const actor = requirePerson(toCaller(caller), "the passphrase of the page is set");
      return c.json(await web.setPassphrase(passphrase, actor));
    });
}
