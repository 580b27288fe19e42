/**
 * Signing in from elsewhere, with the passphrase.
 *
 * Owns: the form. Never: keeps what was typed, or says more of a refusal than the hub does.
 */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { signInWithPassphrase } from "../api.ts";

export function SignInForm({ signedIn }: { signedIn: () => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [reason, setReason] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    const passphrase = field.current?.value ?? "";
    if (passphrase === "" || isBusy) return;
    setBusy(true);
    signInWithPassphrase(passphrase)
      .then(signedIn, (thrown: unknown) => {
        if (field.current !== null) field.current.value = "";
        field.current?.focus();
        setReason(thrown instanceof Error ? thrown.message : String(thrown));
      })
      .finally(() => setBusy(false));
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <label>
        Passphrase
        <input
          ref={field}
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
      {reason !== undefined && (
        <p class="bad" role="alert">
          {reason}
        </p>
      )}
    </form>
  );
}
