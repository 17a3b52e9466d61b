export type StatusRange = { readonly min: number; readonly max: number };

export const statusCodePattern = /^[1-5]\d\d(?:\s*-\s*[1-5]\d\d)?$/;

/** `429` or `500-599` as a range; undefined when it is neither, or the wrong way round. */
export function parseStatusCode(code: string | number): StatusRange | undefined {
  if (typeof code === "number") return { min: code, max: code };
  if (!statusCodePattern.test(code)) return undefined;
  const [min = 0, max = min] = code.split("-").map((part) => Number(part.trim()));
  return min <= max ? { min, max } : undefined;
}

/** Ranges in the order given; one that an earlier one holds already is left out. Throws a RangeError for unreadable codes. */
export function parseStatusCodes(codes: readonly (string | number)[]): StatusRange[] {
  const ranges: StatusRange[] = [];
  for (const code of codes) {
    const range = parseStatusCode(code);
    if (!range) throw new RangeError(`not a status code or range: ${code}`);
    if (!ranges.some(({ min, max }) => min <= range.min && range.max <= max)) ranges.push(range);
  }
  return ranges;
}

/** A range as people write it: `429`, or `500-599`. */
export function writeStatusCode({ min, max }: StatusRange): number | string {
  return min === max ? min : `${min}-${max}`;
}
