import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { loneSurrogateIssue } from '../../../nodes/engine/check/surrogate.ts';

const issueOf = (event: unknown) => loneSurrogateIssue(event, JSON.stringify(event));

describe('half of a character', () => {
	test('is found wherever it stands, and its path is named', () => {
		expect(issueOf({ a: { b: ['x', { c: '\ud83d' }] } })).toEqual({
			field: 'a.b[1].c',
			message:
				"'a.b[1].c' holds half of a character (a lone surrogate), which UTF-8 cannot carry; correct the text",
		});
		expect(issueOf({ a: { 'n\ude00': 1 } })).toMatchObject({ field: 'a' });
		expect(issueOf({ 'n\ude00': 1 })).toMatchObject({ message: expect.stringMatching(/^'n\\ude00' holds/) });
	});

	test('whole characters and spelled-out escapes pass', () => {
		expect(issueOf({ a: '😀', b: '\\ud83d', c: JSON.stringify({ d: '\ud83d' }) })).toBeUndefined();
	});

	test('exactly the events that UTF-8 does not give back are refused', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), (event) => {
				const texts = Object.entries(event).flat();
				const isWhole = texts.every((text) => Buffer.from(text).toString() === text);
				expect(issueOf(event) === undefined).toBe(isWhole);
			}),
		);
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0xd7fe, max: 0xe001 }), { maxLength: 6 }), (units) => {
				const text = String.fromCharCode(...units);
				expect(issueOf({ text }) === undefined).toBe(Buffer.from(text).toString() === text);
			}),
		);
	});
});
