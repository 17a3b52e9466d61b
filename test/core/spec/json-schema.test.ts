import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { gatewayJsonSchema } from "../../../src/core/spec/json-schema.ts";

const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(gatewayJsonSchema());

const header = `apimgw: 1
name: contoso-ai
service: { subscriptionId: 00000000-0000-0000-0000-000000000001, resourceGroup: rg-ai, name: contoso-apim }
`;

function goodSpecs(): [name: string, text: string][] {
  const own = join(import.meta.dirname, "good");
  const patterns = resolve(import.meta.dirname, "../../../../shared/expected");
  const files = readdirSync(own).map((file) => join(own, file));
  if (existsSync(patterns))
    files.push(...readdirSync(patterns).map((name) => join(patterns, name, "gateway.yaml")));
  else console.warn(`the schema is not tried on the specs of the patterns: no ${patterns}`);
  return files.filter((file) => existsSync(file)).map((file) => [file, readFileSync(file, "utf8")]);
}

describe("the JSON Schema", () => {
  it("is the same on every call, and draft-07", () => {
    const schema = gatewayJsonSchema();
    expect(JSON.stringify(schema)).toBe(JSON.stringify(gatewayJsonSchema()));
    expect(schema["$schema"]).toBe("http://json-schema.org/draft-07/schema#");
    expect(schema["title"]).toBe("apimgw gateway spec");
  });

  it.each(goodSpecs())("accepts %s", (_, text) => {
    validate(load(text));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each([
    ["a variable for a URL", "backends: { aoai: { url: '${URL}' } }"],
    ["a variable within a URL", "backends: { aoai: { url: 'https://${HOST}/openai' } }"],
    ["a variable for a choice", "apis: { a: { unlisted: '${UNLISTED:-deny}' } }"],
    ["a variable for a number", "pools: { p: { members: [{ backend: a, weight: '${W}' }] } }"],
    ["a variable for a boolean", "products: { p: { subscriptionRequired: '${S}' } }"],
    ["a variable for true", "apis: { a: { operations: { X: { retry: '${R}' } } } }"],
    [
      "a variable for a status",
      "apis: { a: { operations: { X: { fallback: { to: [a], on: ['${S}'] } } } } }",
    ],
    ["a variable for a duration", "apis: { a: { operations: { X: { timeout: '${T}' } } } }"],
    ["an overlay with parts of maps", "environments: { prod: { backends: { aoai: { title: Other } } } }"],
    [
      "an overlay that removes",
      "environments: { prod: { backends: { aoai: null }, service: { sku: ~ }, pools: ~ } }",
    ],
    ["an overlay with a variable", "environments: { prod: { service: { subscriptionId: '${ID}' } } }"],
  ])("accepts %s", (_, text) => {
    validate(load(`${header}${text}\n`));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each([
    ["an unknown key", "backends: { aoai: { url: https://x.example, ulr: 1 } }"],
    ["a missing key", "backends: { aoai: {} }"],
    ["a bad id", "backends: { -a: { url: https://x.example } }"],
    ["a wrong type", "backends: { aoai: { url: 3 } }"],
    ["a bad duration", "apis: { a: { operations: { X: { timeout: 5 minutes } } } }"],
    ["null outside overlays", "backends: { aoai: null }"],
    ["an unknown key in an overlay", "environments: { prod: { backends: { aoai: { ulr: x } } } }"],
    ["a name in an overlay", "environments: { prod: { name: other } }"],
    [
      "half a list item in an overlay",
      "environments: { prod: { pools: { p: { members: [{ weight: 1 }] } } } }",
    ],
  ])("refuses %s", (_, text) => {
    expect(validate(load(`${header}${text}\n`))).toBe(false);
  });
});
