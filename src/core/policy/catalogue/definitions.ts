/** The shape of what is known about policies. */
import type { SectionName } from "../../spec/schema.ts";

/** How the value of an attribute is written, when it is a literal. */
export type ValueType =
  | "string"
  | "enum"
  | "boolean"
  | "integer"
  | "number"
  | "duration-seconds"
  | "duration-milliseconds"
  | "size-bytes"
  | "size-kilobytes"
  | "http-status"
  | "timespan"
  | "date-time"
  | "guid"
  | "base64"
  | "url"
  | "ip-address"
  | "identifier"
  | "variable-name"
  | "header-name"
  | "content-type";

/** What the sources disagree about or do not establish; a finding that rests on it is a warning at most. */
export type Doubt =
  | "required"
  | "range"
  | "expressions"
  | "values"
  | "minimum"
  | "maximum"
  | "order"
  /** Of an element: everything in it. */
  | "content";

export type AttributeDefinition = {
  readonly name: string;
  readonly type: ValueType;
  readonly required?: true;
  readonly default?: string;
  /** Of an `enum`, as written. */
  readonly values?: readonly string[];
  /** Known to the service, but not to the documentation. */
  readonly otherValues?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Whether a policy expression may stand here; absent when that is not known. */
  readonly expressions?: boolean;
  /** Accepted by the service's schema or Microsoft's toolkit, absent from the documentation. */
  readonly undocumented?: true;
  readonly doubts?: readonly Doubt[];
};

export type TextDefinition = { readonly required?: true; readonly expressions?: boolean };

/** What may stand in an element. */
export type ContentDefinition = {
  readonly attributes: readonly AttributeDefinition[];
  readonly children: readonly ChildDefinition[];
  /** Absent: no text. */
  readonly text?: TextDefinition;
  /** Any policy may stand here, but for some. */
  readonly anyPolicy?: { readonly min: number; readonly except?: readonly string[] };
  /** Content that is not looked into. */
  readonly anyXml?: true;
};

export type ChildDefinition = ContentDefinition & {
  readonly name: string;
  /** How often it may stand there; no `max`: any number of times. */
  readonly min: number;
  readonly max?: number;
  /** Place in the sequence; children without one may stand anywhere. */
  readonly order?: number;
  /** The policy that this child is; its content is the policy's. */
  readonly policy?: string;
  readonly undocumented?: true;
  readonly doubts?: readonly Doubt[];
};

export type GatewayKind = "classic" | "v2" | "consumption" | "self-hosted" | "workspace";
export type CatalogueScope = "global" | "workspace" | "product" | "api" | "operation" | "graphql-resolver";

export type PolicyDefinition = ContentDefinition & {
  readonly name: string;
  readonly category: string;
  readonly isPreview?: true;
  /** Empty for the root elements of GraphQL resolvers and what stands in them. */
  readonly sections: readonly SectionName[];
  /** Not on the policy's page, yet in deployed policies or in Microsoft's other texts. */
  readonly otherSections?: readonly SectionName[];
  /** Empty when not known. */
  readonly scopes: readonly CatalogueScope[];
  /** Scopes and gateways for which the page read is too old, or contradicted. */
  readonly doubtfulScopes?: readonly CatalogueScope[];
  /** Empty when not known. */
  readonly gateways: readonly GatewayKind[];
  readonly doubtfulGateways?: readonly GatewayKind[];
  /** At most once in a section; `doubtful` where Microsoft's own samples do otherwise. */
  readonly oncePerSection?: true | "doubtful";
  /** The service's schema has no `id` for it, unlike for other policies. */
  readonly lacksId?: true;
  readonly undocumented?: true;
  /** The page or schema the facts are from, and the date of the version read. */
  readonly source: string;
  readonly sourceDate?: string;
};
