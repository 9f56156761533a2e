import type { Issue } from '../operation/operation';
import { countOf } from './items';

/** Up to the first semicolon that is not inside a quoted value: what is wrong, without the advice that follows. */
const FACT = /^(?:"[^"]*"|[^";]|;(?! ))*/;

/** `'Age' (age) must be …` -> `'Age' must be …`. */
const withoutWireName = (sentence: string): string => sentence.replace(/^('[^']+') \([^()]+\)/, '$1');

/**
 * One sentence for an invalid item: the first thing that is wrong. What to do about it, and the rest, stand in `issues`,
 * so that no sentence is said twice.
 */
export function invalidMessage(issues: readonly Issue[], more = 0): string {
	const [first] = issues;
	const fact = withoutWireName(FACT.exec(first?.message ?? '')?.[0] || 'the event is invalid');
	const others = issues.length - 1 + more;
	return `Not sent: ${fact}${others > 0 ? `; ${countOf(others, 'more problem')}, see 'issues'` : ''}`;
}
