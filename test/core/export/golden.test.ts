import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { createDiskFiles } from "../../../src/adapters/files/disk-files.ts";
import { exportModel } from "../../../src/core/export/export-files.ts";
import { exportTargets } from "../../../src/core/export/targets.ts";
import { loadSoundGateway } from "../../../src/usecases/load-gateway.ts";
import { formatFaults, hasTerraform } from "../../support/export/terraform-command.ts";
import { expectGolden } from "../../support/golden.ts";

const fixtures = resolve(import.meta.dirname, "../../../fixtures");

async function modelOf(file: string) {
  const { model } = await loadSoundGateway(createDiskFiles(), { file, variables: {} });
  return model;
}

describe.each([
  ["export/gateway.yaml", "export"],
  ["patterns/burst-combined/gateway.yaml", "patterns/burst-combined/exported"],
])("%s", (spec, folder) => {
  it.each(exportTargets)("is exported to %s as the repository has it", async (target) => {
    const { files } = exportModel(await modelOf(join(fixtures, spec)), target);
    expectGolden(join(fixtures, folder, target), files);
  });
});

describe("what is exported", () => {
  it.each(exportTargets)("holds no secret: %s", async (target) => {
    const { files, secrets } = exportModel(await modelOf(join(fixtures, "export/gateway.yaml")), target);
    const text = files.map((file) => file.text).join("\n");
    expect(text).not.toContain("never shown");
    expect(secrets.map(({ description }) => description)).toEqual([
      "Secret of the named value plain-secret: value.",
      "Secret of the logger appinsights: connectionString.",
    ]);
    for (const { name } of secrets) expect(text).toContain(name);
  });

  it("is the same whatever the order of the spec's keys", async () => {
    const model = await modelOf(join(fixtures, "export/gateway.yaml"));
    const reversed = { ...model, resources: model.resources.toReversed() };
    for (const target of exportTargets)
      expect(exportModel(reversed, target)).toEqual(exportModel(model, target));
  });

  it.skipIf(!hasTerraform())("is laid out as terraform fmt does", async () => {
    for (const spec of ["export/gateway.yaml", "patterns/everything/gateway.yaml"]) {
      const { files } = exportModel(await modelOf(join(fixtures, spec)), "terraform");
      expect(formatFaults(files)).toBe("");
    }
  });
});
