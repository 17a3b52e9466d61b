/** Newtonsoft's tokens: they know their parents, and what has one is copied when it is put elsewhere. */
import { EvaluationLimit, exception } from "../errors.ts";
import { isObjectValue } from "../values.ts";
import type { ObjectValue, Value } from "../values.ts";

export type JScalarType =
  | "String"
  | "Integer"
  | "Float"
  | "Boolean"
  | "Null"
  | "Undefined"
  | "Date"
  | "Guid"
  | "Uri"
  | "TimeSpan"
  | "Bytes"
  | "Raw";

export abstract class JTokenValue implements ObjectValue {
  abstract readonly kind: string;
  parent: JContainerValue | null = null;
  abstract copy(): JTokenValue;
}

/** `JValue`; integers are held as `long` unless they are larger. */
export class JScalarValue extends JTokenValue {
  readonly kind = "JValue";
  readonly type: JScalarType;
  readonly value: Value;

  constructor(type: JScalarType, value: Value) {
    super();
    this.type = type;
    this.value = value;
  }

  override copy(): JScalarValue {
    return new JScalarValue(this.type, this.value);
  }
}

export abstract class JContainerValue extends JTokenValue {
  abstract children(): readonly JTokenValue[];
  abstract detach(child: JTokenValue): void;
  abstract replace(child: JTokenValue, by: JTokenValue): void;

  /** The token itself, or a copy if it is part of something, or holds this itself, with this as its parent. */
  adopt<T extends JTokenValue>(token: T): T;
  adopt(token: JTokenValue): JTokenValue {
    const own = token.parent === null && token !== rootOf(this) ? token : token.copy();
    own.parent = this;
    return own;
  }
}

/** Twice what Newtonsoft reads, and more than anyone writes: keeps every walk over tokens short. */
const maxDepth = 1_000;

/** The token that stands above all others; EvaluationLimit when that is too far. */
export function rootOf(token: JTokenValue): JTokenValue {
  let root = token;
  for (let depth = 0; root.parent !== null; depth += 1) {
    if (depth > maxDepth) throw new EvaluationLimit(`Tokens are nested more than ${maxDepth} deep.`);
    root = root.parent;
  }
  return root;
}

export class JPropertyValue extends JContainerValue {
  readonly kind = "JProperty";
  readonly name: string;
  #value: JTokenValue;

  constructor(name: string, value: JTokenValue) {
    super();
    this.name = name;
    this.#value = this.adopt(value);
  }

  get value(): JTokenValue {
    return this.#value;
  }

  set value(value: JTokenValue) {
    this.#value.parent = null;
    this.#value = this.adopt(value);
  }

