/**
 * The frame of the page: signing in, the way between its pages, and what all of them share.
 *
 * Owns: the address behind `#`, the stream, the bar. Never: what a page shows (pages/).
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toMessage } from "../sdk/errors.ts";
import { forgetKey, isSignedIn, isSignInOver, signIn } from "./api.ts";
import { ChatPage } from "./pages/chat.tsx";
import { SignInForm } from "./pages/sign-in.tsx";
import { useIsSilent } from "./stream.ts";
import { useChats } from "./use-chats.ts";
import { Tour } from "./tour.tsx";
import { type Module, useModule } from "./use-module.ts";
import { usePrompts } from "./use-prompts.ts";

/** `isTold`: the reason says what to do. */
type SignInState =
  | { kind: "signing-in" }
  | { kind: "in" }
  | { kind: "out"; reason: string; isTold?: boolean };

const OUT = "Run this in a terminal on this machine and open the link that it prints.";

const loadApprovals = () => import("./pages/approvals.tsx");
const loadPush = () => import("./push.ts");
const loadStatus = () => import("./pages/status.tsx");
const loadTimeline = () => import("./pages/timeline.tsx");

/** The pages of the frame: a new one is a line here and a file in pages/. */
const PAGES = [
  { name: "chat", title: "Chats" },
  { name: "approvals", title: "Approvals" },
  { name: "timeline", title: "Timeline" },
  { name: "status", title: "Status" },
] as const;

export function App(): JSX.Element {
  const [state, setState] = useState<SignInState>(
    isSignedIn() && readToken() === undefined ? { kind: "in" } : { kind: "signing-in" },
  );
  useEffect(() => {
    const open = (): void => {
      const token = readToken();
      if (token === undefined) {
        if (!isSignedIn()) setState({ kind: "out", reason: OUT });
        return;
      }
      // Gone from the address bar and the history before anything else happens.
      history.replaceState(null, "", "/#/chat");
      signIn({ token }).then(
        () => setState({ kind: "in" }),
        (thrown: unknown) => {
          // A link that was opened a second time does no harm where this browser is signed in.
          if (isSignedIn()) setState({ kind: "in" });
          else setState({ kind: "out", reason: toReason(thrown), isTold: isSignInOver(thrown) });
        },
      );
    };
    // Another tab has signed in: a link opens in one of its own.
    const follow = (): void =>
      setState((before) => (before.kind === "out" && isSignedIn() ? { kind: "in" } : before));
    open();
    addEventListener("hashchange", open);
    addEventListener("storage", follow);
    return () => {
      removeEventListener("hashchange", open);
      removeEventListener("storage", follow);
    };
  }, []);
  if (state.kind === "in") {
    return (
      <Frame
        signedOut={() => {
          forgetKey();
          setState({ kind: "out", reason: OUT });
        }}
      />
    );
  }
  return (
    <main class="gate">
      <h1>Sluice</h1>
      {state.kind === "signing-in" ? (
        <p>Signing in…</p>
      ) : location.protocol === "https:" ? (
        // This machine's page has no https: it was opened elsewhere, through the owner's tunnel.
        <SignInForm signedIn={() => setState({ kind: "in" })} />
      ) : (
        <>
          <p role="alert">{state.reason}</p>
          {state.isTold !== true && <pre class="panel">sluice open</pre>}
        </>
      )}
    </main>
  );
}

function Frame({ signedOut }: { signedOut: () => void }): JSX.Element {
  const [hash, setHash] = useState(location.hash);
  const chats = useChats(signedOut);
  const approvals = usePrompts(signedOut);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  useEffect(() => {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    // Notifications belong to a sign-in: this one takes over what the browser still has.
    loadPush()
      .then(({ readPush }) => readPush())
      // The switch for notifications says why.
      .catch(() => undefined);
  }, []);
  const [, name = "chat", id] = hash.split("/");
  const approvalsPage = useModule(loadApprovals, name === "approvals");
  const timelinePage = useModule(loadTimeline, name === "timeline");
  const statusPage = useModule(loadStatus, name === "status");
  return (
    <div class="frame">
      <header class="bar">
        <h1 class="unseen">{PAGES.find((page) => page.name === name)?.title ?? "Chats"}</h1>
        <a class="brand" href="#/chat" aria-label="Sluice">
          <img src="/icon.svg" alt="" width="22" height="22" />
          <span>Sluice</span>
        </a>
        <nav aria-label="Pages">
          {PAGES.map((page) => (
            <a href={`#/${page.name}`} aria-current={page.name === name ? "page" : undefined}>
              {page.title}
              {page.name === "approvals" && approvals.open.length > 0 && (
                <span class="count" aria-label={`${approvals.open.length} waiting`}>
                  {approvals.open.length}
                </span>
              )}
            </a>
          ))}
        </nav>
        {chats.isOutdated && chats.isOnline ? (
          <button type="button" class="outdated" onClick={() => location.reload()}>
            Updated: load it again
          </button>
        ) : (
          <Connection isOnline={chats.isOnline} listening={chats.listening} />
        )}
      </header>
      <Tour />
      {name === "status" ? (
        <Later page={statusPage}>{({ StatusPage }) => <StatusPage signedOut={signedOut} />}</Later>
      ) : name === "approvals" ? (
        <Later page={approvalsPage}>
          {({ ApprovalsPage }) => (
            <ApprovalsPage approvals={approvals} id={id} listening={chats.listening} />
          )}
        </Later>
      ) : name === "timeline" ? (
        <Later page={timelinePage}>
          {({ TimelinePage }) => <TimelinePage approvals={approvals} id={id} />}
        </Later>
      ) : (
        <ChatPage chats={chats} approvals={approvals} id={id} />
      )}
    </div>
  );
}

/** A page that is fetched when it is first opened. */
function Later<M>(props: { page: Module<M>; children: (module: M) => JSX.Element }): JSX.Element {
  const { page, children } = props;
  switch (page.kind) {
    case "ready":
      return children(page.module);
    case "waiting":
      return <main class="later">Loading…</main>;
    case "failed":
      return (
        <main class="later">
          <p role="alert">This page could not be loaded; the hub may have been updated.</p>
          <button type="button" onClick={() => location.reload()}>
            Load it again
          </button>
        </main>
      );
    default:
      return page satisfies never;
  }
}

function Connection(props: { isOnline: boolean; listening: number | undefined }): JSX.Element {
  const { isOnline, listening } = props;
  const isSilent = useIsSilent();
  const [kind, text] = isSilent
    ? ["lost", "The hub does not answer"]
    : !isOnline
      ? ["lost", "Reconnecting…"]
      : listening === undefined
        ? ["new", "Connecting…"]
        : listening === 0
          ? ["idle", "Nobody is listening"]
          : ["good", listening === 1 ? "1 session" : `${listening} sessions`];
  return (
    <span class={`connection ${kind}`} role="status" title={text}>
      <span>{text}</span>
    </span>
  );
}

function readToken(): string | undefined {
  return /^#open=([\w-]{20,128})$/.exec(location.hash)?.[1];
}

/** In the hub's words, which say how to get another link. */
function toReason(thrown: unknown): string {
  const text = toMessage(thrown);
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
