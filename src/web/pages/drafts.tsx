/**
 * Files that are attached to a message before it is sent.
 *
 * Owns: uploading them, and the limits that the hub has told. Never: sends the message.
 */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { FileView } from "../../api/wire/web-wire.ts";
import { toMessage } from "../../sdk/errors.ts";
import { upload } from "../api.ts";
import { toSize } from "./file.tsx";

export type DraftLimits = { maxFileBytes: number; maxFiles: number };
/** `file`: the hub has it. `reason`: why it cannot be attached. With neither it is on its way. */
type Draft = { name: string; bytes: number; file?: FileView; reason?: string };
type Drafts = ReturnType<typeof useDrafts>;

export function useDrafts({ maxFileBytes, maxFiles }: DraftLimits) {
  const [list, setList] = useState<Draft[]>([]);
  const attach = (chosen: Iterable<File>): void => {
    const free = maxFiles - list.length;
    for (const [index, file] of [...chosen].entries()) {
      const draft: Draft = { name: file.name || "pasted", bytes: file.size };
      const settle = (change: Partial<Draft>): void =>
        setList((before) =>
          before.map((one) => (one === draft ? Object.assign(draft, change) : one)),
        );
      setList((before) => [...before, draft]);
      if (index >= free) settle({ reason: `more than ${maxFiles} files` });
      else if (file.size > maxFileBytes) settle({ reason: `larger than ${toSize(maxFileBytes)}` });
      else
        upload<FileView>(file).then(
          (kept) => settle({ file: kept }),
          (thrown: unknown) => settle({ reason: toMessage(thrown) }),
        );
    }
  };
  return {
    list,
    files: list.flatMap(({ file }) => (file === undefined ? [] : [file])),
    hasFailed: list.some(({ reason }) => reason !== undefined),
    attach,
    remove: (draft: Draft) => setList((before) => before.filter((one) => one !== draft)),
    clear: () => setList([]),
  };
}

export function DraftList({ drafts }: { drafts: Drafts }): JSX.Element | null {
  if (drafts.list.length === 0) return null;
  return (
    <ul class="drafts" aria-label="Attached files">
      {drafts.list.map((draft) => (
        <li class={draft.reason === undefined ? "" : "bad"}>
          <span class="name" dir="auto">
            {draft.name}
          </span>
          <span class="size">
            {draft.reason ?? (draft.file === undefined ? "uploading" : toSize(draft.bytes))}
          </span>
          <button
            type="button"
            aria-label={`Remove ${draft.name}`}
            onClick={() => drafts.remove(draft)}
          >
            ✕
          </button>
        </li>
      ))}
    </ul>
  );
}

export function AttachButton({
  onFiles,
}: {
  onFiles: (files: Iterable<File>) => void;
}): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="attach"
        aria-label="Attach files"
        onClick={() => picker.current?.click()}
      >
        +
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onFiles(currentTarget.files ?? []);
          currentTarget.value = "";
        }}
      />
    </>
  );
}
