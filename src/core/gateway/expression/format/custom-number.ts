/** Custom formats of numbers: `0.00`, `#,##0`, `0%`, sections for negative numbers and zero. */
import { fixed, grouped, shiftPoint } from "./number-text.ts";

type Digits = { readonly isNegative: boolean; readonly digits: string };

const piece = /'([^']*)'|"([^"]*)"|\\([^])|([^])/g;

export function formatCustomNumber(value: Digits, format: string): string {
  const sections = splitSections(format);
  const [positive = "", negative, zero] = sections;
  const isZero = !/[1-9]/.test(value.digits);
  if (isZero && zero !== undefined) return formatSection(value, zero);
  if (value.isNegative && negative !== undefined && negative !== "") return formatSection(value, negative);
  const text = formatSection(value, positive);
  return value.isNegative && /[1-9]/.test(text) ? `-${text}` : text;
}

function splitSections(format: string): string[] {
  const sections = [""];
  for (const [whole, , , , other] of format.matchAll(piece)) {
    if (other === ";") sections.push("");
    else sections.push((sections.pop() ?? "") + whole);
  }
  return sections;
}

/** Literal text and the characters `0`, `#`, `.`, `,` of a section, in order. */
function formatSection({ digits }: Digits, section: string): string {
  const parts = [...section.matchAll(piece)].map(([, single, double, escaped, other]) => ({
    literal: single ?? double ?? escaped,
    mark: other ?? "",
  }));
  const marks = parts
    .map(({ literal, mark }) => (literal === undefined ? mark : ""))
    .filter((mark) => "0#.,".includes(mark));
  const pattern = marks.join("");
  const point = pattern.indexOf(".");
  const whole = point === -1 ? pattern : pattern.slice(0, point);
  const fraction = point === -1 ? "" : pattern.slice(point + 1).replaceAll(/[.,]/g, "");
  const percent = parts.some(({ literal, mark }) => literal === undefined && mark === "%") ? 2 : 0;
  const thousands = /,+$/.exec(whole)?.[0].length ?? 0;
  const scaled = unshift(shiftPoint(digits, percent), thousands * 3);
  const shown = applyPattern(scaled, whole.slice(0, whole.length - thousands), fraction);
  return place(parts, shown);
}

function unshift(digits: string, places: number): string {
  if (places === 0) return digits;
  const [whole = "0", fraction = ""] = digits.split(".");
  const padded = whole.padStart(places + 1, "0");
  return `${padded.slice(0, -places)}.${padded.slice(-places)}${fraction}`;
}

function applyPattern(digits: string, whole: string, fraction: string): string {
  const rounded = fixed(digits, fraction.length);
  const [roundedWhole = "0", roundedFraction = ""] = rounded.split(".");
  const plain = whole.replaceAll(",", "");
  const firstZero = plain.indexOf("0");
  const least = firstZero === -1 ? 0 : plain.length - firstZero;
  const minimal = roundedWhole.replace(/^0+/, "").padStart(least, "0");
  const shownWhole = /[0#],+[0#]/.test(whole) ? grouped(minimal) : minimal;
  const needed = fraction.lastIndexOf("0") + 1;
  const shownFraction = roundedFraction.slice(0, needed) + roundedFraction.slice(needed).replace(/0+$/, "");
  return shownFraction === "" ? shownWhole : `${shownWhole}.${shownFraction}`;
}

/** Puts the digits where the first of their marks is; literal text before and after stays. */
function place(
  parts: readonly { readonly literal: string | undefined; readonly mark: string }[],
  digits: string,
): string {
  let text = "";
  let isPlaced = false;
  for (const { literal, mark } of parts) {
    if (literal !== undefined) text += literal;
    else if (!"0#.,".includes(mark)) text += mark;
    else if (!isPlaced) {
      text += digits;
      isPlaced = true;
    }
  }
  return text;
}
