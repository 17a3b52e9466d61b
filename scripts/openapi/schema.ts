/** A JSON Schema as OpenAPI 3.0 has it. */
export type Schema = { readonly [keyword: string]: unknown };

/** Named schemas: what `components.schemas` is filled from. */
export type Schemas = Readonly<Record<string, Schema>>;

/** Properties by name; a name with `!` at its end is required. */
export type Properties = Readonly<Record<string, Schema>>;

type Limits = {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
  readonly format?: string;
};

export function text(description?: string): Schema {
  return { type: "string", ...describe(description) };
}

export function choice(values: readonly string[], description?: string): Schema {
  return { type: "string", enum: values, ...describe(description) };
}

export function integer(description?: string, limits: Limits = {}): Schema {
  return { type: "integer", ...limits, ...describe(description) };
}

export function number(description?: string, limits: Limits = {}): Schema {
  return { type: "number", ...limits, ...describe(description) };
}

export function flag(description?: string): Schema {
  return { type: "boolean", ...describe(description) };
}

export function binary(description?: string): Schema {
  return { type: "string", format: "binary", ...describe(description) };
}

/** Unix time. */
export function seconds(description?: string): Schema {
  return { type: "integer", format: "unixtime", ...describe(description) };
}

export function list(items: Schema, description?: string): Schema {
  return { type: "array", items, ...describe(description) };
}

/** An object of which only this is known: what kind of thing it is. */
export function anyObject(description?: string): Schema {
  return { type: "object", additionalProperties: true, ...describe(description) };
}

export function object(properties: Properties, description?: string): Schema {
  const entries = Object.entries(properties).map(([name, schema]) => [bareName(name), schema] as const);
  const required = Object.keys(properties)
    .filter((name) => name.endsWith("!"))
    .map(bareName);
  return {
    type: "object",
    ...describe(description),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(entries),
  };
}

export function oneOf(schemas: readonly Schema[], description?: string): Schema {
  return { oneOf: schemas, ...describe(description) };
}

/** In OpenAPI 3.0 nothing beside a `$ref` counts, so a reference is wrapped. */
export function orNull(schema: Schema): Schema {
  return "$ref" in schema ? { allOf: [schema], nullable: true } : { ...schema, nullable: true };
}

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A page of a list, in the form that all list operations share. */
export function page(item: string): Schema {
  return object({
    "object!": choice(["list"]),
    "data!": list(ref(item)),
    "first_id!": orNull(text()),
    "last_id!": orNull(text()),
    "has_more!": flag("There is a next page."),
  });
}

/** The answer to a deletion. */
export function deleted(objectName: string): Schema {
  return object({ "id!": text(), "object!": choice([objectName]), "deleted!": flag() });
}

/** Up to 16 pairs that the caller may store with an object. */
export const metadata: Schema = {
  type: "object",
  nullable: true,
  additionalProperties: { type: "string" },
  description: "The caller's own notes on the object: up to 16 names and values.",
};

/** Names of the schemas that a value refers to, directly. */
export function listReferences(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(listReferences);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "$ref" && typeof member === "string"
      ? [member.slice("#/components/schemas/".length)]
      : listReferences(member),
  );
}

function describe(description: string | undefined): Schema {
  return description === undefined ? {} : { description };
}

function bareName(name: string): string {
  return name.endsWith("!") ? name.slice(0, -1) : name;
}
