/**
 * The JSON that commands print, as JSON Schemas (draft-07): what json.ts writes, and what scripts can rely on. Keys are only
 * added within a formatVersion, so every object may have more keys than are described, and must be read so.
 */
import { z } from "zod";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { kindNames } from "../core/model/resource.ts";
import { riskKinds } from "../core/plan/risks.ts";
import { explainOutputs } from "./explain-schema.ts";
import { graphOutput } from "./graph-schema.ts";
import { doctorOutput } from "./doctor-schema.ts";
import { exportOutput } from "./export-schema.ts";
import { keysOutput } from "./keys-schema.ts";
import { probeOutput } from "./probe-schema.ts";
import { pullOutput } from "./pull-schema.ts";
import { releaseOutput, revisionsOutput } from "./revisions-schema.ts";
import { testResultsOutput } from "./test-results-schema.ts";
import { simulateOutput } from "./simulate-schema.ts";

/** The forms that have a schema, and what prints them. */
export const outputNames = [
  "plan",
  "drift",
  "apply",
  "graph",
  "simulate",
  "test-results",
  "probe",
  "doctor",
  "export",
  "pull",
  "keys",
  "revisions",
  "release",
  "dev",
  "lint",
  "explain",
  "init",
  "render",
  "saved-plan",
  "error",
] as const;

export type OutputName = (typeof outputNames)[number];

/** Equal on every call. */
export function outputJsonSchema(name: OutputName): JsonObject {
  const schema: unknown = z.toJSONSchema(schemas[name], { target: "draft-7", unrepresentable: "throw" });
  const json: unknown = JSON.parse(JSON.stringify(schema));
  if (!isJsonObject(json)) throw new Error("zod gave no JSON Schema");
  return { ...json, $id: `urn:apimgw:${name}:1` };
}

const formatVersion = z.literal(1).describe("Rises when a key changes its meaning or goes.");
const count = z.int().min(0);
const action = z.enum(["create", "update", "adopt", "delete"]);
const kind = z.enum(kindNames).describe("Kind of resource.");
const id = z.string().describe("For people: `aoai`, `azure-openai/ChatCompletions_Create`.");
const path = z
  .string()
  .describe(
    "ARM path below the service, without a leading slash; of a role assignment its whole ARM id, with one.",
  );

const service = z
  .looseObject({
    subscriptionId: z.string(),
    resourceGroup: z.string(),
    name: z.string(),
    workspace: z
      .string()
      .optional()
      .describe("The workspace of it that everything is in, where there is one."),
  })
  .describe("The API Management service.");

const counts = z.looseObject({ create: count, update: count, adopt: count, delete: count });

const range = {
  file: z.string().describe("As it was named, or relative to the spec that names it."),
  line: z.int().min(1).describe("From 1, as all lines and columns; columns count UTF-16 units."),
  column: z.int().min(1),
  endLine: z.int().min(1),
  endColumn: z.int().min(1).describe("Exclusive; the start again when the end is not known."),
};

const pointer = z.string().optional().describe("JSON pointer of the entry, when the file is the spec.");

const place = z.looseObject({ ...range, pointer }).describe("A place in a file of yours.");

const problem = z.looseObject({
  rule: z.string().describe("Id of the rule; docs/rules has a page for most."),
  severity: z.enum(["error", "warning", "info"]),
  message: z.string(),
  ...range,
  help: z.string().nullable(),
});

const edit = z.looseObject({
  path: z.string().describe("Dotted: `url`, `pool.services[aoai].priority`."),
  before: z.json().optional().describe("Absent when the property is new."),
  after: z.json().optional().describe("Absent when the property goes."),
  isSecret: z.literal(true).optional().describe("The values are not shown."),
});

const risk = z.looseObject({
  kind: z.enum(riskKinds).describe("More are added in time; docs/output.md says what each means."),
  message: z.string(),
});

const origin = place
  .extend({ endLine: range.endLine.optional(), endColumn: range.endColumn.optional() })
  .nullable();

const body = z.record(z.string(), z.json()).nullable();

const change = z.looseObject({
  action,
  kind,
  id,
  path,
  before: body.describe(
    "Normalized, secrets masked; null for a create. A policy is text in `properties.value`.",
  ),
  after: body.describe("The same for what is wanted; null for a delete."),
  diff: z
    .string()
    .describe("Unified diff of a policy, else the edits one per line; empty when there is no other side."),
  edits: z.array(edit),
  etag: z.string().nullable().describe("Of the resource that was compared; null for a create."),
  dependsOn: z.array(z.string()).describe("Paths of changes that must be carried out before."),
  origin: origin.describe("What in the spec causes it; null for a delete."),
  drift: z
    .enum(["service", "both"])
    .nullable()
    .describe(
      "Whether others changed it since the last apply: on the service only, or there and in the spec. Null: not, or not known.",
    ),
  notes: z.array(z.string()),
  risks: z.array(risk).describe("What must not be missed; empty for most changes."),
});

