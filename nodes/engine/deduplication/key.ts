import type { Destination } from '../account';
import { isAbsent } from '../check/objects';
import type { Result } from '../check/result';
import { HALF_CHARACTER } from '../check/surrogate';
import { checkText, hasLoneSurrogate } from '../check/text';
import type { Field, Issue } from '../operation/operation';
import { REMEMBER_KEY } from '../operation/settings';

/** The key as a field, so that what names no single event is found as in an identifier. Its value is never quoted. */
const KEY: Field = {
	wire: REMEMBER_KEY.name,
	label: REMEMBER_KEY.label,
	help: '',
	type: { kind: 'text' },
	role: 'identifier',
	personal: true,
	evidence: 'documented',
};

/** The key of an item as text, or what is wrong with it. A bad key never keeps an event back. */
export function readKey(value: unknown): { key: string } | { warning: Issue } {
	const read: Result = isAbsent(value)
		? { value: undefined }
		: checkText(typeof value === 'string' ? value.trim() : value, { kind: 'text' }, KEY);
	const key = 'value' in read && typeof read.value === 'string' ? read.value : undefined;
	// n8n's hash is the same for all of them.
	const isHalf = key !== undefined && hasLoneSurrogate(key);
	if (key !== undefined && !isHalf) return { key };
	const fault = isHalf ? HALF_CHARACTER : 'error' in read ? read.error : 'is empty';
	return {
		warning: {
			field: KEY.wire,
			message: `The event is not remembered, because '${KEY.label}' ${fault}`,
		},
	};
}

/**
 * Makes the function that names a key among those of all destinations: the same event may be sent to another server, app or
 * section. Keys in a row mostly have the same destination.
 */
export function createKeyNames(): (key: string, target: Destination) => string {
	let last: { target: Destination; name: string } | undefined;
	return (key, target) => {
		if (last?.target !== target) last = { target, name: JSON.stringify([target.baseUrl, target.account]) };
		return `${last.name}\n${key}`;
	};
}
