import type { Recognised } from './recognise';
import { METHODS } from './vocabulary';

/** Fewer items than this are evaluated by n8n one by one: comparing would cost more than it saves. */
export const FEWEST_ITEMS = 16;
/** Most fields that are evaluated together; with fewer a slow one is told apart sooner. */
const MOST_FIELDS = 12;

/** How a field gets its values. */
export type Way =
	| { way: 'n8n' }
	/** The same for every item. */
	| { way: 'once' }
	/** Only a path into the item of another node. */
	| { way: 'path'; node: string; steps: string[] }
	| { way: 'together'; recognised: Recognised };

export function chooseWay(recognised: Recognised | undefined): Way {
	if (!recognised) return { way: 'n8n' };
	const { codes, isBare } = recognised;
	const reads = codes.flatMap((code) => code.reads);
	if (reads.length === 0 && codes.every(({ readsIndex }) => !readsIndex)) return { way: 'once' };
	const [read] = reads;
	const [code] = codes;
	if (
		isBare &&
		code &&
		read?.node !== undefined &&
		IS_PATH.test(code.rewrite({ constant: () => '', node: () => '$' }))
	) {
		return { way: 'path', node: read.node, steps: read.path };
	}
	return { way: 'together', recognised };
}

const IS_PATH = /^\s*\$(?:\.[A-Za-z_$][\w$]*|\["[^"\\]*"\]|\['[^'\\]*'\])+\s*$/;

/** Plain and extended fields apart: n8n rewrites the whole of an expression that uses its extensions. */
export function groupsOf<F extends { recognised: Recognised }>(fields: readonly F[]): F[][] {
	const groups: F[][] = [];
	for (const isExtended of [false, true]) {
		const alike = fields.filter(({ recognised }) => recognised.isExtended === isExtended);
		for (let at = 0; at < alike.length; at += MOST_FIELDS) groups.push(alike.slice(at, at + MOST_FIELDS));
	}
	return groups;
}

/** Methods that read the clock or n8n's data and change nothing. */
const HARMLESS = new Set([
	...METHODS,
	...[
		'now',
		'local',
		'utc',
		'today',
		'toRelative',
		'toRelativeCalendar',
		'diffNow',
		'diffToNow',
		'isInLast',
		'random',
	],
	...['fromObject', 'fromISO', 'fromFormat', 'fromMillis', 'fromSeconds', 'parse', 'stringify', 'isArray'],
	...['all', 'item', 'itemMatching', 'pairedItem'],
]);
const CHANGES =
	/(?<![=!<>])=(?![=>])|\+\+|--|\bdelete\b|[\])]\s*(?:\?\.\s*)?[(`]|`\s*\(|\?\.\s*\(|\b(?:sort|push|pop|shift|unshift|splice|reverse|fill|copyWithin)\b|\$evaluateExpression/;

/**
 * Whether an expression that n8n evaluates itself might change its item: an assignment, or a call of what is not known to
 * be harmless. Fields that are evaluated ahead would miss such a change.
 */
export function mayChangeItems(expression: string): boolean {
	const codes = expression.split('{{').slice(1);
	return codes.some((piece) => {
		const code = piece.split('}}')[0] ?? '';
		const called = [...code.matchAll(/\.\s*([\w$]+)\s*\(/g)].map(([, name]) => name ?? '');
		return CHANGES.test(code) || called.some((name) => !HARMLESS.has(name));
	});
}
