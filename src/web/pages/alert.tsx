/**
 * A line that says why something failed. Owns: its looks.
 */
import type { JSX } from "preact";

/** Why something failed; nothing where it did not. */
export function Alert({ reason }: { reason: string | undefined }): JSX.Element | null {
  if (reason === undefined) return null;
  return (
    <p class="bad" role="alert">
      {reason}
    </p>
  );
}
