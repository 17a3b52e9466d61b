/** The inbound and the backend section of an operation whose calls go their way by the model that they name. */
import { element } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { OperationSpec } from "../spec/schema.ts";
import type { Arm, OpenArm } from "./arms.ts";
import { denyResponse, modelMissingAnswer, unknownModelAnswer } from "./deny.ts";
import type { WrittenFor } from "./element-keys.ts";
import { expression, stringLiteral } from "./expressions.ts";
import type { Turn } from "./hops.ts";
import { passesTest, regexText } from "./model-pattern.ts";
import type { ModelTest } from "./model-pattern.ts";
import type { ModelPlace } from "./model-place.ts";
import { backendSection, setModel } from "./routing.ts";

const modelVariable = "apimgw-model";
const model = `context.Variables.GetValueOrDefault<string>(${stringLiteral(modelVariable)}, "")`;

/** What inbound does to send a call its way: chooses, sets the backend, renames. */
export function chooseRoute(
  arms: readonly Arm[],
  place: ModelPlace,
  operation: OperationSpec,
  writtenFor: WrittenFor,
): readonly PolicyElement[] {
  const [only, ...others] = arms;
  if (only !== undefined && others.length === 0) return armElements(only, place, operation, writtenFor);
  const whens = arms.map((arm) => {
    const children = armElements(arm, place, operation, writtenFor);
    if (arm.test === undefined) return element("otherwise", {}, children);
    const when = element("when", { condition: expression(testCode(arm.test)) }, children);
    const path = arm.route === "deny" ? arm.path : arm.route.path;
    return writtenFor(when, "key", ...path);
  });
  const needsModel = operation.models !== undefined && place.kind === "body";
  const missing = element("when", { condition: expression(`${model} == ""`) }, [
    denyResponse(undefined, modelMissingAnswer),
  ]);
  const chosen = element("choose", {}, needsModel ? [missing, ...whens] : whens);
  return [
    element("set-variable", { name: modelVariable, value: modelExpression(place) }),
    operation.models === undefined ? chosen : writtenFor(chosen, "key", "models"),
  ];
}

/** The one element of the backend section, or undefined when all calls inherit it. */
export function chooseSection(
  arms: readonly Arm[],
  { streaming }: Pick<OperationSpec, "streaming">,
  writtenFor: WrittenFor,
): PolicyElement | undefined {
  const groups = sectionGroups(arms, streaming === true, writtenFor);
  if (groups.every(({ section }) => section === undefined)) return undefined;
  const [only, ...others] = groups;
  if (only !== undefined && others.length === 0) return only.section;
  const branches = groups.map(({ tests, section }, index) => {
    const children = [section ?? element("forward-request")];
    if (index === groups.length - 1) return element("otherwise", {}, children);
    const condition = tests.map((test) => testCode(test)).join(" || ");
    return element("when", { condition: expression(condition) }, children);
  });
  return element("choose", {}, branches);
}

type Group = { readonly tests: ModelTest[]; readonly section: PolicyElement | undefined };

/** Arms with one section between them; the last group is for all others. Arms that deny never get there. */
function sectionGroups(arms: readonly Arm[], streams: boolean, writtenFor: WrittenFor): Group[] {
  const groups: Group[] = [];
  for (const arm of arms) {
    if (arm.route === "deny") continue;
    const { route, hops, test } = arm;
    const below: WrittenFor = (element, part, ...path) => writtenFor(element, part, ...route.path, ...path);
    const section = backendSection({ ...route, streams, hops }, below);
    // A name can be asked for earlier, since no arm before its own takes it; a pattern cannot.
    const joined =
      test?.kind === "name" ? groups.find((group) => isSame(group.section, section)) : groups.at(-1);
    const tests = test === undefined ? [] : [test];
    if (joined !== undefined && isSame(joined.section, section)) joined.tests.push(...tests);
    else groups.push({ tests, section });
  }
  return withoutNeedless(groups);
}

