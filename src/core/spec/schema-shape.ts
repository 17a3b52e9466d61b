/** Questions about the schema that validation itself does not answer: which keys there are, and what stands where. */
import { z } from "zod";
import type { Path } from "./finding.ts";
import { gatewaySchema } from "./schema.ts";

/** What may stand in a place: one schema, or the branches of a union; none where anything may. */
export type Shape = readonly z.core.$ZodType[];

export const rootShape: Shape = [gatewaySchema];

/** What may stand at a path; `root` is what the document as a whole must be. */
export function shapeAt(path: Path, root: Shape): Shape {
  return path.reduce<Shape>((shape, segment) => childShape(shape, segment), root);
}

const children = new WeakMap<Shape, Map<string | number, Shape>>();

/** The shape of an entry or an item. Remembered: specs hold thousands of entries of few shapes. */
export function childShape(shape: Shape, segment: string | number): Shape {
  let known = children.get(shape);
  if (!known) children.set(shape, (known = new Map<string | number, Shape>()));
  const slot = slotOf(shape, segment);
  let child = known.get(slot);
  if (!child) known.set(slot, (child = shape.flatMap((schema) => stepInto(schema, segment))));
  return child;
}

/** Any key of a record has the same shape, and so has any index of a list. */
function slotOf(shape: Shape, segment: string | number): string | number {
  if (typeof segment === "number") return 0;
  return shape.some((schema) => schema instanceof z.ZodRecord) ? 1 : segment;
}

function stepInto(schema: z.core.$ZodType, segment: string | number): Shape {
  if (typeof segment === "number") return schema instanceof z.ZodArray ? branches(schema.element) : [];
  if (schema instanceof z.ZodRecord) return branches(schema.valueType);
  if (schema instanceof z.ZodObject && Object.hasOwn(schema.shape, segment)) {
    const property: unknown = schema.shape[segment];
    return property instanceof z.ZodType ? branches(property) : [];
  }
  return [];
}

function branches(schema: z.core.$ZodType): Shape {
  if (schema instanceof z.ZodOptional) return branches(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => branches(option));
  return [schema];
}

/** Keys that a map in this place may have; none where it may have any. */
export function knownKeys(shape: Shape): string[] {
  const objects = shape.filter((schema) => schema instanceof z.ZodObject);
  return objects.flatMap((schema) => Object.keys(schema.shape));
}

/** Whether a value could stand here. */
export function fits(shape: Shape, value: unknown): boolean {
  return shape.some((schema) => z.safeParse(schema, value).success);
}

/** A place for durations takes one, and no free text. */
export function isDuration(shape: Shape): boolean {
  return fits(shape, "30s") && !fits(shape, "thirty");
}

/** The kinds of scalars that may stand here. */
export function acceptedScalars(shape: Shape): ReadonlySet<"string" | "number" | "boolean"> {
  return new Set(
    shape.flatMap((schema) => {
      if (schema instanceof z.ZodNumber) return ["number" as const];
      if (schema instanceof z.ZodBoolean) return ["boolean" as const];
      if (schema instanceof z.ZodLiteral) return [...schema.values].map(typeOfLiteral);
      return ["string" as const];
    }),
  );
}

function typeOfLiteral(value: z.core.util.Literal): "string" | "number" | "boolean" {
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "string";
}
