import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createMask } from '../../../nodes/engine/delivery/mask.ts';
import { readResponse } from '../../../nodes/engine/delivery/response.ts';
import { shownResponse } from '../../../nodes/engine/delivery/shownResponse.ts';
import { formsOf } from '../../support/secrets.mts';

const answer = (status: number, text = '') => readResponse(status, {}, text);

describe('hiding secrets', () => {
	const token = 's3cr"et/+ =ж\\n';
	test.each(formsOf(token))('%s is masked', (form) => {
		const mask = createMask([token]);
		expect(mask(`before ${form} after ${form}`)).toBe('before *** after ***');
	});

	test('an empty secret hides nothing; the longer of two is hidden first', () => {
		expect(createMask([''])('abc')).toBe('abc');
		expect(createMask(['ab', 'abcd'])('abcd ab')).toBe('*** ***');
	});

	test.each(['12345', '1', 'true', '":', '{', 'null', 'a'])(
		'a secret that looks like a part of JSON (%s) is hidden without harm',
		(secret) => {
			const mask = createMask([secret]);
			const shown = JSON.stringify(
				shownResponse(answer(200, '{"id":12345,"a":[true,null,{"b":"1 a"}]}'), mask),
			);
			expect(typeof shown).toBe('string');
			if (/\d/.test(secret)) expect(shown).not.toContain(secret);
		},
	);

	test('a secret in JSON text inside JSON is hidden', () => {
		const secret = 'a"b\\c';
		const text = JSON.stringify({ request: JSON.stringify({ token: secret }) });
		expect(shownResponse(answer(400, text), createMask([secret]))).toEqual({ request: '{"token":"***"}' });
	});

	test('no form of any secret is left in what is shown of an answer', () => {
		fc.assert(
			fc.property(
				fc.string({ minLength: 4, unit: 'grapheme' }).filter((secret) => !/^[*\s{}"]+$/.test(secret)),
				fc.boolean(),
				(secret, asJson) => {
					const text = asJson
						? JSON.stringify({ said: `${secret}`, n: 1 })
						: `you sent ${secret}, ${encodeURIComponent(secret)}`;
					const shown = shownResponse(answer(400, text), createMask([secret])) as {
						said?: string;
						text?: string;
					};
					expect(shown.said ?? shown.text).not.toContain(secret);
				},
			),
		);
	});
});