const plan = z
  .looseObject({
    formatVersion,
    service,
    name: z.string().describe("The spec's name: the ownership mark."),
    changes: z.array(change).describe("In the order in which they are applied."),
    unchanged: count,
    unmarked: count.describe("How many of the unchanged ones carry no mark."),
    summary: counts,
    leftOut: z
      .array(z.looseObject({ action, kind, id, path }))
      .describe("What would change too, had it not been left out by --target, --exclude or --no-delete."),
    notes: z
      .array(z.looseObject({ kind, id, path, note: z.string() }))
      .describe("About resources that do not change."),
    digest: z.string().describe("SHA-256 of what would be done and of the state it was compared with."),
  })
  .describe("`apimgw plan --format json`");

const fleetPlan = z
  .looseObject({
    formatVersion,
    plans: z
      .array(plan.extend({ environment: z.string() }))
      .describe("One for each environment, in the order of --env."),
    summary: counts.describe("Of all together."),
  })
  .describe("`apimgw plan --env a,b --format json`");

const step = { formatVersion, action, kind, id, path };
const milliseconds = z.number().min(0);

const events = [
  z.looseObject({ formatVersion, event: z.literal("started"), changes: count, digest: z.string() }),
  z.looseObject({ event: z.literal("step-started"), ...step }),
  z.looseObject({
    event: z.literal("step-finished"),
    ...step,
    milliseconds,
    isFound: z.literal(true).optional().describe("It was so already."),
    changedByService: z.string().optional().describe("A diff of what was sent against what is there."),
    unchecked: z.string().optional().describe("Why what was written could not be compared."),
    isReplacement: z
      .literal(true)
      .optional()
      .describe(
        "A create replaced what had come into being since the plan: the service ignored the condition.",
      ),
  }),
  z.looseObject({
    event: z.literal("step-failed"),
    ...step,
    code: z.string().describe("Dotted: `SERVICE.REJECTED`."),
    message: z.string(),
    at: place.optional().describe("Where the error comes from, else what in the spec made the resource."),
    places: z
      .array(z.looseObject({ message: z.string(), at: place }))
      .optional()
      .describe("Every place that the service's error could be traced to."),
    changes: z.string().optional().describe("A diff of what the plan saw against what is there."),
    remedy: z.string().optional(),
  }),
  z.looseObject({
    event: z.literal("step-skipped"),
    ...step,
    because: z.string().describe("Path of the change that failed, or `interrupted`."),
  }),
  z.looseObject({
    event: z.literal("summary"),
    formatVersion,
    service,
    done: counts,
    failed: count,
    skipped: count,
    isInterrupted: z.boolean(),
    changedByService: count.describe("How many are not on the service as they were sent."),
    retried: z.record(z.string(), count).describe("How often requests were sent again, by reason."),
    journal: z.string().nullable().describe("Path of the journal; null when there was nothing to do."),
    milliseconds,
  }),
] as const;

const fleetSummary = z
  .looseObject({
    event: z.literal("summary"),
    formatVersion,
    environments: z.record(z.string(), z.looseObject({ failed: count, skipped: count })),
    done: counts,
    failed: count,
    skipped: count,
    isInterrupted: z.boolean(),
    changedByService: count,
    milliseconds,
  })
  .describe("The last line of a run over several environments; the others carry `environment`.");

const knownEvents = events.map(({ shape }) => shape.event.value).join("|");

const drift = z
  .looseObject({
    formatVersion,
    service,
    name: z.string().describe("The spec's name: the ownership mark."),
    drift: z.array(
      z.looseObject({
        kind,
        id,
        path,
        by: z.enum(["service", "both"]).describe("`both`: the spec has changed since as well."),
        diff: z.string().describe("From the spec to what is there; empty for what has left the spec."),
        origin,
      }),
    ),
    missing: z
      .array(z.looseObject({ kind, id, path, origin }))
      .describe("Not on the service: new in the spec, or deleted there."),
  })
  .describe("`apimgw plan --drift --format json`");

/** Events that are added in time: known ones must be as they are described. */
const otherEvent = z.looseObject({
  formatVersion,
  event: z.string().regex(new RegExp(`^(?!(?:${knownEvents})$)`)),
});

const apply = z
  .union([...events, fleetSummary, otherEvent])
  .describe(
    "One line of `apimgw apply --format json` or `apimgw destroy --format json`; the last one is the summary.",
  );

const lint = z
  .looseObject({
    formatVersion,
    problems: z.array(problem).describe("By file and place."),
    summary: z.looseObject({ files: count, errors: count, warnings: count }),
  })
  .describe("`apimgw lint --format json` and `apimgw lint policies --format json`");

const detail = z.looseObject({
  code: z.string().optional(),
  target: z.string().optional(),
  message: z.string(),
});

