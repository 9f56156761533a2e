/** The demo's words: what arrived and what became of each item, for a person at a terminal. */
import { asRanges, isFailed } from '../nodes/engine/outcome.ts';
