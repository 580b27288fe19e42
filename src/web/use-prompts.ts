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

type History = { prompts: PromptLine[]; next: string | undefined; isRead: boolean };

const UNREAD: History = { prompts: [], next: undefined, isRead: false };
const PAGE = 50;

export type Approvals = ReturnType<typeof usePrompts>;

export function usePrompts(signedOut: () => void) {
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
  const open: readonly PromptLine[] = view?.open ?? [];
  useEffect(() => showWaiting(open.length), [open.length]);

  return {
    isOnline,
    /** False until the hub has said what waits. */
    isKnown: view !== undefined,
    reason,
    /** False: this browser can view and deny, not approve. */
    mayAllow: view?.mayAllow ?? false,
    isAway: view?.away.isAway ?? false,
    afterMs: view?.afterMs,
    async setAway(isAway: boolean): Promise<void> {
      const away = await call<PageAway>("away", { mode: isAway ? "on" : "auto" });
      setView((before) => before && { ...before, away });
    },
    open,
    ...history,
    /** Grows with every change of a prompt, and with every reconnect. */
    version: (id: string) => opened + (versions[id] ?? 0),
    decide: ({ id, digest }: PromptDetail, verdict: PageVerdict["verdict"], typedCode?: string) =>
      call<PageOutcome>(`prompts/${id}/verdict`, { verdict, digest, typedCode }),
  };
}

/** Prompts that are over: pages that were read, and in front of them those that ended since. */
function useHistory() {
  const [{ prompts, next, isRead }, setHistory] = useState<History>(UNREAD);
  return {
    /** Newest first. */
    history: prompts,
    hasOlder: !isRead || next !== undefined,
    /** False: of the history only what ended since is known. */
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
