import type { ValueType } from "../../../policy/catalogue/catalogue.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { outbound } from "./examples.ts";
import { atValue, doubtful } from "./findings.ts";
import { typedLiterals } from "./literals.ts";

type Format = {
  readonly pattern: RegExp;
  /** Values that some reader may take nonetheless. */
  readonly isLike: RegExp;
  readonly form: string;
};

const formats: Partial<Record<ValueType, Format>> = {
  timespan: {
    pattern: /^-?(\d+\.)?\d{1,2}:[0-5]\d(:[0-5]\d(\.\d{1,7})?)?$/,
    isLike: /^\d+$/,
    form: "a time span `hh:mm:ss`",
  },
  "date-time": {
    pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/,
    isLike: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!T\d\d:\d\d:\d\dZ$)/,
    form: "a UTC time `yyyy-MM-ddTHH:mm:ssZ`",
  },
  guid: {
    pattern: /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
    isLike: /^$/,
    form: "a GUID",
  },
  // Whether the service looks at names when it saves a document is not known.
  "header-name": {
    pattern: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    isLike: /^/,
    form: "the name of a header",
  },
  "variable-name": { pattern: /./, isLike: /^/, form: "the name of a variable" },
  identifier: { pattern: /./, isLike: /^/, form: "a name" },
};

const types: readonly ValueType[] = [
  "timespan",
  "date-time",
  "guid",
  "header-name",
  "variable-name",
  "identifier",
];

export const formattedValue: PolicyRule = {
  id: "formatted-value",
  severity: "error",
  summary: "A time span, a time, a GUID or a name is not written as such.",
  why: "The reference gives the form: `hh:mm:ss` for time spans, ISO 8601 in UTC for times. A name must not be empty, and that of a header has neither spaces nor colons (RFC 9110, section 5.1): a warning.",
  examples: {
    bad: outbound(
      `<send-service-bus-message queue-name="q" time-to-live="PT5M"><payload>x</payload></send-service-bus-message>`,
    ),
    good: outbound(
      `<send-service-bus-message queue-name="q" time-to-live="00:05:00"><payload>x</payload></send-service-bus-message>`,
    ),
  },
  *check(context) {
    for (const typed of typedLiterals(context, types)) {
      const { place, element, attribute, definition, literal } = typed;
      const format = formats[definition.type];
      if (format === undefined || format.pattern.test(literal)) continue;
      yield atValue(element, attribute, {
        message: `\`${attribute.name}\` of \`${element.name}\` must be ${format.form}, ${literal === "" ? "and is empty" : `not \`${literal}\``}`,
        ...doubtful(place.isDoubtful || definition.undocumented === true || format.isLike.test(literal)),
      });
    }
  },
};
