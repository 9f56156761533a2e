import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { urlStep } from '../../../nodes/engine/delivery/urlStep.ts';

test('any text is one step of a path that no URL parser changes, and is read back as it was', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
			const step = urlStep(text);
			if (step === undefined) {
				expect(text === '.' || text === '..' || !text.isWellFormed()).toBe(true);
				return;
			}
			expect(step).toMatch(/^[\w.~%-]+$/);
			expect(decodeURIComponent(step)).toBe(text);
			const url = `https://example.com/a/${step}/b?c=d`;
			expect(new URL(url).href).toBe(url);
		}),
	);
});

test.each<[string, string | undefined, string | undefined]>([
	['a+b@example.com', '@', 'a%2Bb@example.com'],
	['a+b@example.com', '', 'a%2Bb%40example.com'],
	["! '()*", undefined, '%21%20%27%28%29%2A'],
	['a/b', '/', 'a/b'],
	['', '', undefined],
	['.', '', undefined],
	['..', '', undefined],
	['...', '', '...'],
	['\ud83d', '', undefined],
])('%j with %j plain: %j', (text, plain, step) => {
	expect(urlStep(text, plain)).toBe(step);
});
