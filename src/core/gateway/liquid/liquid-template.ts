/**
 * Liquid as API Management has it: DotLiquid in C# mode. liquidjs reads and renders the templates; the filters, comparisons and values
 * are DotLiquid's, and what of the two differs without a way around it is refused. Templates reach no file, and what they may
 * use up is counted, not timed.
 */
import { AssertionError, Context, evalToken, ForTag, Liquid, LiquidError, Tag, toValueSync } from "liquidjs";
import type { Emitter, Parser, TagToken, Template, TopLevelToken, ValueToken } from "liquidjs";
import { DotNetException, EvaluationLimit, NotSimulated } from "../expression/errors.ts";
import type { Evaluation } from "../expression/evaluation.ts";
import { liquidFilters } from "./liquid-filters.ts";
import { mapMarkup } from "./liquid-markup.ts";
import { liquidOperators } from "./liquid-operators.ts";
import { LiquidRefusal } from "./liquid-refusal.ts";
import { liquidText } from "./liquid-text.ts";
import { LiquidElement } from "./liquid-values.ts";

/** Renders with `body` and `context`. Throws LiquidRefusal, and DotNetException for what .NET would throw. */
export type LiquidTemplate = (scope: object, ev: Evaluation) => string;

const tags = [
  "assign",
  "break",
  "capture",
  "case",
  "comment",
  "continue",
  "cycle",
  "for",
  "if",
  "raw",
  "unless",
];
/** More than a policy document may have characters. */
const longestTemplate = 600_000;
const mostMemory = 10_000_000;
const evaluations = new WeakMap<Context, Evaluation>();

/** Throws LiquidRefusal for what is no template, or uses tags, filters or operators that are not run. */
export function prepareLiquid(source: string): LiquidTemplate {
  const template = translating(() => engine.parse(asLiquidJs(source)));
  return (scope, ev) =>
    translating(() => {
      const context = new Context(scope, engine.options, { sync: true }, { liquid: engine });
      evaluations.set(context, ev);
      // Asked before every piece of a template that is rendered: what it takes is counted in pieces.
      context.renderLimit.check = () => ev.step();
      const emitter = new CountingEmitter(ev);
      toValueSync(engine.renderer.renderTemplates(template, context, emitter));
      return emitter.buffer;
    });
}

class CountingEmitter implements Emitter {
  buffer = "";
  readonly #ev: Evaluation;

  constructor(ev: Evaluation) {
    this.#ev = ev;
  }

  write(html: unknown): void {
    this.buffer += this.#ev.text(liquidText(html));
  }
}

/** `for` over lists and ranges alone: what DotLiquid makes of texts and objects is another matter. */
class ListFor extends ForTag {
  override *render(context: Context, emitter: Emitter): Generator<unknown, void> {
    const collection: unknown = yield evalToken(this.collection, context);
    if (!Array.isArray(collection) && collection !== null && collection !== undefined && collection !== "") {
      throw new LiquidRefusal(
        "`for` goes through lists here; what it does with texts and objects is not known",
      );
    }
    yield* super.render(context, emitter);
  }
}

