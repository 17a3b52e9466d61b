/** The built command is killed in the middle of apply, as by a machine that goes down; the service lives on. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readStored } from "../usecases/foreign-resources.ts";
import { runCli, startCli, temporaryFolder } from "../support/run-cli.ts";

const kills = 4;
const operations = Array.from({ length: 8 }, (_, index) => `Op${index}`);
const openApi = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Small", version: "1" },
  paths: Object.fromEntries(
    operations.map((operationId) => [
      `/${operationId.toLowerCase()}`,
      { post: { operationId, responses: { 200: { description: "OK" } } } },
    ]),
  ),
});

/** A spec whose every version changes nearly everything. */
const specOf = (version: number): string => `apimgw: 1
name: team-a
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
backends:
  a: { url: https://a${version}.example/openai }
  b${version}: { url: https://b.example/openai }
pools:
  p: { members: [{ backend: a }, { backend: b${version} }] }
namedValues:
  n: { value: v${version} }
apis:
  small:
    path: small
    openapi: openapi.json
    operations:
${operations.map((id) => `      ${id}: { backend: p, timeout: ${version + 1}m }\n`).join("")}`;

it("gets there after it was killed again and again", async () => {
  const folder = temporaryFolder();
  const faults = "rules: [{ match: { method: [PUT, DELETE] }, delay: { before: 10ms, after: 10ms } }]\n";
  writeFileSync(join(folder, "faults.yaml"), faults);
  writeFileSync(join(folder, "openapi.json"), openApi);
  const dev = startCli(folder, [
    "dev",
    "--applied",
    "--port",
    "0",
    "--management-port",
    "0",
    "--format",
    "json",
    "--faults",
    "faults.yaml",
  ]);
  onTestFinished(() => void dev.child.kill("SIGKILL"));
  let writes = 0;
  let onWrite: () => void = () => undefined;
  dev.child.stderr?.on("data", (text: string) => {
    writes += text.split("\n").filter((line) => /^(?:PUT|DELETE)/.test(line)).length;
    onWrite();
  });
  let management = "";
  dev.child.stdout?.on(
    "data",
    (text: string) => (management ||= /"management":"([^"]+)"/.exec(text)?.[1] ?? ""),
  );
  await dev.says("\n");
  const env = { APIMGW_ACCESS_TOKEN: "anything" };
  const apply = ["apply", "--auto-approve", "--arm-endpoint", management];

  const moments: number[] = [];
  for (let round = 0; round < kills; round += 1) {
    writeFileSync(join(folder, "gateway.yaml"), specOf(round));
    const { child, ended } = startCli(folder, apply, env);
    const moment = 1 + Math.floor(Math.random() * 12);
    moments.push(moment);
    writes = 0;
    onWrite = () => {
      if (writes >= moment) child.kill("SIGKILL");
    };
    const { signal, code, stderr } = await ended;
    expect(signal === "SIGKILL" || code === 0, `killed at ${moments.join()}: ${stderr}`).toBe(true);
  }
  onWrite = () => undefined;

  const last = await runCli(folder, apply, env);
  expect(last, `killed at ${moments.join()}: ${last.stderr}`).toMatchObject({ code: 0 });
  const plan = await runCli(folder, ["plan", "--arm-endpoint", management], env);
  expect(plan.stdout, `killed at ${moments.join()}`).toMatch(/^No changes\./);
  const paths = [...readStored(join(folder, ".apimgw/local")).keys()];
  expect(paths.filter((path) => path.startsWith("backends/")).sort()).toEqual([
    "backends/a",
    `backends/b${kills - 1}`,
    "backends/p",
  ]);
});
