/** How ShiViz finds the parts of an event; the first line of a file for it says it, too. */
export const SHIVIZ_REGEXP: string = String.raw`(?<ms>\S+) #(?<number>\d+) (?<event>.*)\n(?<host>\S+) (?<clock>\{.*\})`;