const error = z
  .looseObject({
    formatVersion,
    error: z.looseObject({
      code: z.string().describe("Dotted: `USAGE.…` is wrong usage, `INTERNAL.BUG` a bug in apimgw."),
      message: z.string(),
      why: z.string().nullable(),
      remedy: z.string().nullable(),
      diff: z.string().optional().describe("What differs, when that is the reason."),
      problems: z.array(problem).describe("What is wrong in the spec, when that is the reason."),
      status: z.int().nullable().optional().describe("HTTP status, when the service refused."),
      details: z.array(detail).optional().describe("The service's own."),
    }),
  })
  .describe("What any command prints with `--format json` when it could not do its job.");

const graph = graphOutput.extend({ formatVersion }).describe("`apimgw graph --format json`");

const simulate = simulateOutput
  .extend({ formatVersion })
  .describe("`apimgw simulate --format json`. Times in seconds from the start.");

const testResults = testResultsOutput.extend({ formatVersion }).describe("`apimgw test --format json`");

const doctor = z
  .looseObject({ formatVersion, service, ...doctorOutput })
  .describe("`apimgw doctor --format json`");

const exported = exportOutput.extend({ formatVersion }).describe("`apimgw export --format json`");
const pulled = pullOutput.extend({ formatVersion }).describe("`apimgw pull --format json`");

const keys = z.looseObject({ formatVersion, service, ...keysOutput }).describe("`apimgw keys --format json`");

const revisions = z
  .looseObject({ formatVersion, ...revisionsOutput })
  .describe("`apimgw revisions API --format json`");

const release = z
  .looseObject({ formatVersion, ...releaseOutput })
  .describe("`apimgw release API --format json`, and `apimgw rollback API --format json`");

const probe = probeOutput.extend({ formatVersion }).describe("`apimgw probe --format json`");

const dev = z
  .looseObject({
    formatVersion,
    gateway: z.string().describe("Address of the gateway: `http://127.0.0.1:PORT`."),
    management: z.string().describe("Address of the management API, for --arm-endpoint."),
    subscriptionKey: z.string().describe("A key that every API takes."),
    subscriptions: z
      .array(z.looseObject({ id: z.string(), product: z.string(), key: z.string() }))
      .describe("Those of products that the spec names."),
  })
  .describe("The line that `apimgw dev --format json` prints when it is ready.");

const [rulesAndPolicies, oneRule, onePolicy] = explainOutputs;

const explain = z.union([
  rulesAndPolicies.extend({ formatVersion }),
  oneRule.extend({ formatVersion }),
  onePolicy.extend({ formatVersion }),
]);

const init = z.union([
  z
    .looseObject({ formatVersion, written: z.array(z.string()).describe("Paths as they are from here.") })
    .describe("`apimgw init --format json`"),
  z
    .looseObject({
      formatVersion,
      templates: z.array(z.looseObject({ name: z.string(), title: z.string(), description: z.string() })),
    })
    .describe("`apimgw init --list --format json`"),
]);

const render = z
  .looseObject({
    formatVersion,
    files: z.array(
      z.looseObject({
        path: z.string().describe("Below the service: `apis/ID/policy.xml`."),
        text: z.string().describe("XML of a policy document, or the body that is PUT."),
      }),
    ),
  })
  .describe("`apimgw render --format json`");

const digest = z.string().describe("SHA-256.");

const basis = z
  .looseObject({
    spec: z.record(z.string(), digest).describe("Of what the spec wants, by path."),
    read: z
      .record(z.string(), z.looseObject({ kind, content: digest, etag: z.string().nullable() }))
      .describe("Of what the service had, by path."),
  })
  .describe("What the plan was made from: `apply` names what has changed since.");

const planOrigin = z.looseObject({
  apimgwVersion: z.string().describe("Only this version carries it out."),
  file: z.string().describe("The spec, which is read again."),
  environment: z.string().nullable(),
  options: z.looseObject({}).describe("What else plan was asked for."),
  target: z.string().describe("Where the service was reached."),
  overrides: z.looseObject({}).describe("The service as it was named on the command line."),
});

const savedPlan = plan
  .extend({ changes: z.array(change.omit({ risks: true })), basis, origin: planOrigin })
  .describe("The file of `apimgw plan --out FILE`.");

const savedPlans = z
  .looseObject({ formatVersion, plans: z.array(savedPlan).min(2) })
  .describe("The same for several environments.");

const schemas: Readonly<Record<OutputName, z.ZodType>> = {
  plan: z.union([plan, fleetPlan]),
  drift,
  apply,
  graph,
  simulate,
  "test-results": testResults,
  probe,
  doctor,
  export: exported,
  pull: pulled,
  keys,
  revisions,
  release,
  dev,
  lint,
  explain,
  init,
  render,
  "saved-plan": z.union([savedPlan, savedPlans]),
  error,
};
