import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { createDiskFiles } from "../../src/adapters/files/disk-files.ts";
import { isJsonObject } from "../../src/core/json.ts";
import type { Json } from "../../src/core/json.ts";
import { parsePolicyDocument } from "../../src/core/policy/parse.ts";
import { elementText } from "../../src/core/policy/tree.ts";
import type { PolicyElement } from "../../src/core/policy/tree.ts";
import { render } from "../../src/usecases/render.ts";
import type { RenderedFile } from "../../src/usecases/render.ts";
import { expectGolden } from "../support/golden.ts";
import { sharedFolder } from "../support/shared-data.ts";

const files = createDiskFiles();
const patterns = resolve(import.meta.dirname, "../../fixtures/patterns");
const ownDocuments = resolve(import.meta.dirname, "../../templates/openapi");

function renderSpec(
  file: string,
  environment?: string,
  dialect: "xml" | "rawxml" = "rawxml",
): Promise<RenderedFile[]> {
  return render(
    files,
    { file, variables: {}, ownDocuments, ...(environment === undefined ? {} : { environment }) },
    dialect,
  );
}

describe("patterns compile to the documents that the repository holds", () => {
  for (const name of readdirSync(patterns)) {
    const spec = join(patterns, name, "gateway.yaml");
    it(`${name}, inheritance: replace`, async () => {
      expectGolden(join(patterns, name, "rendered"), await renderSpec(spec));
    });
    if (!readFileSync(spec, "utf8").includes("  keep:")) continue;
    it(`${name}, inheritance: keep`, async () => {
      expectGolden(join(patterns, name, "rendered-keep"), await renderSpec(spec, "keep"));
    });
  }
});

it("renders the same bytes twice, and whatever the order of the spec's keys", async () => {
  const spec = join(patterns, "everything", "gateway.yaml");
  const shuffled = reverseKeys(readFileSync(spec, "utf8"));
  const read = {
    ...files,
    read: (path: string) => (path === spec ? Promise.resolve(shuffled) : files.read(path)),
  };
  const first = await renderSpec(spec);
  expect(await renderSpec(spec)).toEqual(first);
  expect(await render(read, { file: spec, variables: {} }, "rawxml")).toEqual(first);
});

/** The top-level blocks of a spec in the opposite order. */
function reverseKeys(text: string): string {
  return text
    .split(/^(?=[a-z])/m)
    .reverse()
    .join("");
}

it("shows no secret", async () => {
  const rendered = await renderSpec(join(patterns, "everything", "gateway.yaml"));
  expect(rendered.map(({ text }) => text).join("\n")).not.toContain("never shown");
});

const expected = sharedFolder("expected");
const expectedPatterns =
  expected === undefined ? [] : readdirSync(expected).filter((name) => !name.includes("."));

describe.skipIf(expected === undefined)("the six basic patterns equal what is expected of them", () => {
  for (const name of expectedPatterns) {
    for (const dialect of ["xml", "rawxml"] as const) {
      it(`${name} in ${dialect}`, async () => {
        const folder = join(expected ?? "", name);
        const rendered = await renderSpec(join(folder, "gateway.yaml"), undefined, dialect);
        const actual = new Map(rendered.map(({ path, text }) => [path, text]));
        compareXml(actual.get("apis/azure-openai/policy.xml"), join(folder, "api.xml"), dialect);
        for (const file of readdirSync(join(folder, "operations"))) {
          const path = `apis/azure-openai/operations/${file.replace(/\.xml$/, "")}/policy.xml`;
          compareXml(actual.get(path), join(folder, "operations", file), dialect);
        }
        const backends = readdirSync(join(folder, "backends"));
        expect([...actual.keys()].filter((path) => path.startsWith("backends/"))).toEqual(
          backends.map((file) => `backends/${file}`),
        );
        for (const file of backends) {
          const want = JSON.parse(readFileSync(join(folder, "backends", file), "utf8")) as Json;
          const have = JSON.parse(actual.get(`backends/${file}`) ?? "null") as Json;
          expect(withoutFree(have)).toEqual(withoutFree(want));
        }
      });
    }
  }
});

function compareXml(actual: string | undefined, file: string, dialect: "xml" | "rawxml"): void {
  expect(shape(actual ?? "", dialect), file).toEqual(shape(readFileSync(file, "utf8"), dialect));
}

/** A document as a plain tree: no ids, white space, comments; bodies as JSON; the condition of `when` is free. */
function shape(text: string, dialect: "xml" | "rawxml"): unknown {
  const parsed = parsePolicyDocument(text, { dialect });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return elementShape(parsed.document.root);
}

function elementShape(element: PolicyElement): unknown {
  const attributes = element.attributes.filter(
    ({ name }) => name !== "id" && !(element.name === "when" && name === "condition"),
  );
  const text = elementText(element).trim();
  return {
    name: element.name,
    attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    text: element.name === "set-body" ? (JSON.parse(text) as unknown) : text,
    children: element.children.flatMap((node) => (node.type === "element" ? [elementShape(node)] : [])),
  };
}

/** Drops what the comparison leaves free: title, description, the name of a breaker rule. */
function withoutFree(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutFree(item));
  if (!isJsonObject(value)) return value;
  const isRule = "failureCondition" in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "title" && key !== "description" && !(isRule && key === "name"))
      .map(([key, member]) => [key, withoutFree(member ?? null)]),
  );
}
