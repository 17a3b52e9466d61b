import { binary, choice, integer, ref, text, type Schema } from "./schema.ts";

/** Schemas by media type. */
export type Content = Readonly<Record<string, Schema>>;

/** A parameter that is not part of the path. */
export type Parameter = {
  readonly name: string;
  readonly in: "query" | "header";
  readonly required?: true;
  readonly description?: string;
  readonly schema: Schema;
};

export type Answer = {
  readonly description: string;
  readonly content?: Content;
  /** The answer carries the header `apim-request-id`. */
  readonly requestId?: true;
};

/** One row of a table of operations. Parameters in the path are read off the path. */
export type Operation = {
  readonly method: "get" | "post" | "put" | "patch" | "delete" | "options" | "head";
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Content;
  /** By status code, or `default`. */
  readonly answers: Readonly<Record<string, Answer>>;
};

/** Operations of one subject. */
export type OperationGroup = { readonly tag: string; readonly operations: readonly Operation[] };

export function json(schemaName: string): Content {
  return { "application/json": ref(schemaName) };
}

export function form(schemaName: string): Content {
  return { "multipart/form-data": ref(schemaName) };
}

export const bytes: Content = { "application/octet-stream": binary() };

export function query(name: string, schema: Schema, description?: string): Parameter {
  return { name, in: "query", ...(description === undefined ? {} : { description }), schema };
}

/** A header that must be sent, with its only value. */
export function fixedHeader(name: string, value: string): Parameter {
  return { name, in: "header", required: true, schema: choice([value]) };
}

export const after = query("after", text(), "Id of the last item of the page before.");
export const before = query("before", text(), "Id of the first item of the page after.");

export function limit(perPage: Schema): Parameter {
  return query("limit", perPage, "Items per page.");
}

/** Sort order by time of creation. */
export function order(standard?: "asc" | "desc"): Parameter {
  const schema = choice(["asc", "desc"]);
  return query("order", standard === undefined ? schema : { ...schema, default: standard });
}

/** Parameters of the lists of the versions with a date: newest first, 20 a page. */
export const paging: readonly Parameter[] = [
  limit(integer(undefined, { default: 20 })),
  order("desc"),
  after,
  before,
];

export const vectorStoreFileStates = ["in_progress", "completed", "failed", "cancelled"] as const;

export const fileFilter = query("filter", choice(vectorStoreFileStates), "Only files in this state.");
