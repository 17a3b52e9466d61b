/** Types of members: of what `context` leads to, from the table; of .NET types, the few that expressions mostly go through. */
import { expressionInterfaces, extensionMethods } from "./expression-table.ts";
import type { ExpressionInterface } from "./table-types.ts";
import { canonicalType } from "./type-names.ts";

/** What every object has. */
const objectMembers = new Set(["Equals", "GetHashCode", "GetType", "ToString"]);
/** LINQ and the like: on any of these types an extension method may be meant. */
const extensions = new Set(extensionMethods);

/** Names that earlier documentation or the policy toolkit has for members, or that were added since: not judged. */
const unjudged: Readonly<Record<string, readonly string[]>> = {
  IContext: ["Workspace"],
  IDeployment: ["Gateway", "SustainabilityInfo"],
  ISubscription: ["CreatedTime"],
  // In use on deployed gateways (pagopa/pagopa-infra), though no page has it.
  IUrl: ["ToUri"],
  BasicAuthCredentials: ["Username"],
};

/** Whether members of this type are all known, so that any other name is a mistake. */
export function isClosedInterface(type: string): boolean {
  const known = interfaceOf(type);
  return known !== undefined && known.isOpen !== true;
}

/** Whether the interface has the member, by itself, by inheritance or by an extension method. */
export function hasMember(type: string, name: string): boolean {
  if (objectMembers.has(name) || extensions.has(name)) return true;
  if (unjudged[type]?.includes(name) === true) return true;
  return membersOf(type).has(name);
}

const members = new Map<string, ReadonlyMap<string, string>>();

/** All members of an interface with their types, the inherited ones included. */
export function membersOf(type: string): ReadonlyMap<string, string> {
  const known = members.get(type) ?? collectMembers(type);
  // A document may name any number of types that are none.
  if (known.size > 0) members.set(type, known);
  return known;
}

function collectMembers(type: string): ReadonlyMap<string, string> {
  const known = interfaceOf(type);
  if (known === undefined) return new Map();
  const inherited = known.extends === undefined ? [] : membersOf(known.extends);
  return new Map([...inherited, ...Object.entries(known.members)]);
}

function interfaceOf(type: string): ExpressionInterface | undefined {
  return Object.hasOwn(expressionInterfaces, type) ? expressionInterfaces[type] : undefined;
}

/** Properties and methods by type; `()` marks methods. Static members stand under `static …`. */
const knownMembers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  string: { Length: "int" },
  "static System.DateTime": { Now: "System.DateTime", UtcNow: "System.DateTime", Today: "System.DateTime" },
  "System.DateTime": { Year: "int", Month: "int", Day: "int", Hour: "int", Minute: "int", Second: "int" },
};

const knownResults: Readonly<Record<string, readonly string[]>> = {
  "string:string": [
    ...["Insert", "PadLeft", "PadRight", "Remove", "Replace", "Substring", "ToLower", "ToLowerInvariant"],
    ...["ToUpper", "ToUpperInvariant", "Trim", "TrimEnd", "TrimStart"],
  ],
  "string:int": ["CompareTo", "IndexOf", "LastIndexOf"],
  "string:bool": ["Contains", "EndsWith", "Equals", "StartsWith"],
  "string:Jwt": ["AsJwt"],
  "string:BasicAuthCredentials": ["AsBasic"],
  "static string:string": ["Concat", "Format", "Join"],
  "static string:bool": ["IsNullOrEmpty", "IsNullOrWhiteSpace"],
  "static int:int": ["Parse"],
  "static bool:bool": ["Parse"],
  "static System.Convert:int": ["ToInt32"],
  "static System.Convert:bool": ["ToBoolean"],
  "static System.Convert:string": ["ToBase64String", "ToString"],
  "static System.DateTime:System.DateTime": ["Parse"],
  "System.DateTime:System.DateTime": [
    ...[
      "Add",
      "AddDays",
      "AddHours",
      "AddMilliseconds",
      "AddMinutes",
      "AddMonths",
      "AddSeconds",
      "AddTicks",
      "AddYears",
    ],
  ],
};

const resultByCall = new Map(
  Object.entries(knownResults).flatMap(([key, names]) => {
    const split = key.lastIndexOf(":");
    return names.map((name): [string, string] => [`${key.slice(0, split)}.${name}`, key.slice(split + 1)]);
  }),
);

/** Type of a property; undefined when it is not known, or is a method. */
export function memberType(owner: string, name: string): string | undefined {
  const type = membersOf(owner).get(name) ?? knownMembers[owner]?.[name];
  if (type === undefined || type.startsWith("() =>") || type === "unknown" || type.includes(";"))
    return undefined;
  return type;
}

/** Type of what a method gives; undefined when it is not known. */
export function resultOfCall(
  owner: string | undefined,
  name: string,
  typeArgument: string | undefined,
): string | undefined {
  if (owner === undefined) return name === "ToString" ? "string" : undefined;
  if (name === "GetValueOrDefault") return valueOrDefault(owner, typeArgument);
  const declared = membersOf(owner).get(name);
  if (declared?.startsWith("() => ") === true) {
    const result = declared.slice(6);
    return result === "T" ? typeArgument && canonicalType(typeArgument) : result;
  }
  if (name === "ToString") return "string";
  return resultByCall.get(`${owner}.${name}`);
}

function valueOrDefault(owner: string, typeArgument: string | undefined): string | undefined {
  if (typeArgument !== undefined) return canonicalType(typeArgument);
  return /Dictionary<string, string(\[\])?>$/.test(owner) ? "string" : undefined;
}

/** Type of `owner[…]`. */
export function elementType(owner: string): string | undefined {
  const value = /Dictionary<string, (.+)>$/.exec(owner)?.[1];
  if (value !== undefined) return value;
  if (owner.endsWith("[]")) return owner.slice(0, -2);
  return owner === "string" ? "char" : undefined;
}
