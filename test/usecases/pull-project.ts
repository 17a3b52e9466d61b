/** Pulls from a local APIM in this process, and plans what was pulled. */
import type { JsonObject } from "../../src/core/json.ts";
import { objectMember, stringMember, withoutEmpty } from "../../src/core/model/kind-definition.ts";
import { readDescription } from "../../src/core/model/ownership.ts";
import type { Model } from "../../src/core/model/resource.ts";
import type { LiveService } from "../../src/core/ports.ts";
import type { Problem } from "../../src/core/problem.ts";
import { loadGateway } from "../../src/usecases/load-gateway.ts";
import { lint } from "../../src/usecases/lint.ts";
import { plainly } from "../../src/core/plan/compare.ts";
import { planModel } from "../../src/usecases/plan.ts";
import { pullService } from "../../src/usecases/pull.ts";
import type { PullChoice, PulledGateway } from "../../src/usecases/pull.ts";
import { memoryFiles } from "./local-project.ts";

export type Pulled = PulledGateway & {
  /** Errors of lint over the pulled spec. */
  readonly errors: readonly Problem[];
  /** What planning the pulled spec shows. */
  readonly changes: readonly string[];
  /** What the pulled spec compiles to. */
  readonly model: Model;
};

export async function pullAndPlan(service: LiveService, choice: Partial<PullChoice> = {}): Promise<Pulled> {
  const pulled = await pullService(service, { apis: [], ...choice });
  const texts = Object.fromEntries(pulled.files.map(({ path, text }) => [path, text]));
  const files = memoryFiles({ ...texts, "gateway.yaml": pulled.text });
  const request = { file: "gateway.yaml", variables: {} };
  const { result } = await lint(files, request, { severities: new Map() });
  const { model } = await loadGateway(files, request);
  if (model === undefined) throw new Error(JSON.stringify(result.problems));
  const { plan } = await planModel(service, model, plainly);
  return {
    ...pulled,
    model,
    errors: result.problems.filter(({ severity }) => severity === "error"),
    changes: plan.changes.map(({ action, path, diff }) => `${action} ${path}: ${diff}`),
  };
}

/** Takes every mark off the service, as if people had made all of it. */
export async function removeMarks(service: LiveService): Promise<void> {
  for (const collection of ["backends", "loggers", "products", "namedValues", "apiVersionSets"]) {
    for (const { path, body } of await service.list(collection)) {
      const properties = objectMember(body, "properties") ?? {};
      const isSecret = properties["secret"] === true && properties["keyVault"] === undefined;
      const value = isSecret ? { value: "hush" } : {};
      await service.put(path, { properties: { ...unmarked(properties), ...value } });
    }
  }
  const apis = await service.list("apis");
  const scopes = apis.map(({ path }) => path);
  for (const { path } of apis)
    scopes.push(...(await service.list(`${path}/operations`)).map((each) => each.path));
  const documents = (await service.list("policyFragments")).map(({ path }) => path);
  for (const { path, body } of apis)
    await service.put(path, { properties: unmarked(objectMember(body, "properties") ?? {}) });
  for (const path of [...documents, ...scopes.map((scope) => `${scope}/policies/policy`)]) {
    const resource = await service.get(path, { format: "xml" });
    const properties = objectMember(resource?.body ?? {}, "properties");
    if (properties !== undefined)
      await service.put(path, { properties: { ...unmarked(properties), format: "xml" } });
  }
}

function unmarked(properties: JsonObject): JsonObject {
  const description = stringMember(properties, "description");
  const value = stringMember(properties, "value");
  // The service returns nulls for what is not set, and takes none.
  return withoutEmpty({
    ...properties,
    ...(description === undefined ? {} : { description: readDescription(description).text || null }),
    ...(value === undefined ? {} : { value: value.replace(/<!-- Managed by apimgw.*?-->/s, "") }),
    tags: [],
  });
}
