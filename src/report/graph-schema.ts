/** What `graph --format json` prints, for json-schemas.ts. */
import { z } from "zod";
import { edgeKinds, nodeKinds } from "../core/graph/graph.ts";

const statuses = z.array(z.string()).describe("`429` or `500-599`.");
const seconds = z.number().min(0);

const circuitBreaker = z.looseObject({
  count: z.int().min(0).optional(),
  percentage: z.number().optional(),
  intervalSeconds: seconds,
  statusCodes: statuses,
  errorReasons: z.array(z.string()),
  tripSeconds: seconds,
  acceptRetryAfter: z.boolean(),
});

const node = z.looseObject({
  id: z.string().describe("Letters, digits and `_`; the same as long as the thing has its name."),
  kind: z.enum(nodeKinds).describe("`denied`: operations whose calls are refused. More may be added."),
  name: z.string().describe("APIM's id; for a URL the URL."),
  title: z.array(z.string()).describe("What stands in bold in the picture, a line each."),
  lines: z.array(z.string()).describe("What stands below: limits, checks, breakers, in words."),
  operations: z.array(z.string()).optional().describe("Ids of all operations that the node stands for."),
  url: z.string().optional(),
  circuitBreaker: circuitBreaker.optional(),
});

const step = z.looseObject({
  order: z.int().min(1).describe("1 for what is called first."),
  when: z.array(z.string()).describe("Conditions in words; empty for none."),
  on: statuses.describe("Answers of the call before; empty for the first call."),
  retries: z.int().min(0).describe("How often it is called again at most."),
  retryOn: statuses,
  interval: z.string().optional().describe("Between two tries, as `10s`."),
  timeout: z.string().optional().describe("As `2m`."),
});

const edge = z.looseObject({
  from: z.string(),
  to: z.string(),
  kind: z.enum(edgeKinds),
  label: z.array(z.string()),
  steps: z.array(step).optional().describe("Of a route or fallback: each way that leads along it."),
  priority: z.int().optional().describe("Of a member of a pool, as its weight."),
  weight: z.int().optional(),
});

/** The whole document, but for its version. */
export const graphOutput = z.looseObject({
  name: z.string().describe("The spec's name."),
  service: z.string(),
  environment: z.string().nullable(),
  nodes: z.array(node).describe("Callers, APIs, operations, pools, backends, URLs."),
  edges: z.array(edge),
});
