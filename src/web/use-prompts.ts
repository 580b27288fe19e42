/**
 * The prompts on this tab, kept equal to the hub's.
 *
 * Owns: the waiting prompts, those that ended lately, and asking for a whole one. Never: how they look; decides.
 *
 * TABPROMPTS-1 The hub's answer replaces this tab's state: after every reconnect all is read again. Prompts that are pushed meanwhile
 *    are newer.
 * TABPROMPTS-2 Oldest first, new ones behind: nothing moves under a finger that is about to tap.
 */
import { useEffect, useMemo, useState } from "preact/hooks";
import type {
  ApprovalsView,
  PageAway,
  PageOutcome,
  PageVerdict,
  PromptDetail,
  PromptHistoryView,
  PromptLine,
} from "../api/wire/approvals-wire.ts";
import { toMessage } from "../sdk/errors.ts";
import { call, isSignInOver } from "./api.ts";
import { Meanwhile } from "./meanwhile.ts";
import { type Push, useStream } from "./stream.ts";
import { noteHubTime } from "./time.ts";
import { showWaiting } from "./title.ts";

export type Approvals = {
  isOnline: boolean;
  /** False until the hub has said what waits. */
  isKnown: boolean;
  reason: string | undefined;
  /** False: this browser can view and deny, not approve. */
  mayAllow: boolean;
  isAway: boolean;
  setAway(isAway: boolean): Promise<void>;
  open: readonly PromptLine[];
  /** Newest first; those that were read, and those that ended since. */
  history: readonly PromptLine[];
  hasOlder: boolean;
  /** False: of the history only what ended since is known. */
  isHistoryRead: boolean;
  loadHistory(): Promise<void>;
  /** Grows with every change of a prompt, and with every reconnect. */
  version(id: string): number;
  decide(
    prompt: PromptDetail,
    verdict: PageVerdict["verdict"],
    typedCode?: string,
  ): Promise<PageOutcome>;
};

type History = { prompts: PromptLine[]; next: string | undefined; isRead: boolean };

const UNREAD: History = { prompts: [], next: undefined, isRead: false };
const PAGE = 50;

export function usePrompts(signedOut: () => void): Approvals {
  const [view, setView] = useState<ApprovalsView>();
  const [reason, setReason] = useState<string>();
  const [versions, setVersions] = useState<Record<string, number>>({});
  const [opened, setOpened] = useState(0);
  const pushes = useMemo(() => new Meanwhile<PromptLine>(), []);
  const { take: takeEnded, forget, ...history } = useHistory();

  const take = (push: Push): void => {
    if (push.kind === "away") setView((before) => before && { ...before, away: push.away });
    if (push.kind !== "prompt") return;
    const { prompt, now } = push;
    noteHubTime(now);
    pushes.note(prompt);
    setView((before) => before && { ...before, open: withOpen(before.open, prompt) });
    if (prompt.state !== "pending") takeEnded(prompt);
    setVersions((before) => ({ ...before, [prompt.id]: (before[prompt.id] ?? 0) + 1 }));
  };
  const refresh = (): void => {
    setOpened((before) => before + 1);
    forget();
    pushes
      .read(call<ApprovalsView>("prompts"), (read, pushed) => {
        noteHubTime(read.now);
        setView({ ...read, open: pushed.reduce(withOpen, read.open).toSorted(byAge) });
        setReason(undefined);
      })
      .catch((thrown: unknown) => {
        if (isSignInOver(thrown)) signedOut();
        setReason(toMessage(thrown));
      });
  };
  const isOnline = useStream({ opened: refresh, pushed: take, refused: signedOut });
  const open = view?.open ?? [];
  useEffect(() => showWaiting(open.length), [open.length]);

  return {
    isOnline,
    isKnown: view !== undefined,
    reason,
    mayAllow: view?.mayAllow ?? false,
    isAway: view?.away.isAway ?? false,
    async setAway(isAway) {
      const away = await call<PageAway>("away", { mode: isAway ? "on" : "auto" });
      setView((before) => before && { ...before, away });
    },
    open,
    ...history,
    version: (id) => opened + (versions[id] ?? 0),
    decide: ({ id, digest }, verdict, typedCode) =>
      call<PageOutcome>(`prompts/${id}/verdict`, {
        verdict,
        digest,
        ...(typedCode === undefined ? {} : { typedCode }),
      }),
  };
}

/** Prompts that are over: pages that were read, and in front of them those that ended since. */
function useHistory() {
  const [{ prompts, next, isRead }, setHistory] = useState<History>(UNREAD);
  return {
    history: prompts,
    hasOlder: !isRead || next !== undefined,
    isHistoryRead: isRead,
    async loadHistory(): Promise<void> {
      const from = next === undefined ? "" : `&before=${next}`;
      const page = await call<PromptHistoryView>(`prompts/history?limit=${PAGE}${from}`);
      setHistory((before) => {
        const known = new Set(before.prompts.map(({ id }) => id));
        const older = page.prompts.filter(({ id }) => !known.has(id));
        return { prompts: [...before.prompts, ...older], next: page.next, isRead: true };
      });
    },
    take(prompt: PromptLine): void {
      setHistory((before) => ({
        ...before,
        prompts: [prompt, ...before.prompts.filter(({ id }) => id !== prompt.id)],
      }));
    },
    forget: () => setHistory(UNREAD),
  };
}

function withOpen(open: readonly PromptLine[], prompt: PromptLine): PromptLine[] {
  const others = open.filter(({ id }) => id !== prompt.id);
  return prompt.state === "pending" ? [...others, prompt].toSorted(byAge) : others;
}

function byAge(a: PromptLine, b: PromptLine): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
