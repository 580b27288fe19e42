/**
 * The list of the keys of the approvals page.
 */
import type { JSX, RefObject } from "preact";

const KEYS = [
  { keys: ["j", "k"], does: "next, previous prompt" },
  { keys: ["Enter"], does: "open it" },
  {
    keys: ["a"],
    does: "approve, while the focus is in the prompt; where a code is needed, the key leads to its field",
  },
  { keys: ["d"], does: "deny, while the focus is in the prompt" },
  { keys: ["r"], does: "deny and say why" },
  { keys: ["?"], does: "these keys" },
];

export function KeysHelp({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }): JSX.Element {
  return (
    <dialog ref={dialog} class="keys panel" aria-label="Keys">
      <h2>Keys</h2>
      <dl>
        {KEYS.map(({ keys, does }) => (
          <>
            <dt>
              {keys.map((key, at) => (
                <>
                  {at > 0 && " "}
                  <kbd>{key}</kbd>
                </>
              ))}
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button class="plain">Close</button>
      </form>
    </dialog>
  );
}