/** Names need no branch of their own where the last one says the same and no pattern between takes them. */
function withoutNeedless(groups: readonly Group[]): Group[] {
  const last = groups.at(-1);
  return groups.filter(({ tests, section }, index) => {
    if (index === groups.length - 1 || !isSame(section, last?.section)) return true;
    const between = groups.slice(index + 1, -1).flatMap((group) => group.tests);
    return !tests.every(
      (test) => test.kind === "name" && !between.some((other) => passesTest(other, test.text)),
    );
  });
}

function isSame(a: PolicyElement | undefined, b: PolicyElement | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function armElements(
  arm: Arm,
  place: ModelPlace,
  { unknownModel }: OperationSpec,
  writtenFor: WrittenFor,
): PolicyElement[] {
  if (arm.route === "deny") return [denyResponse(unknownModel, unknownModelAnswer)];
  const [first] = arm.hops;
  const [target] = first?.targets ?? [];
  if (first?.turn !== undefined) {
    return [...turnsOf(arm), ...rewrite(arm, place)];
  }
  return [
    ...(target === undefined
      ? []
      : [
          writtenFor(
            element("set-backend-service", { "backend-id": target.id }),
            "value",
            ...arm.route.path,
            "backend",
          ),
        ]),
    ...turnsOf(arm),
    ...rewrite(arm, place),
    ...(target?.model === undefined ? [] : [setModel(target.model)]),
  ];
}

/** Chance picks which of several targets is the first. */
function turnsOf({ hops }: OpenArm): PolicyElement[] {
  return hops.flatMap(({ turn }) =>
    turn === undefined ? [] : [element("set-variable", { name: turn.variable, value: turnExpression(turn) })],
  );
}

function turnExpression({ weights }: Turn): string {
  const [first] = weights;
  if (weights.every((weight) => weight === first)) {
    return expression(`new Random().Next(0, ${weights.length})`);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  const indices = weights.slice(0, -1).map((weight, index) => {
    below += weight;
    return `turn < ${below} ? ${index} : `;
  });
  return `@{ var turn = new Random().Next(0, ${total}); return ${indices.join("")}${weights.length - 1}; }`;
}

/** The path with another name for the deployment, or without one; the query stays as it is. */
function rewrite({ segment }: OpenArm, place: ModelPlace): PolicyElement[] {
  if (segment === undefined || place.kind !== "path") return [];
  const path = segment === "" ? place.behind : `${place.before}${encodeURIComponent(segment)}${place.behind}`;
  const template = expression(`${pathCode(path)} + context.Request.Url.QueryString`);
  // The query stands in the template: an import may have made `api-version` a parameter of it, which would be dropped.
  return [element("rewrite-uri", { template, "copy-unmatched-params": "false" })];
}

/** A path as C#, with the values of its other parameters. */
function pathCode(path: string): string {
  return path
    .split(/(\{[^{}]+\})/)
    .filter((part) => part !== "")
    .map((part) => (/^\{.*\}$/.test(part) ? matched(part.slice(1, -1)) : stringLiteral(part)))
    .join(" + ");
}

function matched(parameter: string): string {
  return `context.Request.MatchedParameters[${stringLiteral(parameter)}]`;
}

function modelExpression(place: ModelPlace): string {
  if (place.kind === "path") return expression(`${matched(place.parameter)}.ToLowerInvariant()`);
  // A body that is not JSON, such as a form with a file, names no model that a policy could read.
  const read = 'context.Request.Body.As<JObject>(preserveContent: true)["model"]';
  return (
    `@{ if (context.Request.Body == null) { return ""; } ` +
    `try { return ((string)${read} ?? "").ToLowerInvariant(); } catch (Exception) { return ""; } }`
  );
}

function testCode({ kind, text: name }: ModelTest): string {
  const lower = name.toLowerCase();
  if (kind === "name") return `${model} == ${stringLiteral(lower)}`;
  const parts = lower.split("*");
  if (parts.length === 2 && parts[1] === "") return `${model}.StartsWith(${stringLiteral(parts[0] ?? "")})`;
  return `Regex.IsMatch(${model}, ${stringLiteral(`^${regexText(name)}$`)})`;
}
