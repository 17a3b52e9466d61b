/** Time of day in UTC as traces show it: `12:00:06`, with tenths where there are any. */
export function clockTime(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString();
  return milliseconds % 1000 === 0 ? text.slice(11, 19) : text.slice(11, 23);
}
