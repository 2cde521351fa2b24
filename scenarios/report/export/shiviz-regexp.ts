const TEXT = String.raw`(?<ms>\S+) #(?<number>\d+) (?<event>.*)`;
const CLOCK = String.raw`(?<host>\S+) (?<clock>\{.*\})`;

/** How ShiViz finds the parts of an event; the first line of a file for it says it, too. */
export const SHIVIZ_REGEXP: string = String.raw`${TEXT}\n${CLOCK}`;
