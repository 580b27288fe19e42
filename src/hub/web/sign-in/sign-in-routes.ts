/**
 * How a browser signs in, and the credentials that each of its later requests must carry.
 *
 * Owns: cookies, and which way of signing in works where. Never: what a credential is (sign-in.ts, remote.ts).
 *
 * SIGNINROUTE-1 A launch link works on this machine only, the passphrase only through the owner's tunnel.
 * SIGNINROUTE-2 The cookie of the tunnel is `__Host-`: a browser takes it over https only, and from no other host, not even one of the
 *    same domain.
 */
import type { Context } from "hono";
import { Hono, type MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { body } from "../../../api/routes/parse.ts";
import { passphraseSignInSchema, redeemSchema } from "../../../api/wire/web-wire.ts";
import type { FaultView } from "../../../api/wire/wire.ts";
import { SluiceError } from "../../../sdk/errors.ts";
import type { Database } from "../../../store/file/database.ts";
import type { WebPlace, WebSession } from "../../../store/page/web-sessions.ts";
import { toPlace } from "../guard.ts";
import type { Remote } from "./remote.ts";
import { isOpenToRemote } from "./remote-scope.ts";
import { type SignedIn, type SignIn, toCookieSeconds } from "./sign-in.ts";

export type SignInOptions = {
  db: Database;
  signIn: SignIn;
  remote: Pick<Remote, "origin" | "check">;
  port: () => number;
  /** Puts a line into the audit; inside `db.write`. */
  note: (actor: string, action: string, detail: string) => void;
  /** Carries a line to the owners. Must not throw. */
  notifyOwner: (text: string) => void;
};

type Variables = { Variables: { session: WebSession } };

export function createSignInRoutes(options: SignInOptions) {
  const { db, signIn, remote, note, notifyOwner } = options;
  const answer = (c: Context, { session, cookie, key }: SignedIn): Response => {
    const isRemote = session.place === "remote";
    setCookie(c, toCookieName(options, session.place), cookie, {
      httpOnly: true,
      sameSite: "Strict",
      path: isRemote ? "/" : "/v1",
      maxAge: toCookieSeconds(session),
      ...(isRemote ? { secure: true } : {}),
    });
    return c.json({ key });
  };
  return new Hono()
    .post("/sign-in", body(redeemSchema), async (c) => {
      if (readPlace(options, c) === "remote")
        throw new SluiceError("unauthorized", "a launch link works on its own machine only");
      const signedIn = await signIn.redeem(c.req.valid("json").token, readAgent(c));
      const { id, label } = signedIn.session;
      await db.write(() => note("page", "sign-in", `browser ${id} by a launch link: ${label}`));
      if (signedIn.session.mayAllow)
        notifyOwner(
          `Sluice: a browser that may allow was signed in on this machine: ${label}. If it was not you: sluice web revoke ${id}`,
        );
      return answer(c, signedIn);
    })
    .post("/sign-in/passphrase", body(passphraseSignInSchema), async (c) => {
      if (readPlace(options, c) !== "remote")
        throw new SluiceError("unauthorized", 'here a link signs in; run "sluice open"');
      await remote.check(c.req.valid("json").passphrase);
      const signedIn = await signIn.openRemote(readAgent(c));
      const { id, label } = signedIn.session;
      await db.write(() => note("remote page", "sign-in", `browser ${id} by passphrase: ${label}`));
      notifyOwner(
        `Sluice: a browser signed in at ${remote.origin?.origin ?? "your page"}: ${label}. If it was not you: sluice web revoke ${id}`,
      );
      return answer(c, signedIn);
    });
}

/** Lets nobody pass who is not signed in with both halves, and nobody from elsewhere change what is closed to them. */
export function requireSession(options: SignInOptions): MiddlewareHandler<Variables> {
  return async (c, next) => {
    const place = readPlace(options, c);
    const session = options.signIn.find(
      readCookie(options, c),
      c.req.header("x-sluice-key"),
      place,
    );
    if (session === undefined)
      throw new SluiceError(
        "unauthorized",
        place === "here"
          ? 'not signed in here; run "sluice open"'
          : "not signed in here; sign in with the passphrase",
      );
    if (place === "remote" && !isOpenToRemote(c.req.method, c.req.path)) {
      const message = `${c.req.path} cannot be changed from elsewhere; do it on the machine that Sluice runs on`;
      const fault: FaultView = { error: { code: "unauthorized", message, retryable: false } };
      return c.json(fault, 403);
    }
    c.set("session", session);
    await next();
    return undefined;
  };
}

export function readCookie(options: SignInOptions, c: Context): string | undefined {
  return getCookie(c, toCookieName(options, readPlace(options, c)));
}

export function readPlace({ remote }: Pick<SignInOptions, "remote">, c: Context): WebPlace {
  return toPlace(c.req.header("host"), remote.origin);
}

/** The port is in the name: cookies do not know ports, and two hubs must not end each other's sessions. */
function toCookieName({ port }: SignInOptions, place: WebPlace): string {
  return place === "remote" ? "__Host-sluice" : `sluice_${port()}`;
}

function readAgent(c: Context): string {
  return c.req.header("user-agent") ?? "";
}
