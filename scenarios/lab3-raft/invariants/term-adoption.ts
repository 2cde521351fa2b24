import { termOf, type MessageInvariant } from './spoken.ts';

/**
 * "If RPC request or response contains term T > currentTerm: set currentTerm = T" (Figure 2, all
 * servers).
 */
export const termAdoption: MessageInvariant = {
  name: 'Term Adoption',
  spoke({ id, view }, message) {
    const term = termOf(message);
    if (message.isOwn || term === undefined || term <= view.currentTerm) return undefined;
    return `${id} has been told of term ${term}, and stays in term ${view.currentTerm}`;
  },
};
