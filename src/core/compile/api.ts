/** One API of the spec: the API itself, its document, its operations' documents, its diagnostics. */
import { nearestName } from "../nearest-name.ts";
import { existingApiResource, importedApiResource } from "../model/kinds/api.ts";
import { diagnosticNames, diagnosticResource } from "../model/kinds/diagnostic.ts";
import { apiPolicyResource, operationPolicyResource } from "../model/kinds/policy.ts";
import type { Resource } from "../model/resource.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import { filterOperations } from "../openapi/filter-operations.ts";
import { childElement } from "../policy/tree.ts";
import type { PolicyElement } from "../policy/tree.ts";
import type { Problem } from "../problem.ts";
import type { ApiSpec, OperationSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import { checkApiSettings } from "./api-settings.ts";
import { checkApiStreaming, withApiStreaming } from "./api-streaming.ts";
import { entries } from "./compile.ts";
import type { CompileContext, Compiled } from "./compile.ts";
import { recordBelow } from "./element-keys.ts";
import { apiDocument, hasBase, operationDocument, wholeDocument } from "./policies.ts";
import type { Inheritance, SectionNodes } from "./policies.ts";
import { serviceIdentity } from "./roles.ts";
import { routeModels } from "./route-models.ts";
import { handWrittenPolicies } from "./sections.ts";

export function compileApi(context: CompileContext, id: string, api: ApiSpec): Compiled {
  const { source } = context;
  const inheritance = inheritanceOf(context, api);
  const { sections, document, ...own } = handWrittenPolicies(context, pointer("apis", id));
  const owner = context.spec.name;
  const writtenFor = recordBelow(context.elementKeys, pointer("apis", id));
  const policies =
    document === undefined
      ? apiDocument({
          api,
          inheritance,
          handWritten: sections,
          owner,
          clientId: clientIdOf(context),
          writtenFor,
        })
      : wholeDocument(document, owner);
  const at = source.locateKey(pointer("apis", id));
  const operations = entries(api.operations).map((entry) =>
    compileOperation(context, { id, api, inheritance }, entry[0], withApiStreaming(context, id, api, entry)),
  );
  return {
    resources: [
      ...apiResource(context, id, api),
      ...(api.policies === false
        ? []
        : [apiPolicyResource(id, policies, context.references.document(policies), at)]),
      ...diagnostics(context, id, api),
      ...operations.flatMap((part) => part.resources),
    ],
    problems: [
      ...unknownOperations(context, id, api),
      ...nothingLeft(context, id, api),
      ...checkApiSettings(context, id, api),
      ...checkApiStreaming(context, id, api),
      ...own.problems,
      ...unreachable(context, id, api, inheritance),
      ...operations.flatMap((part) => part.problems),
    ],
    handWritten: [...own.handWritten, ...operations.flatMap((part) => part.handWritten)],
  };
}

function clientIdOf({ spec }: CompileContext): string | undefined {
  const identity = serviceIdentity(spec);
  return identity.type === "user" ? identity.clientId : undefined;
}

/** `keep` as soon as there is something to inherit. */
function inheritanceOf(context: Pick<CompileContext, "spec">, api: ApiSpec): Inheritance {
  const { products = {}, policies } = context.spec;
  const inherits = Object.keys(products).length > 0 || policies !== undefined;
  return api.inheritance ?? (inherits ? "keep" : "replace");
}

function apiResource({ openApi, spec, source }: CompileContext, id: string, api: ApiSpec): Resource[] {
  const at = source.locateKey(pointer("apis", id));
  const document = openApi.get(id);
  if (document !== undefined)
    return [
      importedApiResource(
        id,
        api,
        importedDocument(api, document),
        { owner: spec.name, service: spec.service },
        at,
      ),
    ];
  const existing = api.openapi === undefined ? existingApiResource(id, api, spec.service, at) : undefined;
  return existing === undefined ? [] : [existing];
}

/** With `unlisted: remove` the import makes only what is listed, so that nothing has to be taken away afterwards. */
function importedDocument(api: ApiSpec, document: OpenApiDocument): OpenApiDocument {
  if (api.unlisted !== "remove") return document;
  return filterOperations(document, new Set(Object.keys(api.operations ?? {})));
}

function diagnostics({ spec, source }: CompileContext, id: string, api: ApiSpec): Resource[] {
  return diagnosticNames.flatMap((name) => {
    const diagnostic = api.diagnostics?.[name];
    if (diagnostic === undefined) return [];
    const at = source.locateKey(pointer("apis", id, "diagnostics", name));
    return [diagnosticResource(id, name, diagnostic, spec.service, at)];
  });
}

/** With nothing listed, everything would be removed: the import would have no operation, which the service refuses. */
function nothingLeft({ source }: CompileContext, id: string, api: ApiSpec): Problem[] {
  if (api.unlisted !== "remove" || Object.keys(api.operations ?? {}).length > 0) return [];
  return [
    {
      rule: "nothing-left",
      severity: "error",
      message: "`unlisted: remove` without a listed operation leaves an API without operations",
      at: source.locateKey(pointer("apis", id, "unlisted")),
      help: "list the operations that stay, or use `unlisted: deny`",
    },
  ];
}

function unknownOperations({ openApi, source }: CompileContext, id: string, api: ApiSpec): Problem[] {
  const document = openApi.get(id);
  if (document === undefined) return [];
  const known = new Set(document.operations.map((operation) => operation.id));
  const missing = Object.keys(api.operations ?? {}).filter((operation) => !known.has(operation));
  return missing.map((operation): Problem => {
    const nearest = nearestName(operation, known);
    return {
      rule: "unknown-operation",
      severity: "error",
      message: `there is no operation \`${operation}\` in ${document.file}${nearest === undefined ? "" : `, did you mean \`${nearest}\`?`}`,
      at: source.locateKey(pointer("apis", id, "operations", operation)),
      help: "operations are named by their operationId, in its exact spelling",
    };
  });
}

/** Under `inheritance: replace` the refusal is the whole inbound section: nothing behind it runs. */
function unreachable(
  { source }: CompileContext,
  id: string,
  api: ApiSpec,
  inheritance: Inheritance,
): Problem[] {
  const isBehind = api.policies !== false && api.policies?.inbound !== undefined;
  if (!isBehind || inheritance !== "replace" || (api.unlisted ?? "deny") !== "deny") return [];
  return [
    {
      rule: "unreachable-policies",
      severity: "error",
      message:
        "policies.inbound stands behind the answer that denies every operation of this API: it never runs",
      at: source.locate(pointer("apis", id, "policies", "inbound")),
      help: "set `inheritance: keep`, so that listed operations inherit it, or write it for the operations",
    },
  ];
}

type ApiPart = { readonly id: string; readonly api: ApiSpec; readonly inheritance: Inheritance };

function compileOperation(
  context: CompileContext,
  part: ApiPart,
  id: string,
  operation: OperationSpec,
): Compiled {
  const at = pointer("apis", part.id, "operations", id);
  const { sections, document: whole, problems, handWritten } = handWrittenPolicies(context, at);
  const routing = routeModels(context, { apiId: part.id, id, operation, hasDocument: whole !== undefined });
  const owner = context.spec.name;
  const document =
    whole === undefined
      ? operationDocument({
          api: part.api,
          operation,
          arms: routing.arms,
          place: routing.place,
          inheritance: part.inheritance,
          handWritten: sections,
          owner,
          clientId: clientIdOf(context),
          forApi: recordBelow(context.elementKeys, pointer("apis", part.id)),
          forOperation: recordBelow(context.elementKeys, at),
        })
      : wholeDocument(whole, owner);
  const resource = operationPolicyResource(
    part.id,
    id,
    document,
    context.references.document(document),
    context.source.locateKey(at),
  );
  return {
    resources: [
      ...routing.made,
      routing.notes.length === 0 ? resource : { ...resource, notes: routing.notes },
    ],
    problems: [
      ...problems,
      ...routing.problems,
      ...checkOperation(context, part, at, operation, { sections, whole }),
    ],
    handWritten,
  };
}

function checkOperation(
  context: CompileContext,
  { api, inheritance }: ApiPart,
  at: string,
  operation: OperationSpec,
  { sections, whole }: { readonly sections: SectionNodes; readonly whole: PolicyElement | undefined },
): Problem[] {
  const problems: Problem[] = [];
  const deniesAll = (api.unlisted ?? "deny") === "deny" && inheritance === "replace";
  const inbound = whole === undefined ? sections.inbound : childElement(whole, "inbound")?.children;
  if (deniesAll && hasBase(inbound ?? [])) {
    const part = whole === undefined ? "inbound" : "document";
    problems.push({
      rule: "base-inherits-deny",
      severity: "error",
      message: `<base /> in policies.${part} inherits the answer that denies every operation of this API`,
      at: context.source.locate(`${at}/policies/${part}`),
      help: "remove <base />, or set `inheritance: keep` on the API",
    });
  }
  const choosesItself =
    whole !== undefined || sections.inbound !== undefined || sections.backend !== undefined;
  if (
    operation.backend === undefined &&
    operation.models === undefined &&
    !choosesItself &&
    api.serviceUrl === undefined &&
    api.openapi !== undefined
  ) {
    problems.push({
      rule: "operation-without-backend",
      severity: "error",
      message:
        "this operation has no backend, so its calls would go to the server named in the OpenAPI document",
      at: context.source.locateKey(at),
      help: "give `backend`, or `serviceUrl` on the API",
    });
  }
  return problems;
}
