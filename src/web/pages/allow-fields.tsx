/**
 * The fields beside the approval of a call: how long it stays allowed, and its code.
 *
 * Owns: their looks. Never: decides whether they count: the hub does.
 */
import type { JSX, RefObject } from "preact";
import type { PromptDetail } from "../../api/wire/approvals-wire.ts";
import { findKeepLimit, KEEP_WORDS } from "../../sdk/keep-words.ts";
import type { Keep } from "../../sdk/prompt.ts";

/** `keep` undefined: only this time. */
export type Allowance = { keep: Keep | undefined; typedCode: string };

/** A rule is made with the code, also of a call that needs none. */
export function needsCode({ isRisky }: PromptDetail, { keep }: Allowance): boolean {
  return isRisky || keep !== undefined;
}

export function AllowFields(props: {
  prompt: PromptDetail;
  allowance: Allowance;
  codeField: RefObject<HTMLInputElement | null>;
  onChange: (allowance: Allowance) => void;
  onEnter: () => void;
}): JSX.Element {
  const { prompt, allowance, codeField, onChange, onEnter } = props;
  const { keeps, code, tool } = prompt;
  const { keep, typedCode } = allowance;
  const limit = keep === undefined ? undefined : findKeepLimit(tool);
  return (
    <div class="allow-fields">
      {keeps.length > 0 && (
        <label class="keep">
          <span>Allow</span>
          <select
            class="panel"
            aria-label="Allow"
            value={keep ?? ""}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...allowance, keep: keeps.find((one) => one === value) })
            }
          >
            <option value="">Only this time</option>
            {keeps.map((one) => (
              <option value={one}>{toLabel(one)}</option>
            ))}
          </select>
        </label>
      )}
      {needsCode(prompt, allowance) && (
        <label class="typed-code">
          <span>
            To approve, type <b class="letters">{code}</b>
          </span>
          <input
            ref={codeField}
            value={typedCode}
            autocomplete="off"
            autocapitalize="off"
            autocorrect="off"
            spellcheck={false}
            maxLength={16}
            onInput={({ currentTarget: { value } }) => onChange({ ...allowance, typedCode: value })}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              onEnter();
            }}
          />
        </label>
      )}
      {limit !== undefined && <p class="keep-limit">{limit}</p>}
    </div>
  );
}

function toLabel(keep: Keep): string {
  const words = KEEP_WORDS[keep];
  return `${words[0]?.toUpperCase()}${words.slice(1)}`;
}
