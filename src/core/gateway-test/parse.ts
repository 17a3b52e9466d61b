/** Text of a test file to cases, each with its place. */
import type { Location } from "../location.ts";
import type { Problem } from "../problem.ts";
import { parseDuration } from "../spec/duration.ts";
import type { Path } from "../spec/finding.ts";
import { parseDocument } from "../spec/parse-document.ts";
import { pointer } from "../spec/source.ts";
import { testFileSchema } from "./schema.ts";
import type { AnswerSpec, AnswersSpec, Expectation, RequestSpec, TestFileSpec } from "./schema.ts";

export type TestStep = {
  /** Virtual milliseconds that pass first. */
  readonly after: number;
  readonly times: number;
  readonly request: RequestSpec;
  readonly expect: Expectation;
  /** Where in the file the request and the expectations are. */
  readonly requestPath: Path;
  readonly expectPath: Path;
};

export type TestCase = {
  readonly name: string;
  readonly file: string;
  readonly at: Location;
  /** By id of a backend, or beginning of a URL, as written. */
  readonly answers: ReadonlyMap<string, readonly AnswerSpec[]>;
  /** Where they are in the file. */
  readonly answersPath: (key: string) => Path;
  readonly steps: readonly TestStep[];
  /** The place of something in the file, or of what is around it. */
  readonly locate: (path: Path) => Location;
  /** The same for the key of an entry. */
  readonly locateKey: (path: Path) => Location;
};

type Places = Pick<TestCase, "locate" | "locateKey">;

export type ParsedTests = { readonly cases: readonly TestCase[]; readonly problems: readonly Problem[] };

/** There are cases exactly when there is no problem; problems are sorted by place. */
export function parseTestFile(text: string, file: string): ParsedTests {
  const parsed = parseDocument(text, file, testFileSchema, {
    name: "the test file",
    keys: "`cases`",
    emptyHelp: "docs/test.md has an example",
  });
  if (parsed.value === undefined) return { cases: [], problems: parsed.problems };
  const { source, value } = parsed;
  const places: Places = {
    locate: (path) => source.locate(pointer(...path)),
    locateKey: (path) => source.locateKey(pointer(...path)),
  };
  return {
    cases: value.cases.map((spec, index) => testCase(value, spec, ["cases", index], file, places)),
    problems: [],
  };
}

type StepSpec = NonNullable<TestFileSpec["cases"][number]["steps"]>[number];

function testCase(
  file: TestFileSpec,
  spec: TestFileSpec["cases"][number],
  path: Path,
  name: string,
  places: Places,
): TestCase {
  const request = over(file.request, spec.request);
  const requestPath =
    spec.request === undefined && file.request !== undefined ? ["request"] : [...path, "request"];
  const steps: readonly StepSpec[] = spec.steps ?? [spec.expect === undefined ? {} : { expect: spec.expect }];
  return {
    name: spec.name,
    file: name,
    at: places.locate([...path, "name"]),
    answers: new Map([...answerLists(file.backends), ...answerLists(spec.backends)]),
    answersPath: (key) =>
      spec.backends?.[key] === undefined ? ["backends", key] : [...path, "backends", key],
    steps: steps.map((step, index) => {
      const stepPath = spec.steps === undefined ? path : [...path, "steps", index];
      return {
        after: parseDuration(step.after ?? 0),
        times: step.times ?? 1,
        request: over(request, step.request),
        expect: step.expect ?? {},
        requestPath: step.request === undefined ? requestPath : [...stepPath, "request"],
        expectPath: [...stepPath, "expect"],
      };
    }),
    ...places,
  };
}

function answerLists(spec: AnswersSpec = {}): (readonly [string, readonly AnswerSpec[]])[] {
  return Object.entries(spec).map(
    ([key, answers]) => [key, Array.isArray(answers) ? answers : [answers]] as const,
  );
}

/** Key by key, headers and query name by name; a request that says where it goes, or who calls, takes nothing of that from the one below. */
function over(below: RequestSpec = {}, above: RequestSpec = {}): RequestSpec {
  const both = {
    ...(below.headers && above.headers ? { headers: { ...below.headers, ...above.headers } } : {}),
    ...(below.query && above.query ? { query: { ...below.query, ...above.query } } : {}),
  };
  const goesElsewhere =
    above.path !== undefined || (above.operation !== undefined && below.path !== undefined);
  const there = goesElsewhere ? withoutTarget(below) : below;
  const kept = saysWhoCalls(above) ? withoutCaller(there) : there;
  return { ...(asksAnew(above) ? withoutBody(kept) : kept), ...above, ...both };
}

/** A key, a product and a subscription are three ways to say it. */
function saysWhoCalls({ subscriptionKey, product, subscription }: RequestSpec): boolean {
  return subscriptionKey !== undefined || product !== undefined || subscription !== undefined;
}

function withoutCaller(request: RequestSpec): RequestSpec {
  const rest = { ...request };
  delete rest.subscriptionKey;
  delete rest.product;
  delete rest.subscription;
  return rest;
}

/** A body and a wish for the usual one as a stream exclude each other. */
function asksAnew({ body, stream }: RequestSpec): boolean {
  return body !== undefined || stream !== undefined;
}

function withoutBody(request: RequestSpec): RequestSpec {
  const rest = { ...request };
  delete rest.body;
  delete rest.stream;
  return rest;
}

function withoutTarget({
  headers,
  query,
  body,
  subscriptionKey,
  product,
  subscription,
  ipAddress,
}: RequestSpec): RequestSpec {
  return {
    ...(headers === undefined ? {} : { headers }),
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    ...(subscriptionKey === undefined ? {} : { subscriptionKey }),
    ...(product === undefined ? {} : { product }),
    ...(subscription === undefined ? {} : { subscription }),
    ...(ipAddress === undefined ? {} : { ipAddress }),
  };
}
