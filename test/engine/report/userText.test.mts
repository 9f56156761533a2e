import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NodeOperationError, type INode } from 'n8n-workflow';

import { quoted, userText } from '../../../nodes/engine/report/userText.ts';

/** What a browser shows of a text of HTML without elements. */
const displayed = (html: string) =>
	html.replace(/&(?:(amp)|(lt)|(gt)|#96);/g, (_, amp, lt, gt) => (amp ? '&' : lt ? '<' : gt ? '>' : '`'));

/** n8n's own list, read in the package that replaces the messages. */
const source = readFileSync(
	createRequire(import.meta.url)
		.resolve('n8n-workflow')
		.replace(/index\.js$/, 'errors/abstract/node.error.js'),
	'utf8',
);
const commonErrors = [
	...(/COMMON_ERRORS = \{([\s\S]*?)\n\};/.exec(source)?.[1] ?? '').matchAll(/^\s+([A-Z_]+):/gm),
].map(([, name = '']) => name);
const triggers = [...commonErrors, 'canceled', 'cancelled'];
const node = { name: 'x', type: 'x', parameters: {} } as unknown as INode;

const anyText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.string({ unit: 'grapheme', maxLength: 200 }),
	fc
		.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
		.map((codes) => String.fromCharCode(...codes)),
	fc
		.array(fc.constantFrom(...triggers, ...'<>&;#`x0 \n\u200b\u202e', 'amp', 'lt;', '\ud83d', '\ude00'), {
			maxLength: 40,
		})
		.map((parts) => parts.join('')),
	fc
		.tuple(fc.constantFrom(...triggers), fc.constantFrom(...triggers), fc.nat(8))
		.map(([one, other, overlap]) => one.slice(0, Math.max(1, one.length - overlap)) + other.toLowerCase()),
);

describe('a text that somebody else wrote', () => {
	test.each([
		['plain words stay', 'Order paid', 'Order paid'],
		['so do other scripts and emoji', 'Заказ 😀 日本語 é', 'Заказ 😀 日本語 é'],
		['HTML is escaped', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
		['what would be read as a character is escaped', '&lt;b&gt; &#60;', '&amp;lt;b&amp;gt; &amp;#60;'],
		['an ampersand between words is not', 'Rock & Roll', 'Rock & Roll'],
		['a backtick', 'a`b`c', 'a&#96;b&#96;c'],
		['line breaks are shown', 'one\ntwo\r\tthree', 'one\\ntwo\\r\\tthree'],
		['control characters', 'a\u0000b\u001bc\u0085', 'a\\u0000b\\u001bc\\u0085'],
		['blanks that are none', 'a\u00a0b\u2009c\u3000d\u2800', 'a\\u00a0b\\u2009c\\u3000d\\u2800'],
		['characters without width', 'to\u200bken\ufeff\u00ad\u2060', 'to\\u200bken\\ufeff\\u00ad\\u2060'],
		['what turns the direction', '\u202egpj.exe', '\\u202egpj.exe'],
		['half a character', 'a\ud83d', 'a\\ud83d'],
		['invisible ones outside the basic plane', 'a\u{e0041}', 'a\\u{e0041}'],
		['a line separator', 'a\u2028b', 'a\\u2028b'],
		['a word for which n8n calls a run canceled', 'order_canceled', 'order_c·anceled'],
		['in either spelling', 'Cancelled', 'C·ancelled'],
		['a word for which n8n replaces a message', 'keepermode', 'kee·permode'],
		['two such words that share letters', 'ECONNRESETIMEDOUT', 'E·CONNRESE·TIMEDOUT'],
		['64 characters are shown whole', 'x'.repeat(64), 'x'.repeat(64)],
		['of more, 63 and a mark', 'x'.repeat(65), `${'x'.repeat(63)}…`],
		['characters are counted, not code units', '😀'.repeat(64), '😀'.repeat(64)],
		['and never cut in half', '😀'.repeat(65), `${'😀'.repeat(63)}…`],
		['nothing is nothing', '', ''],
	])('%s', (_, text, expected) => expect(userText(text)).toBe(expected));

	test('has at most 64 visible characters, in one line and without HTML', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const shown = userText(text);
				expect([...displayed(shown)].length).toBeLessThanOrEqual(64);
				expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\u00a0\u2800<>`]/u);
				// Every ampersand is an escape of ours or stands alone.
				expect(shown.replace(/&(?:amp|lt|gt|#96);/g, '')).not.toMatch(/&[#\w]/);
			}),
			{ numRuns: 1_000 },
		);
	});

	test('is itself where there is nothing to change', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'abz АЯя09 .,:-_/😀日'), maxLength: 64 }), (text) => {
				expect(userText(text)).toBe(text);
			}),
		);
	});

	test('n8n keeps a message that holds it', () => {
		expect(commonErrors).toEqual(expect.arrayContaining(['ENOENT', 'EPERM', 'GETADDRINFO', 'ETIMEDOUT']));
		fc.assert(
			fc.property(anyText, (text) => {
				const message = `The base URL redirects to ${userText(text)}`;
				const error = new NodeOperationError(node, message);
				expect(error.message).toBe(message);
				expect(message.toLowerCase()).not.toMatch(/cancell?ed/);
			}),
			{ numRuns: 1_000 },
		);
	});

	test('of any length takes the same time', () => {
		const long = '\u200b<canceled'.repeat(1_000_000);
		const started = performance.now();
		for (let round = 0; round < 1_000; round++) userText(long);
		expect(performance.now() - started).toBeLessThan(10_000);
	});

	test('may be given more room, and quotes', () => {
		expect(userText('x'.repeat(300), 200)).toBe(`${'x'.repeat(199)}…`);
		expect(quoted('24.11.2026 10:20')).toBe('"24.11.2026 10:20"');
		expect(quoted('')).toBe('""');
	});
});
