/**
 * Sessions and channels beside the events: which sessions are open, which wait for a person, and which channels fail.
 *
 * Owns: their looks; the words are the status's own. Never: asks or changes anything.
 */
import type { JSX } from "preact";
import type { PromptLine } from "../../api/wire/approvals-wire.ts";
import type { ChannelView, SessionView } from "../../api/wire/wire.ts";
import { toChannelState } from "../../sdk/show/channel-state.ts";
import { toSpan, useNow } from "../ages.ts";
import { toTitle } from "./approvals-words.ts";

type SessionsProps = {
  sessions: readonly SessionView[] | undefined;
  /** What waits for people. */
  prompts: readonly PromptLine[];
};

export function Sessions({ sessions, prompts }: SessionsProps): JSX.Element {
  return (
    <section>
      <h2 class="fine">Sessions</h2>
      {sessions?.length === 0 && <p class="none">No session is open.</p>}
      <ul class="cards panel">
        {sessions?.map((session) => (
          <li key={session.id}>
            <span class="top">
              <b dir="auto">{session.label}</b>
              <span class={`state ${session.state}`}>{toProof(session)}</span>
            </span>
            <Doing
              session={session}
              prompts={prompts.filter((prompt) => prompt.session === session.id)}
            />
            <span class="soft">
              {toCount(session.wakesToday, "wake")} today
              {session.waiting > 0 && ` · ${toCount(session.waiting, "event")} waiting`}
            </span>
            {(session.reason ?? session.silence) !== undefined && (
              <span class="fine">{session.reason ?? session.silence}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Doing(props: { session: SessionView; prompts: readonly PromptLine[] }): JSX.Element {
  const { session, prompts } = props;
  const [first] = prompts;
  if (first === undefined)
    return <span class={session.busy ? "busy" : "soft"}>{session.busy ? "busy" : "idle"}</span>;
  return (
    <span class="waits" dir="auto">
      waits for {first.handedTo ?? "you"}:{" "}
      <a href={`#/approvals/${first.id}`}>
        {toTitle(first)}
        {prompts.length > 1 && ` and ${prompts.length - 1} more`}
      </a>
    </span>
  );
}

function toProof({ lane, state }: SessionView): string {
  return `${lane}, ${state === "none" ? "not tested yet" : state}`;
}

export function Channels(props: { channels: readonly ChannelView[] | undefined }): JSX.Element {
  const { channels } = props;
  const now = useNow(10_000);
  return (
    <section>
      <h2 class="fine">Channels</h2>
      {channels?.length === 0 && <p class="none">No channels.</p>}
      <ul class="cards panel">
        {channels?.map((channel) => {
          const refused = Object.values(channel.refused).reduce((sum, count) => sum + count, 0);
          return (
            <li key={channel.name}>
              <span class="top">
                <b>{channel.name}</b>
                <span class={`state ${toChannelState(channel).replaceAll(" ", "-")}`}>
                  {toChannelState(channel)}
                </span>
              </span>
              <span class="soft">
                {channel.kind}
                {channel.lastEventAt === undefined
                  ? " · no event yet"
                  : ` · last event ${toSpan(now - channel.lastEventAt)} ago`}
                {refused > 0 && ` · ${refused} refused`}
              </span>
              {channel.reason !== undefined && <span class="fine">{channel.reason}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function toCount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
