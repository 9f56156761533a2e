import { hash } from 'node:crypto';

import type { Destination } from '../account';
import { isAbsent } from '../check/objects';
import type { Result } from '../check/result';
import { checkText } from '../check/text';
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
	if ('value' in read && typeof read.value === 'string') return { key: read.value };
	const fault = 'error' in read ? read.error : 'is empty';
	return {
		warning: {
			field: KEY.wire,
			message: `The event is not remembered, because '${KEY.label}' ${fault}`,
		},
	};
}

/** The same event may be sent to another server, app or section. Nothing of the key can be read from the hash. */
export const hashOfKey = (key: string, { baseUrl, account }: Destination): string =>
	hash('sha256', JSON.stringify([baseUrl, account, key]), 'base64');
