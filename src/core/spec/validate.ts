import { z } from "zod";
import type { Finding, Path, Report } from "./finding.ts";
import {
  describeBadValue,
  describeBareDuration,
  describeMissing,
  describeUnknownKey,
  describeWrongType,
} from "./validation-message.ts";
import { gatewaySchema, type GatewaySpec } from "./schema.ts";
import { field, keySpan, placeAt, toPlain, Place, type YamlMap } from "./yaml-node.ts";
import { isDuration, shapeAt, type Shape } from "./schema-shape.ts";

type Issue = z.core.$ZodIssue;

/** A document that is being checked, what it must be, and who is told. */
type Checked = { readonly root: YamlMap; readonly shape: Shape; readonly report: Report };

/** Checks a spec against the schema; reports every deviation and gives the typed spec when there is none. */
export function validateSpec(root: YamlMap, report: Report): GatewaySpec | undefined {
  return validateTree(root, gatewaySchema, report);
}

/** Checks any document against its schema; reports every deviation with its place and gives the typed value when there is none. */
export function validateTree<Value>(
  root: YamlMap,
  schema: z.ZodType<Value>,
  report: Report,
): Value | undefined {
  const result = schema.safeParse(toPlain(root));
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportIssue({ root, shape: [schema], report }, issue, []);
  return undefined;
}

function reportIssue(checked: Checked, issue: Issue, above: Path): void {
  const { root, report } = checked;
  const path = [...above, ...issue.path.filter((segment) => typeof segment !== "symbol")];
  const place = placeAt(root, path);
  if (!place) return reportMissing(checked, path);
  const shape = shapeAt(path, checked.shape);
  if (issue.code === "unrecognized_keys") return reportUnknownKeys(place, issue.keys, shape, report);
  if (place.node.kind === "scalar" && place.node.unresolved) return;
  if (issue.code === "invalid_union") return reportUnion(checked, place, issue, shape);
  if (isTypeIssue(issue)) return report(wrongType(place, issue, shape));
  if (issue.code === "invalid_key") return reportInvalidName(checked, place, issue, shape);
  report(describeBadValue(place, issue));
}

function reportUnknownKeys(place: Place, keys: readonly string[], shape: Shape, report: Report): void {
  for (const key of keys) {
    const unknown = field(place, key);
    if (unknown) report(finding("unknown-key", unknown, describeUnknownKey(place, key, shape)));
  }
}

function wrongType(place: Place, issue: Issue, shape: Shape): Finding {
  const isNumber = place.node.kind === "scalar" && typeof place.node.value === "number";
  return isNumber && isDuration(shape)
    ? finding("invalid-duration", place, describeBareDuration(place))
    : finding("wrong-type", place, describeWrongType(place, [issue], shape));
}

/** One union, one message: the branch that has the value's type says what is wrong; without one, all types are named. */
function reportUnion(
  checked: Checked,
  place: Place,
  issue: z.core.$ZodIssueInvalidUnion,
  shape: Shape,
): void {
  // A list or a map is none of the words that a branch allows.
  const isScalar = place.node.kind === "scalar";
  const isUnfit = (each: Issue): boolean => isTypeIssue(each) || (!isScalar && each.code === "invalid_value");
  const fitting = issue.errors.find(
    (issues) => !issues.some((each) => each.path.length === 0 && isUnfit(each)),
  );
  if (fitting) {
    for (const each of fitting) reportIssue(checked, each, place.path);
    return;
  }
  const alternatives = issue.errors.flatMap((issues) => issues.filter((each) => each.path.length === 0));
  checked.report(finding("wrong-type", place, describeWrongType(place, alternatives, shape)));
}

/** The value is not of the type at all, as opposed to a bad value of the right type. */
function isTypeIssue(issue: Issue): boolean {
  if (issue.code === "invalid_type") return true;
  return issue.code === "invalid_value" && issue.values.some((value) => typeof value === "boolean");
}

function reportMissing({ root, report }: Checked, path: Path): void {
  const parent = placeAt(root, path.slice(0, -1)) ?? new Place(root);
  if (parent.node.kind === "map" && parent.node.incomplete) return;
  const span = keySpan(parent);
  const at = parent.path.length === 0 ? { start: span.start, end: span.start } : span;
  report({ rule: "missing-key", span: at, path: parent.path, ...describeMissing(path) });
}

/** Zod leaves the value of an entry alone when its key is bad; what is wrong in there is to be said all the same. */
function reportInvalidName(
  checked: Checked,
  place: Place,
  issue: z.core.$ZodIssueInvalidKey,
  [schema, ...others]: Shape,
): void {
  checked.report(invalidName(place, issue));
  if (schema === undefined || others.length > 0) return;
  const { error } = z.safeParse(schema, toPlain(place.node));
  for (const each of error?.issues ?? []) reportIssue(checked, each, place.path);
}

function invalidName(place: Place, issue: z.core.$ZodIssueInvalidKey): Finding {
  const name = String(place.segment);
  const [cause] = issue.issues;
  const expected =
    cause?.code === "too_big" ? `at most ${cause.maximum} characters` : (cause?.message ?? "another name");
  return {
    rule: "invalid-name",
    message: `\`${name}\` cannot be used as a name here: expected ${expected}`,
    span: keySpan(place),
    path: place.path,
    ...(name.includes("${") ? { help: "variables are read in values, not in keys" } : {}),
  };
}

function finding(rule: Finding["rule"], place: Place, said: { message: string; help?: string }): Finding {
  const span = rule === "unknown-key" ? keySpan(place) : place.node;
  return { rule, span, path: place.path, ...said };
}
