import { copyFileSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { repository, temporaryFolder } from "../support/run-cli.ts";
import { runInProcess } from "../support/run-in-process.ts";
import { sharedFolder } from "../support/shared-data.ts";

const shared = sharedFolder("openapi");
const documents = [
  {
    name: "our own description",
    file: resolve(repository, "templates/openapi/azure-openai-2025-03-01-preview.json"),
  },
  { name: "the real document", file: join(shared ?? "", "azure-openai-2025-03-01-preview.json") },
];

describe("the main job over the whole Azure OpenAI inference API", () => {
  for (const { name, file } of documents) {
    it.skipIf(!existsSync(file))(
      `with ${name}: every template is created and then has nothing to do`,
      async () => {
        for (const template of [
          "simple",
          "facade",
          "load-balance",
          "burst-breaker",
          "burst-retry",
          "burst-combined",
          "shared",
        ]) {
          const folder = temporaryFolder();
          const run = (...args: string[]) => runInProcess(folder, args);
          await run("init", ".", "--template", template);
          copyFileSync(file, join(folder, "specs/azure-openai.json"));
          const lint = await run("lint", "--format", "json");
          expect(lint, lint.stdout).toMatchObject({ code: 0, stderr: "" });
          const apply = await run("apply", "--local", "--auto-approve");
          expect(apply, apply.stderr).toMatchObject({ code: 0 });
          const plan = await run("plan", "--local", "--detailed-exitcode");
          expect(plan, plan.stdout).toMatchObject({ code: 0 });
        }
      },
    );
  }

  it("imports every operation of the description", async () => {
    const folder = temporaryFolder();
    await runInProcess(folder, ["init", ".", "--template", "simple"]);
    await runInProcess(folder, ["apply", "--local", "--auto-approve"]);
    const openapi = JSON.parse(readFileSync(join(folder, "specs/azure-openai.json"), "utf8")) as {
      paths: Record<string, Record<string, { operationId?: string }>>;
    };
    const wanted = Object.values(openapi.paths).flatMap((item) =>
      Object.values(item).flatMap(({ operationId }) => operationId ?? []),
    );
    const stored = readdirSync(join(folder, ".apimgw/local"), { recursive: true, encoding: "utf8" })
      .filter((path) => /operations.[^/\\]+\.json$/.test(path))
      .map((path) => {
        const entry = JSON.parse(readFileSync(join(folder, ".apimgw/local", path), "utf8")) as {
          path: string;
        };
        return entry.path.split("/").at(-1);
      });
    expect(wanted.length).toBeGreaterThan(40);
    expect(stored.sort()).toEqual(wanted.sort());
  });
});
