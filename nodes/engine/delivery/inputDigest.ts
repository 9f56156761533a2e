import { createHash, hash } from 'node:crypto';

import { isLarge, jsonParts } from '../check/jsonParts';
import type { Json } from '../operation/operation';
import type { Steps } from '../steps';

/** As hexadecimal text it costs half of what it does as a buffer. */
export const digestOf = (text: string): string => hash('sha1', text, 'hex');

/** The hash of an input's JSON text; of one of many members it is made in steps. */
export function* inputDigest(json: Json): Steps<string> {
	try {
		return isLarge(json) ? yield* digestInSteps(json) : digestOf(JSON.stringify(json));
	} catch {
		return digestOf(withoutBigInts(json));
	}
}

/** The same hash as that of the whole text. */
function* digestInSteps(json: Json): Steps<string> {
	const digest = createHash('sha1');
	for (const part of jsonParts(json)) {
		digest.update(part);
		yield;
	}
	return digest.digest('hex');
}

function withoutBigInts(json: Json): string {
	try {
		return JSON.stringify(json, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
	} catch {
		// It holds itself. Its index alone then has to tell it from others, so any text will do.
		return '';
	}
}
