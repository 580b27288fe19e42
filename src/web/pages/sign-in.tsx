/**
 * Signing in from elsewhere, with the passphrase.
 *
 * Owns: the form. Never: keeps what was typed, or says more of a refusal than the hub does.
 */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { signIn } from "../api.ts";
import { useTask } from "../use-task.ts";
import { Alert } from "./alert.tsx";

export function SignInForm({ signedIn }: { signedIn: () => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const { isBusy, reason, run } = useTask();
  const submit = (event: Event): void => {
    event.preventDefault();
    const passphrase = field.current?.value ?? "";
    if (passphrase === "" || isBusy) return;
    run(
      signIn({ passphrase }).then(signedIn, (thrown: unknown) => {
        if (field.current !== null) field.current.value = "";
        field.current?.focus();
        throw thrown;
      }),
    );
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <label>
        Passphrase
        <input
          ref={field}
          class="panel"
          type="password"
          name="passphrase"
          autocomplete="current-password"
          required
          maxLength={256}
          autofocus
        />
      </label>
      <button type="submit" class="send" disabled={isBusy}>
        {isBusy ? "Signing in…" : "Sign in"}
      </button>
      <Alert reason={reason} />
    </form>
  );
}
