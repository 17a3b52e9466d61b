import { fieldError } from "../errors.ts";
import { armId, resourceOfId } from "../references.ts";
import { keyOf } from "../stored.ts";
import { accept, boolean, fields, integer, list, number, oneOf, text, textOf } from "../validate.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { commonIdPattern, idRule, respondAsStored } from "./kind.ts";

export const serviceDiagnosticKind = diagnosticKind("diagnostics");
export const apiDiagnosticKind = diagnosticKind("apis/*/diagnostics");

function diagnosticKind(collection: string): ResourceKind {
  return {
    collection,
    title: "Diagnostic",
    methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
    checkId: idRule("diagnosticId", 80, commonIdPattern),
    accept: acceptDiagnostic,
    respond: respondAsStored,
  };
}

const maskedEntities = list(fields({ value: text(), mode: oneOf(["Mask", "Hide"]) }));

const message = fields({
  headers: list(text()),
  body: fields({ bytes: integer(0, 8192) }),
  dataMasking: fields({ queryParams: maskedEntities, headers: maskedEntities }),
});

const pipeline = fields({ request: message, response: message });

const llmMessage = fields({ messages: oneOf(["all"]), maxSizeInBytes: integer(0, 262_144) });

const checks = fields(
  {
    loggerId: text({ min: 1 }),
    alwaysLog: oneOf(["allErrors"]),
    sampling: fields({ samplingType: oneOf(["fixed"]), percentage: number(0, 100) }),
    frontend: pipeline,
    backend: pipeline,
    logClientIp: boolean,
    httpCorrelationProtocol: oneOf(["None", "Legacy", "W3C"]),
    verbosity: oneOf(["verbose", "information", "error"]),
    operationNameFormat: oneOf(["Name", "Url"]),
    metrics: boolean,
    largeLanguageModel: fields({
      logs: oneOf(["enabled", "disabled"]),
      requests: llmMessage,
      responses: llmMessage,
    }),
  },
  ["loggerId"],
);

function acceptDiagnostic({ service, sent }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const logger = resourceOfId(service, "loggers", textOf(given["loggerId"]) ?? "");
  if (logger === undefined) throw fieldError("loggerId", "Logger not found");
  return {
    properties: {
      alwaysLog: null,
      httpCorrelationProtocol: "Legacy",
      verbosity: "information",
      logClientIp: false,
      operationNameFormat: "Name",
      metrics: null,
      largeLanguageModel: null,
      sampling: { samplingType: "fixed", percentage: 100 },
      frontend: null,
      backend: null,
      ...given,
      loggerId: armId(service, logger.path),
    },
    uses: [keyOf(logger.path)],
  };
}
