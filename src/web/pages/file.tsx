/**
 * One file of a message: an image shown, anything else named; both can be saved.
 *
 * Owns: fetching it with the key that this origin holds. Never: shows a document: the hub says which four kinds are images.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { FileView } from "../../api/wire/web-wire.ts";
import { download } from "../api.ts";

export function FileLine({ file }: { file: FileView }): JSX.Element {
  const isImage = file.mime.startsWith("image/");
  const [address, setAddress] = useState<string>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (!isImage) return undefined;
    let made: string | undefined;
    let isGone = false;
    download(file.id).then(
      (blob) => {
        if (isGone) return;
        made = URL.createObjectURL(blob);
        setAddress(made);
      },
      () => setFailed(true),
    );
    return () => {
      isGone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [file.id]);
  const onSave = (): void => {
    save(file).catch(() => setFailed(true));
  };
  return (
    <div class="file">
      {address !== undefined && <img src={address} alt={file.name} />}
      <button type="button" class="save" onClick={onSave} aria-label={`Save ${file.name}`}>
        <span class="name" dir="auto">
          {file.name}
        </span>
        <span class="size">{hasFailed ? "not available" : toSize(file.bytes)}</span>
      </button>
    </div>
  );
}

export function toSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

async function save(file: FileView): Promise<void> {
  const address = URL.createObjectURL(await download(file.id));
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
