/** Colours that are told apart by most eyes, on light and on dark ground (after Okabe and Ito). */
const answers = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#8c6d31",
  "#7570b3",
  "#666666",
  "#332288",
  "#999933",
  "#117733",
  "#aa4499",
];
const errors = ["#d55e00", "#b2182b", "#f46d43", "#a50026"];

/** The colour of the n-th backend. */
export function answerColor(index: number): string {
  return answers[index % answers.length] ?? "#666666";
}

/** The colour of the n-th kind of error. */
export function errorColor(index: number): string {
  return errors[index % errors.length] ?? "#d55e00";
}
