import { encode } from "uqr";
import { expect, test } from "vitest";
import { toQrCode } from "./qr-code.ts";

test("the code drawn is the link's own, module by module", async () => {
  const link = "https://t.me/my_ci_bot?start=FEPK-8TSK";
  const { data, size } = encode(link, { border: 2 });
  const lines = await toQrCode(link);
  const halves: Readonly<Record<string, [boolean, boolean]>> = {
    "█": [false, false],
    "▀": [false, true],
    "▄": [true, false],
    " ": [true, true],
  };
  for (const [y, row] of data.entries())
    for (const [x, isDark] of row.entries())
      expect(halves[lines[y >> 1]?.[x] ?? ""]?.[y % 2], `${x}, ${y}`).toBe(isDark);
  expect(lines).toHaveLength(Math.ceil(size / 2));
});