/** The service's own loop, for lists in JSON: what it goes through has commas between. */
class JsonArrayFor extends Tag {
  readonly #variable: string;
  readonly #collection: ValueToken;
  readonly #templates: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    const { tokenizer } = this;
    const variable = tokenizer.readIdentifier().content;
    const word = tokenizer.readIdentifier().content;
    const collection = tokenizer.readValue();
    if (variable === "" || word !== "in" || collection === undefined)
      throw new LiquidRefusal(`this is no ${token.getText()}`);
    tokenizer.skipBlank();
    if (tokenizer.remaining() !== "") {
      throw new LiquidRefusal("what `JSONArrayFor` does with more than a variable and a list is not known");
    }
    this.#variable = variable;
    this.#collection = collection;
    const stream = parser.parseStream(remaining);
    stream
      .on("tag:endJSONArrayFor", () => stream.stop())
      .on("template", (template: Template) => void this.#templates.push(template))
      .on("end", () => {
        throw new LiquidRefusal(`${token.getText()} is not closed`);
      });
    stream.start();
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void> {
    const items = itemsOf(yield evalToken(this.#collection, context));
    const scope: Record<string, unknown> = {};
    context.push(scope);
    for (const [index, item] of items.entries()) {
      scope[this.#variable] = item;
      context.continueCalled = false;
      yield this.liquid.renderer.renderTemplates(this.#templates, context, emitter);
      if (context.breakCalled) break;
      if (index < items.length - 1) emitter.write(",");
    }
    context.continueCalled = false;
    context.breakCalled = false;
    context.pop();
  }
}

/** A list; of an element those in it, whether one or several. */
function itemsOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined || value === "") return [];
  if (Array.isArray(value)) return value;
  if (value instanceof LiquidElement) return LiquidElement.itemsOf(value);
  throw new LiquidRefusal("`JSONArrayFor` goes through lists and elements");
}

const engine = createEngine();

function createEngine(): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: longestTemplate,
    memoryLimit: mostMemory,
    operators: liquidOperators,
    orderedFilterParameters: false,
    greedy: false,
    outputEscape: (value: unknown) => liquidText(value),
  });
  for (const name of Object.keys(liquid.tags))
    if (!tags.includes(name)) Reflect.deleteProperty(liquid.tags, name);
  for (const name of Object.keys(liquid.filters)) liquid.unregisterFilter(name);
  liquid.registerTag("for", ListFor);
  liquid.registerTag("JSONArrayFor", JsonArrayFor);
  for (const [name, filter] of Object.entries(liquidFilters)) {
    liquid.registerFilter(name, function (input: unknown, ...args: unknown[]) {
      const ev = evaluations.get(this.context);
      if (ev === undefined) throw new Error("a filter runs where nothing is rendered");
      ev.step();
      if (args.some(isNamed)) throw new LiquidRefusal(`the filter \`${name}\` has no named arguments`);
      return filter(input, args, ev);
    });
  }
  return liquid;
}

function isNamed(argument: unknown): boolean {
  return Array.isArray(argument) && argument.length === 2 && typeof argument[0] === "string";
}

const trimmedLeft = /(?<![ \t])[ \t]*(\{\{|\{%)-/g;
const trimmedRight = /-(\}\}|%\})(?:\r\n|\n|[ \t]+)?/g;
const quoted = /"[^"]*"|'[^']*'/g;

/** White space goes as DotLiquid takes it, less than liquidjs would; and its texts know no escapes. */
function asLiquidJs(source: string): string {
  const trimmed = source.replace(trimmedLeft, "$1").replace(trimmedRight, "$1");
  return mapMarkup(trimmed, {
    markup: (piece) => {
      refuseOperators(piece);
      return piece.replace(quoted, (text) => text.replaceAll("\\", "\\\\"));
    },
  });
}

/** Words that only one of the two has. */
function refuseOperators(piece: string): void {
  if (!/^\{%\s*(?:if|elsif|unless)\b/.test(piece)) return;
  const words = piece.replace(quoted, '""');
  const [unknown] =
    /\b(?:not|startsWith|endsWith|hasKey|hasValue|Contains|StartsWith|EndsWith)\b|<>/.exec(words) ?? [];
  if (unknown !== undefined) throw new LiquidRefusal(`the operator \`${unknown}\` is not run here`);
}

/** Errors of the library with a place in the template are refusals; those of ours go through as they are. */
function translating<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  const cause = LiquidError.is(error) ? error.originalError : error;
  if (cause instanceof EvaluationLimit || cause instanceof NotSimulated)
    return new LiquidRefusal(cause.message);
  if (cause instanceof DotNetException || cause instanceof LiquidRefusal) return cause;
  if (cause instanceof RangeError) {
    return new LiquidRefusal("it takes more stack, or makes longer texts, than there are");
  }
  const isOfTheLibrary = LiquidError.is(error) || error instanceof AssertionError;
  return isOfTheLibrary ? new LiquidRefusal(firstLine(error.message)) : error;
}

function firstLine(message: string): string {
  return message.split("\n")[0] ?? message;
}
