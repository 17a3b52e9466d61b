/** The product's commands, in the order of `--help`. */
import {
  applyOptions,
  destroyOptions,
  devOptions,
  doctorOptions,
  explainOptions,
  exportOptions,
  fmtOptions,
  graphOptions,
  initOptions,
  keysOptions,
  lintOptions,
  lintPoliciesOptions,
  planOptions,
  probeOptions,
  pullOptions,
  releaseOptions,
  renderOptions,
  revisionsOptions,
  schemaOptions,
  simulateOptions,
  testOptions,
} from "../command-options.ts";
import { defineCommand, type Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

export const commands: readonly Command[] = [
  defineCommand({
    name: "init",
    summary: "start from a pattern: a commented gateway.yaml and what it needs",
    description:
      "Writes gateway.yaml, the OpenAPI document it imports and the JSON Schema that gives editors completion. " +
      "Nothing that is there is overwritten without --force.",
    arguments: [{ name: "[dir]", description: "folder to write to; this one when left out" }],
    options: initOptions,
    examples: [
      { command: "apimgw init --list", does: "the patterns to choose from" },
      { command: "apimgw init gateway --template burst-breaker", does: "a gateway in the folder gateway" },
    ],
    load: async () => (await import("./init.ts")).init,
  }),
  defineCommand({
    name: "lint",
    summary: "check the spec and everything that it compiles to",
    description:
      "Says, with file, line and column, what the service would reject, or accept and then misbehave on. " +
      "Needs no network and no sign-in.",
    options: lintOptions,
    examples: [
      { command: "apimgw lint", does: "check gateway.yaml" },
      {
        command: "apimgw lint -f gateway.yaml -e prod --format json",
        does: "check with an overlay, for a script",
      },
    ],
    exitCodes: [{ code: exitCodes.failed, meaning: "errors were found, or the check could not be done" }],
    load: async () => (await import("./lint.ts")).lint,
  }),
  defineCommand({
    name: "lint policies",
    summary: "check policy documents on disk; needs no spec",
    description:
      "Checks policy documents and fragments: files, folders, patterns, or - for standard input. In folders other XML files and " +
      "what git ignores are passed over. apimgw.lint.yaml, here or above, holds severities and what to leave out; a comment " +
      "<!-- apimgw-disable-next-line RULE reason --> accepts one finding.",
    arguments: [{ name: "<path...>", description: "files, folders, patterns, or -" }],
    options: lintPoliciesOptions,
    examples: [
      { command: "apimgw lint policies policies/", does: "every document below a folder" },
      { command: "apimgw lint policies 'apis/**/*.xml' --format sarif", does: "for code scanning" },
      { command: "apimgw lint policies . --known out", does: "references too, against what render -o wrote" },
      { command: "apimgw lint policies . --fix --dry-run", does: "show what can be put right" },
    ],
    exitCodes: [
      {
        code: exitCodes.failed,
        meaning: "errors were found, or too many warnings, or the check could not be done",
      },
    ],
    load: async () => (await import("./lint-policies.ts")).lintPolicies,
  }),
  defineCommand({
    name: "fmt",
    summary: "lay policy documents out in one way",
    description:
      "Rewrites policy documents in the canonical layout: format rawxml, one element a line, two spaces a level. Comments and " +
      "expressions stay as they are. With - it formats standard input to standard output.",
    arguments: [
      { name: "[path...]", description: "files, folders, patterns, or -; this folder when left out" },
    ],
    options: fmtOptions,
    examples: [
      { command: "apimgw fmt policies/", does: "every document below a folder" },
      { command: "apimgw fmt --check", does: "fail when a document here is not formatted" },
    ],
    exitCodes: [
      { code: exitCodes.failed, meaning: "with --check, files would change; or a document cannot be read" },
    ],
    load: async () => (await import("./fmt.ts")).fmt,
  }),
  defineCommand({
    name: "explain",
    summary: "say what a lint rule finds and why, or what a policy takes",
    description:
      "A rule: what it finds, why it matters, what to write instead. A policy: where it may stand, its attributes and content, and " +
      "how faithfully simulate, test and dev run it. Without NAME, lists rules and policies.",
    arguments: [{ name: "[name]", description: "a rule's id, as lint shows it, or a policy's element name" }],
    options: explainOptions,
    examples: [
      { command: "apimgw explain", does: "all rules, and the policies that simulate runs" },
      { command: "apimgw explain pool-breaker-without-retry", does: "one of them" },
      { command: "apimgw explain retry", does: "a policy: where it stands, how faithfully it is simulated" },
    ],
    load: async () => (await import("./explain.ts")).explain,
  }),
  defineCommand({
    name: "render",
    summary: "show or write what the spec compiles to",
    description:
      "One XML file per policy document and one JSON file per other resource, under the paths they have in ARM. " +
      "A JSON file is the body that is PUT.",
    options: renderOptions,
    examples: [
      { command: "apimgw render", does: "the files as a tree" },
      {
        command: "apimgw render -o out --xml-format xml",
        does: "write them, policy expressions escaped as in plain XML",
      },
    ],
    load: async () => (await import("./render.ts")).render,
  }),
  defineCommand({
    name: "graph",
    summary: "draw the routes: who may call what, and which backends answer",
    description:
      "Callers, APIs, operations, pools and backends, with priorities, weights, breakers, limits, retries and fallbacks, read from " +
      "what the spec compiles to. Operations that fare the same share one node; those that are denied are counted, in grey. " +
      "Mermaid is drawn by GitHub and others in Markdown. Needs no network; docs/graph.md says how to read it.",
    options: graphOptions,
    examples: [
      { command: "apimgw graph", does: "as Mermaid, to put into a README" },
      {
        command: "apimgw graph --format svg -o routes.svg",
        does: "a picture, for light and dark pages",
      },
      {
        command: "apimgw graph --env prod --operation ChatCompletions_Create --format dot",
        does: "the routes of one operation, with an overlay, for Graphviz",
      },
    ],
    load: async () => (await import("./graph.ts")).graph,
  }),
  defineCommand({
    name: "export",
    summary: "write what the spec compiles to as a Bicep, Terraform or ARM module",
    description:
      "A complete module for teams that deploy with those: the same resources with the same ownership marks, so that apply can take " +
      "over later without a change, with policy documents and OpenAPI documents as files beside it. Secrets are parameters " +
      "without a default. Nothing but an earlier export of the same spec is overwritten without --force.",
    options: exportOptions,
    examples: [
      { command: "apimgw export --to bicep", does: "the files as a tree" },
      { command: "apimgw export --to terraform -o infra/gateway", does: "write a Terraform module" },
    ],
    load: async () => (await import("./export.ts")).exportModule,
  }),
  defineCommand({
    name: "simulate",
    summary: "run traffic through the gateway in virtual time: who answers what",
    description:
      "A scenario says who calls, how often, and which limits the accounts behind the backends have. The compiled policies run on " +
      "it as on a gateway: pools, circuit breakers, retries and conditions. The same input gives the same result. " +
      "Needs no network; docs/simulate.md has the format, docs/gateway.md what is modelled.",
    options: simulateOptions,
    examples: [
      {
        command: "apimgw simulate --scenario burst.yaml",
        does: "a table per backend, and a chart over time",
      },
      {
        command: "apimgw simulate --scenario burst.yaml --explain 12",
        does: "request 12, policy by policy, with reasons",
      },
      {
        command: "apimgw simulate --scenario burst.yaml --format html -o run.html",
        does: "a page with an interactive timeline",
      },
      {
        command: "apimgw simulate --scenario burst.yaml --compare other.yaml",
        does: "the same traffic through two gateways",
      },
    ],
    load: async () => (await import("./simulate.ts")).simulate,
  }),
  defineCommand({
    name: "test",
    summary: "run test cases against the compiled gateway",
    description:
      "A case says what is called, what the backends answer, and what is expected: which backend got each attempt, what was sent, " +
      "the answer, the time. It runs in virtual time, without network. Without FILE, every *.gateway-test.yaml below the " +
      "folder of the spec; docs/test.md has the format.",
    arguments: [{ name: "[file...]", description: "test files, folders or patterns" }],
    options: testOptions,
    examples: [
      { command: "apimgw test", does: "all cases" },
      { command: "apimgw test --filter breaker", does: "those with breaker in their names" },
      { command: "apimgw test --format junit > tests.xml", does: "for CI" },
    ],
    exitCodes: [{ code: exitCodes.failed, meaning: "a case failed, or the cases could not be run" }],
    load: async () => (await import("./test.ts")).test,
  }),
  defineCommand({
    name: "plan",
    summary: "show what would change on the service",
    description:
      "Compares what the spec compiles to with the live service and shows every change, reading only. " +
      "A saved plan is applied exactly as it was shown.",
    options: planOptions,
    examples: [
      { command: "apimgw plan", does: "what apply would do" },
      {
        command: "apimgw plan --out gateway.plan --detailed-exitcode",
        does: "save it; exit with 2 when there are changes",
      },
      { command: "apimgw plan --local", does: "against the local APIM: no account, no network" },
    ],
    exitCodes: [
      { code: exitCodes.changes, meaning: "done, and there are changes (with --detailed-exitcode)" },
    ],
    load: async () => (await import("./plan.ts")).plan,
  }),
  defineCommand({
    name: "apply",
    summary: "carry out a plan",
    description:
      "With FILE, a saved plan exactly as it was planned, with the spec, overlay and service that it was made with: it asks " +
      "nothing, and refuses when the service or the spec has changed since. Without, plans, asks and applies. " +
      "When interrupted it finishes the writes in flight and says what was done and what was not.",
    arguments: [{ name: "[file]", description: "plan saved by plan --out" }],
    options: applyOptions,
    examples: [
      { command: "apimgw apply", does: "plan, ask, apply" },
      { command: "apimgw apply gateway.plan", does: "apply a saved plan" },
      { command: "apimgw apply --local --auto-approve", does: "to the local APIM, without asking" },
    ],
    finishesOnInterrupt: true,
    load: async () => (await import("./apply.ts")).apply,
  }),
  defineCommand({
    name: "pull",
    summary: "write a spec from what is on the service",
    description:
      "Reads the service and writes gateway.yaml and policy files. What the spec has words for is written in them, the rest as " +
      "policy XML, and what it cannot hold is left out and named; planning right after shows no change. Secrets are not read. " +
      "Nothing that is there is overwritten without --force.",
    arguments: [{ name: "[dir]", description: "folder to write to; this one when left out" }],
    options: pullOptions,
    examples: [
      {
        command: "apimgw pull gateway --subscription ID --resource-group rg-ai --service contoso-apim",
        does: "everything on the service",
      },
      {
        command: "apimgw pull gateway --api azure-openai --name contoso-ai --force",
        does: "one API and what it uses, of the service that gateway/gateway.yaml names, over that file",
      },
    ],
    load: async () => (await import("./pull.ts")).pull,
  }),
  defineCommand({
    name: "keys",
    summary: "list the spec's subscriptions, and show or renew their keys",
    description:
      "Lists the subscriptions that the spec names, as they are on the service. Keys are read only with --show, and printed to " +
      "standard output; they are in no file, plan, journal or message. With --regenerate, one key of one subscription is replaced.",
    arguments: [
      {
        name: "[subscription...]",
        description: "PRODUCT/SUBSCRIPTION or its id; all of the spec when left out",
      },
    ],
    options: keysOptions,
    examples: [
      { command: "apimgw keys", does: "which subscriptions there are, without keys" },
      {
        command: "apimgw keys team-a/team-a-app --show --format json",
        does: "the keys of one, for a script",
      },
      {
        command: "apimgw keys team-a-app --regenerate secondary",
        does: "a new secondary key, after asking",
      },
    ],
    load: async () => (await import("./keys.ts")).keys,
  }),
  defineCommand({
    name: "revisions",
    summary: "the revisions of an API, and which of them calls get",
    description: "Lists the revisions of an API of this spec, newest first, with the last release of each.",
    arguments: [{ name: "<api>", description: "id of the API" }],
    options: revisionsOptions,
    examples: [{ command: "apimgw revisions azure-openai", does: "what is there" }],
    load: async () => (await import("./revisions.ts")).revisions,
  }),
  defineCommand({
    name: "release",
    summary: "let calls get a revision of an API that waits for its release",
    description:
      "Makes a revision current: the newest that calls have never got, or the one that is named. For APIs with " +
      "`revision: { release: manual }`; with `revision: new`, apply releases by itself.",
    arguments: [{ name: "<api>", description: "id of the API" }],
    options: releaseOptions,
    examples: [
      { command: "apimgw release azure-openai", does: "show the revisions, ask, release the newest" },
    ],
    load: async () => (await import("./release.ts")).release,
  }),
  defineCommand({
    name: "rollback",
    summary: "let calls get the revision of an API again that they got before",
    description:
      "Makes a revision current that was so before, the last one or the one that is named. The next plan shows the difference " +
      "to the spec, and applying it makes a new revision.",
    arguments: [{ name: "<api>", description: "id of the API" }],
    options: releaseOptions,
    examples: [
      { command: "apimgw rollback azure-openai", does: "show the revisions, ask, go back to the one before" },
      { command: "apimgw rollback azure-openai --revision 4 --auto-approve", does: "to this one, at once" },
    ],
    load: async () => (await import("./rollback.ts")).rollback,
  }),
  defineCommand({
    name: "destroy",
    summary: "remove what this spec owns, and nothing else",
    description: "Deletes the resources that carry this spec's mark, after showing them and asking.",
    options: destroyOptions,
    examples: [{ command: "apimgw destroy", does: "show what goes, ask, delete" }],
    finishesOnInterrupt: true,
    load: async () => (await import("./destroy.ts")).destroy,
  }),
  defineCommand({
    name: "doctor",
    summary: "check sign-in, service, identity, roles, accounts and networks",
    description:
      "Looks at what must be right around a gateway, and says what is not, each with the command or setting that helps. Reads only. " +
      "Without a spec, --subscription, --resource-group and --service name the service to look at.",
    options: doctorOptions,
    examples: [
      { command: "apimgw doctor", does: "the service and the accounts of gateway.yaml" },
      { command: "apimgw doctor -e prod --format json", does: "of an environment, for a script" },
      {
        command: "apimgw doctor --subscription ID --resource-group rg-ai --service contoso-apim",
        does: "a service without a spec",
      },
    ],
    exitCodes: [{ code: exitCodes.failed, meaning: "a check found an error, or it could not be done" }],
    load: async () => (await import("./doctor.ts")).doctor,
  }),
  defineCommand({
    name: "dev",
    summary: "run the gateway and the local APIM on this machine",
    description:
      "The gateway answers calls on 127.0.0.1 as the spec says, and follows its edits; without a spec, or with --applied, it " +
      "serves what is applied to the management API beside it, which --local uses too. Backends on this machine are really " +
      "called, for all others mock Azure OpenAI accounts answer: nothing leaves the machine. Every request is shown, also at " +
      "/_apimgw with what its policies did. A file of faults makes the management API refuse, stall and lose answers.",
    arguments: [{ name: "[dir]", description: "folder for its state; .apimgw/local when left out" }],
    options: devOptions,
    examples: [
      { command: "apimgw dev", does: "serve gateway.yaml, and what --local has stored" },
      {
        command: "apimgw dev --scenario burst.yaml --port 0",
        does: "accounts with limits, and any free port",
      },
      {
        command: "apimgw dev /tmp/apim --management-port 0 --faults faults.yaml",
        does: "any free port, and bad weather",
      },
      {
        command: "apimgw plan --arm-endpoint http://127.0.0.1:8470",
        does: "from another terminal, with APIMGW_ACCESS_TOKEN=anything",
      },
    ],
    finishesOnInterrupt: true,
    load: async () => (await import("./dev.ts")).dev,
  }),
  defineCommand({
    name: "probe",
    summary: "repeat a call against a gateway: who answers, and how fast",
    description:
      "Shows status, x-ms-region and time of every call, then counts and percentiles by status and region. Against a live gateway it " +
      "costs what the calls cost. The key is read from APIMGW_SUBSCRIPTION_KEY and never shown. Interrupted, it prints what there is.",
    arguments: [{ name: "<url>", description: "what is called; with --deployment the base URL is enough" }],
    options: probeOptions,
    examples: [
      {
        command: "apimgw probe https://contoso-apim.azure-api.net --deployment gpt-4o",
        does: "20 chat calls, one after the other",
      },
      {
        command: "apimgw probe URL --deployment gpt-4o --duration 5m --rate 2/s --chart",
        does: "two a second for five minutes, as a chart",
      },
      {
        command: "apimgw probe URL --method POST --body call.json -n 100 --concurrency 10",
        does: "a call of your own",
      },
    ],
    exitCodes: [{ code: exitCodes.failed, meaning: "no call was answered, or it could not be done" }],
    finishesOnInterrupt: true,
    load: async () => (await import("./probe.ts")).probe,
  }),
  defineCommand({
    name: "schema",
    summary: "print JSON Schemas: gateway.yaml, test files, what commands print",
    description:
      "Without NAME, the schema that gives editors completion and checks; init writes it beside the spec. " +
      "test is that of test files. The others are what commands print with --format json; saved-plan is the file of plan --out.",
    arguments: [
      {
        name: "[name]",
        description:
          "gateway, test, plan, drift, apply, graph, simulate, test-results, probe, doctor, export, pull, keys, revisions, release, dev, lint, explain, init, render, saved-plan or error",
      },
    ],
    options: schemaOptions,
    examples: [
      { command: "apimgw schema > gateway.schema.json", does: "write it beside the spec" },
      { command: "apimgw schema plan", does: "what plan --format json prints" },
    ],
    load: async () => (await import("./schema.ts")).schema,
  }),
];