  override children(): readonly JTokenValue[] {
    return [this.#value];
  }

  override detach(): void {
    throw exception(
      "Newtonsoft.Json.JsonException",
      "Cannot add or remove items from Newtonsoft.Json.Linq.JProperty.",
    );
  }

  override replace(_child: JTokenValue, by: JTokenValue): void {
    this.value = by;
  }

  override copy(): JPropertyValue {
    return new JPropertyValue(this.name, this.#value.copy());
  }
}

export class JObjectValue extends JContainerValue {
  readonly kind = "JObject";
  readonly #properties = new Map<string, JPropertyValue>();

  get count(): number {
    return this.#properties.size;
  }

  get(name: string): JTokenValue | undefined {
    return this.#properties.get(name)?.value;
  }

  property(name: string): JPropertyValue | undefined {
    return this.#properties.get(name);
  }

  properties(): JPropertyValue[] {
    return [...this.#properties.values()];
  }

  set(name: string, value: JTokenValue): void {
    const known = this.#properties.get(name);
    if (known !== undefined) known.value = value;
    else this.addProperty(new JPropertyValue(name, value));
  }

  /** Throws for a name that is there. */
  addProperty(property: JPropertyValue): void {
    if (this.#properties.has(property.name)) {
      throw exception(
        "ArgumentException",
        `Can not add property ${property.name} to Newtonsoft.Json.Linq.JObject. Property with the same name already exists on object.`,
      );
    }
    const own = this.adopt(property);
    this.#properties.set(own.name, own);
  }

  remove(name: string): boolean {
    const known = this.#properties.get(name);
    if (known !== undefined) known.parent = null;
    return this.#properties.delete(name);
  }

  clear(): void {
    for (const name of [...this.#properties.keys()]) this.remove(name);
  }

  override children(): readonly JTokenValue[] {
    return this.properties();
  }

  override detach(child: JTokenValue): void {
    if (child instanceof JPropertyValue) this.remove(child.name);
  }

  override replace(child: JTokenValue, by: JTokenValue): void {
    if (!(by instanceof JPropertyValue)) {
      throw exception("ArgumentException", `Can not add ${fullName(by)} to Newtonsoft.Json.Linq.JObject.`);
    }
    const all = this.properties();
    this.clear();
    for (const property of all) this.addProperty(property === child ? by : property);
  }

  override copy(): JObjectValue {
    const copy = new JObjectValue();
    for (const property of this.#properties.values()) copy.addProperty(property.copy());
    return copy;
  }
}

function fullName(token: JTokenValue): string {
  return `Newtonsoft.Json.Linq.${token.kind}`;
}

export class JArrayValue extends JContainerValue {
  readonly kind = "JArray";
  readonly #items: JTokenValue[] = [];

  constructor(items: readonly JTokenValue[] = []) {
    super();
    for (const item of items) this.add(item);
  }

  get items(): readonly JTokenValue[] {
    return this.#items;
  }

  add(token: JTokenValue): void {
    this.insert(this.#items.length, token);
  }

  insert(index: number, token: JTokenValue): void {
    if (token instanceof JPropertyValue) {
      throw exception(
        "ArgumentException",
        "Can not add Newtonsoft.Json.Linq.JProperty to Newtonsoft.Json.Linq.JArray.",
      );
    }
    this.#items.splice(index, 0, this.adopt(token));
  }

  set(index: number, token: JTokenValue): void {
    const old = this.#items[index];
    if (old !== undefined) old.parent = null;
    this.#items[index] = this.adopt(token);
  }

  removeAt(index: number): void {
    const [removed] = this.#items.splice(index, 1);
    if (removed !== undefined) removed.parent = null;
  }

  override children(): readonly JTokenValue[] {
    return this.#items;
  }

  override detach(child: JTokenValue): void {
    const index = this.#items.indexOf(child);
    if (index !== -1) this.removeAt(index);
  }

  override replace(child: JTokenValue, by: JTokenValue): void {
    const index = this.#items.indexOf(child);
    if (index !== -1) this.set(index, by);
  }

  override copy(): JArrayValue {
    return new JArrayValue(this.#items.map((item) => item.copy()));
  }
}

export function isJToken(value: Value): value is JTokenValue {
  return isObjectValue(value) && value instanceof JTokenValue;
}

/** The name that `JToken.Type` and Newtonsoft's messages have for a token. */
export function tokenType(token: JTokenValue): string {
  if (token instanceof JScalarValue) return token.type;
  if (token instanceof JObjectValue) return "Object";
  return token instanceof JArrayValue ? "Array" : "Property";
}

export function jNull(): JScalarValue {
  return new JScalarValue("Null", null);
}

/** Where a token stands, as `JToken.Path` has it. */
export function pathOf(token: JTokenValue): string {
  const parts: string[] = [];
  for (let at: JTokenValue = token; at.parent !== null; at = at.parent) {
    const { parent } = at;
    if (at instanceof JPropertyValue) parts.unshift(namePart(at.name));
    else if (parent instanceof JArrayValue) parts.unshift(`[${parent.items.indexOf(at)}]`);
  }
  if (token instanceof JPropertyValue && token.parent === null) return token.name;
  return parts.join("").replace(/^\./, "");
}

function namePart(name: string): string {
  return /[ .[\]'"\\/()]/.test(name) ? `['${name}']` : `.${name}`;
}
