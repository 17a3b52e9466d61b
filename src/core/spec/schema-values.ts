/** Values that occur in several places of the spec. Error messages are written to follow the word "expected". */
import { z } from "zod";
import { durationPattern, durationRule } from "./duration.ts";
import { statusCodePattern } from "./status-codes.ts";

export const resourceId = z
  .string()
  .max(80)
  .regex(
    /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/,
    "letters, digits, hyphens and underscores, not starting or ending with a hyphen",
  );

export const apiId = z
  .string()
  .max(256)
  .regex(
    /^(?!\.{1,2}$|.*\$\{)[^*#&+:<>?%/\\\s]+$/,
    "no spaces and none of * # & + : < > ? % / \\, and not only dots",
  );

/** As for an API, and shorter. An id becomes a segment of a URL and of a path on disk: it must not lead elsewhere. */
export const operationId = apiId.max(80);

export const namedValueName = z
  .string()
  .max(256)
  .regex(/^[A-Za-z0-9\-._]+$/, "letters, digits, - . _");

const deploymentCharacters = "A-Za-z0-9._:@";

/** The name of a deployment: on the gateway's side it is a segment of the path, or the body's `model`. */
export const deploymentName = z
  .string()
  .max(128)
  .regex(
    new RegExp(`^(?!\\.{1,2}$)[${deploymentCharacters}-]+$`),
    "the name of a deployment: letters, digits, - . _ : @",
  );

/** A name, or several by `*`, which stands for any characters. */
export const modelPattern = z
  .string()
  .max(128)
  .regex(
    new RegExp(`^[${deploymentCharacters}*-]+$`),
    "the name of a deployment, in which `*` stands for any characters",
  );

export const displayName = z.string().min(1).max(300).optional();

export const duration = z
  .string()
  .regex(durationPattern, durationRule)
  .describe("A duration: ISO 8601 (`PT1M`) or `30s`, `5m`, `1h`.");

export const seconds = z.union([z.number().min(0), duration]);

export const statusCode = z
  .union([
    z.int().min(100).max(599),
    z.string().regex(statusCodePattern, "a status such as 429 or a range such as 500-599"),
  ])
  .describe("A status such as `429`, or a range such as `500-599`.");

/** A request's own path and query are put behind it. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: "an absolute http or https URL", abort: true })
  .regex(/^[^\s?#]+$/, "a URL without white space, query and fragment")
  .max(2000)
  // The JSON Schema would lose it for the pattern.
  .meta({ format: "uri" });

/** ARM ids are case-insensitive; a JSON Schema has no flag to say so. */
const anyCase = (word: string) =>
  word.replace(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);

const armIdPattern = new RegExp(
  `^/${anyCase("subscriptions")}/[^/]+/${anyCase("resourceGroups")}/[^/]+/${anyCase("providers")}/.+$`,
);

export const armResourceId = z
  .string()
  .regex(armIdPattern, "an ARM resource id: /subscriptions/…/resourceGroups/…/providers/…");

/** `Microsoft.CognitiveServices` is the provider of Azure OpenAI, of Foundry resources and of all other accounts of AI services. */
export const accountId = z
  .string()
  .regex(
    new RegExp(
      `${armIdPattern.source.replace(".+$", "")}${anyCase("Microsoft.CognitiveServices")}/${anyCase("accounts")}/[^/]+$`,
    ),
    "the ARM id of an account: /subscriptions/…/resourceGroups/…/providers/Microsoft.CognitiveServices/accounts/…",
  );

export const protection = z
  .boolean()
  .optional()
  .describe("`true`: it cannot be deleted, until `false` has been applied.");
