/** The built command finds its C# grammar. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, temporaryFolder } from "../support/run-cli.ts";

const sound =
  "<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>\n";
const wrongCode = sound.replace("<base />", '<base /><set-variable name="a" value="@(1 +)" />');

describe("lint policies", () => {
  it("checks the C# in expressions, unless told not to", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.xml"), wrongCode);
    const { code, stdout } = await runCli(folder, ["lint", "policies", "a.xml", "--format", "json"]);
    expect(code, stdout).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 1, summary: { files: 1, errors: 1 } });
    expect(await runCli(folder, ["lint", "policies", "a.xml", "--no-expressions"])).toMatchObject({
      code: 0,
    });
  });
});
