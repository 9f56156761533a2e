import { createHash, hash } from 'node:crypto';

import { isLarge, jsonParts } from '../check/jsonParts';
import type { Json } from '../operation/operation';
import type { Steps } from '../steps';

/** As hexadecimal text it costs half of what it does as a buffer. */
export const digestOf = (text: string): string => hash('sha1', text, 'hex');

/** The hash of an input's JSON text. */
export function inputDigest(json: Json): string {
	try {
		return digestOf(JSON.stringify(json));
	} catch {
		return digestOf(withoutBigInts(json));
	}
}

/** Whether the hash of an input takes so long that it is made in steps. */
export function isLargeInput(json: Json): boolean {
	try {
		return isLarge(json);
	} catch {
		// A member that cannot be read has no text either.
		return false;
	}
}

/** The same hash, made in steps. */
export function* inputDigestInSteps(json: Json): Steps<string> {
	try {
		const digest = createHash('sha1');
		for (const part of jsonParts(json)) {
			digest.update(part);
			yield;
		}
		return digest.digest('hex');
	} catch {
		return digestOf(withoutBigInts(json));
	}
}

function withoutBigInts(json: Json): string {
	try {
		return JSON.stringify(json, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
	} catch {
		// It holds itself. Its index alone then has to tell it from others, so any text will do.
		return '';
	}
}
