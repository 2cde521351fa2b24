import { SHIVIZ_REGEXP } from '../scenarios/report/export/shiviz-regexp.ts';

/** The end of the help of `replay`. Kept apart from the exports, which it need not load. */
export const exportHelp: string = `
Open a Perfetto file in ui.perfetto.dev or chrome://tracing. A ShiViz file says itself how it is
to be read; whoever pastes its events needs the regular expression of its first line:
  ${SHIVIZ_REGEXP}`;
