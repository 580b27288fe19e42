import { expect, test } from "vitest";
import { Secret } from "../../sdk/secret.ts";
import { email } from "./index.ts";
import { MailRig, SERVER, toMailText } from "./mail-rig.fixture.ts";

test("adding a mailbox says what it found, which names there are to choose from, and whose password was refused", async () => {
  await using rig = await MailRig.open();
  rig.imap.deliver(toMailText({}));
  const check = (settings: Record<string, string>, smtp = rig.smtp.password) =>
    email.check?.(new Secret(rig.imap.password), settings, { smtp: new Secret(smtp) });
  expect(await check(rig.settings)).toMatch(
    /^agent@sluice\.test \(INBOX at 127\.0\.0\.1, 1 mails; out by 127\.0\.0\.1\)$/,
  );
  const { "authserv-id": _, ...unnamed } = rig.settings;
  await expect(check(unnamed)).rejects.toMatchObject({
    code: "bad_config",
    message: expect.stringContaining(SERVER),
  });
  await expect(check({ ...rig.settings, folder: "Nowhere" })).rejects.toMatchObject({
    code: "bad_config",
    message: expect.stringContaining("Nowhere"),
  });
  await expect(check(rig.settings, "wrong-password")).rejects.toMatchObject({
    code: "unauthorized",
    message: expect.not.stringContaining("wrong-password"),
  });
  const { address: __, ...homeless } = rig.settings;
  await expect(check(homeless)).rejects.toMatchObject({ code: "bad_config" });
});
