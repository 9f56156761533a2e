import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createMask, createQuoteMask } from '../../../nodes/engine/delivery/mask.ts';
import { readResponse } from '../../../nodes/engine/delivery/response.ts';
import { shownResponse } from '../../../nodes/engine/delivery/shownResponse.ts';
import { userText } from '../../../nodes/engine/report/userText.ts';
import { formsOf } from '../../support/secrets.mts';

const answer = (status: number, text = '') => readResponse(status, {}, text);

describe('hiding secrets', () => {
	const token = 's3cr"et/+ =&<>\'\\n';
	test.each(formsOf(token))('%s is masked', (form) => {
		const mask = createMask([token]);
		expect(mask(`before ${form} after ${form}`).replace(/=/g, '')).toBe('before *** after ***');
	});

	test('an empty secret hides nothing; the longer of two is hidden first', () => {
		for (const text of ['abc', '', 'key=&b=', 'Authorization: ', '{"token":""}'])
			expect(createMask([''])(text)).toBe(text);
		expect(createMask(['abcdefgh', 'abcdefghij'])('abcdefghij abcdefgh')).toBe('*** ***');
	});

	test.each(['1', '12', 'true', '":', '{', 'null', 'a', 'OK', 'said', 'seven77'])(
		'a short secret (%s) leaves ordinary text as it is',
		(secret) => {
			const text = '{"id":12345,"list":[true,null,{"b":"1 a"}],"c":"a1 OKAY is said to seven777 {\\":}"}';
			expect(shownResponse(answer(200, text), createMask([secret]))).toEqual(JSON.parse(text));
			const plain = 'OKAY, 12345 is said: {"list": [truest, nullify]} by a1, seven777';
			expect(shownResponse(answer(200, plain), createMask([secret]))).toEqual({ text: plain });
		},
	);

	test.each([
		['https://host/?post_api_key=abc&a=abcd', 'https://host/?post_api_key=***&a=abcd'],
		['https://host/?a=abc&b=abc', 'https://host/?a=***&b=***'],
		['Authorization: abc', 'Authorization: ***'],
		['Authorization: Bearer abc', 'Authorization: Bearer ***'],
		['abc', '***'],
		['{"token":"abc","b":"abc1"}', '{"token":"***","b":"abc1"}'],
	])('a short secret is hidden where it is a value: %s', (text, shown) => {
		expect(createMask(['abc'])(text)).toBe(shown);
	});

	test('a number that is the secret is hidden, a longer one is not', () => {
		const mask = createMask(['123456789']);
		expect(shownResponse(answer(200, '{"a":123456789,"b":12345678}'), mask)).toEqual({
			a: '***',
			b: 12345678,
		});
		expect(shownResponse(answer(200, '{"a":12345,"b":123456}'), createMask(['12345']))).toEqual({
			a: '***',
			b: 123456,
		});
	});

	/** What software really makes of a text, some of it twice. */
	const secret = 'S3cret+/=%41 &"\'<k>\\n~Zz';
	const entity = (text: string, of: (code: number) => string) =>
		[...text].map((character) => of(character.charCodeAt(0))).join('');
	const named: Record<string, string> = {
		'&': '&amp;',
		'<': '&lt;',
		'>': '&gt;',
		'"': '&quot;',
		"'": '&#039;',
	};
	const html = (text: string) => text.replace(/[&<>"']/g, (character) => named[character]);
	const hex = Buffer.from(secret).toString('hex');
	test.each([
		['HTML', html(secret)],
		['HTML twice', html(html(secret))],
		['HTML with &apos;', html(secret).replace('&#039;', '&apos;')],
		['HTML with &#x27; and &#x2F;', html(secret).replace('&#039;', '&#x27;').replace('/', '&#x2F;')],
		['decimal entities', entity(secret, (code) => `&#${code};`)],
		['hexadecimal entities', entity(secret, (code) => `&#x${code.toString(16)};`)],
		[
			'hexadecimal entities in capitals',
			entity(secret, (code) => `&#X00${code.toString(16).toUpperCase()};`),
		],
		['hex', hex],
		['hex in capitals', hex.toUpperCase()],
		['JSON in JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
		['JSON with escaped slashes', JSON.stringify(secret).slice(1, -1).replace('/', '\\/')],
		['JSON with unicode escapes', entity(secret, (code) => `\\u00${code.toString(16).padStart(2, '0')}`)],
		['HTML in JSON', JSON.stringify(html(secret)).slice(1, -1)],
		['a query', encodeURIComponent(secret)],
		['a query twice', encodeURIComponent(encodeURIComponent(secret))],
		[
			'a query in small letters',
			encodeURIComponent(secret)
				.toLowerCase()
				.replace('s3cret', 'S3cret')
				.replace('%41', '%41')
				.replace(/~zz$/, '~Zz'),
		],
		['a form', new URLSearchParams({ s: secret }).toString().slice(2)],
		['every byte percent-encoded', entity(secret, (code) => `%${code.toString(16)}`)],
		['base64', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
		['base64url', Buffer.from(secret).toString('base64url')],
		['base64 in a query', encodeURIComponent(Buffer.from(secret).toString('base64').replace(/=+$/, ''))],
	])('in %s it is hidden', (_, form) => {
		expect(createMask([secret])(`before ${form} after ${form}.`)).toBe('before *** after ***.');
	});

	test('in base64 of a longer text it is hidden at each alignment', () => {
		fc.assert(
			fc.property(
				fc.string({ minLength: 8, maxLength: 40 }),
				fc.string({ maxLength: 9 }),
				fc.string({ maxLength: 9 }),
				fc.constantFrom('base64' as const, 'base64url' as const),
				(text, before, after, kind) => {
					const form = Buffer.from(`${before}${text}${after}`).toString(kind);
					const [head, tail] = createMask([text])(form).split('***');
					// At most the characters that mix the secret's first or last byte with its neighbour's remain.
					expect(Buffer.from(head, kind).toString('latin1').startsWith(before.slice(0, -1))).toBe(true);
					expect(head.length).toBeLessThanOrEqual(Math.ceil((before.length * 8) / 6));
					expect((tail ?? '').replace(/=+$/, '').length).toBeLessThanOrEqual(
						Math.ceil(((after.length + 1) * 8) / 6),
					);
				},
			),
		);
	});

	test('what looks like an escape of another character is no secret', () => {
		const mask = createMask(['abcdefgh']);
		for (const text of ['++++++++', '&;'.repeat(8), '&undefined;'.repeat(8), '********', '%61&#98;+'])
			expect(mask(text)).toBe(text);
	});

	test('a long text without a secret stays as it is', () => {
		const text = `${'%26&amp;\\\\\\\\S3cret+/=%'.repeat(40_000)}`;
		expect(createMask([secret, 'S3cret+/=%42'])(text)).toBe(text);
	});

	test('a secret in JSON text inside JSON is hidden', () => {
		const secret = 'a"b\\c';
		const text = JSON.stringify({ request: JSON.stringify({ token: secret }) });
		expect(shownResponse(answer(400, text), createMask([secret]))).toEqual({ request: '{"token":"***"}' });
	});

	test('no form of any secret is left in what is shown of an answer', () => {
		fc.assert(
			fc.property(
				fc.string({ minLength: 8 }).filter((secret) => !/^[*\s{}"]+$/.test(secret)),
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

describe('spellings of a secret', () => {
	test('a secret is hidden with its quotes encoded, and in base64 without its padding', () => {
		expect(createMask(["it's a secret"])('<it%27s%20a%20secret>')).toBe('<***>');
		for (const secret of ['>>>>>>>>', '>>>>>>>>>', '>>>>>>>>>>']) {
			const text = Buffer.from(secret).toString('base64');
			expect(createMask([secret])(`<${text.replace(/=/g, '')}>`)).toBe('<***>');
		}
	});
});

describe('hiding secrets in what a message quotes', () => {
	test('no readable part of one is left, wherever the quote is cut', () => {
		fc.assert(
			fc.property(
				fc
					.string({ unit: 'binary-ascii', minLength: 8, maxLength: 120 })
					.filter((text) => /^[ -~]+$/.test(text)),
				fc.integer({ min: 0, max: 70 }),
				fc.integer({ min: 20, max: 200 }),
				(secret, before, most) => {
					const quote = userText(`${'.'.repeat(before)}${secret}`, most);
					const shown = createQuoteMask([secret])(`must be a number, not "${quote}"`);
					const rest = quote.replace(/^\.+/, '').replace(/…$/, '');
					// Less than the shortest secret is told by chance.
					if (secret.startsWith('.') || rest.length < 60) return;
					expect(shown).not.toContain(rest);
					expect(shown).toContain('***');
				},
			),
			{ numRuns: 500 },
		);
	});

	test('whole, cut, escaped, twice; other words stay', () => {
		const hide = createQuoteMask(['s3cret-token-1', 'short', '']);
		expect(hide('\'Gender\' (idGender) must be 0, not "s3cret-token-1"')).toBe(
			'\'Gender\' (idGender) must be 0, not "***"',
		);
		expect(hide('x"s3cret-to…" and s3cret-token-1.')).toBe('x"***…" and ***.');
		expect(hide('s3cret- is less than a secret, short is too common')).toBe(
			's3cret- is less than a secret, short is too common',
		);
		expect(createQuoteMask(['<<&>>"\'`` x'])(`not "${userText('<<&>>"\'`` x')}"`)).toBe('not "***"');
	});

	test('the shortest secret is hidden', () => {
		expect(createQuoteMask(['12345678'])('not "12345678"')).toBe('not "***"');
	});

	test('a secret as long as a signed token, and a text as long as a description', () => {
		const secret = 'ab'.repeat(2_000);
		expect(createQuoteMask([secret])(`${'abab-'.repeat(20_000)}${secret.slice(0, 64)}…`)).toMatch(
			/-\*\*\*…$/,
		);
	});
});

describe('a long row of what may stand in front of a secret does not take its square in time', () => {
	// Its square would take hours, and the test would never end.
	const LENGTH = 1_000_000;
	test.each([
		['backslashes', 's3cret-token', '\\'.repeat(LENGTH)],
		['backslashes in a secret', 's3cret-token', `s3cret${'\\'.repeat(LENGTH)}`],
		['blanks after a colon', 'abc', `:${' '.repeat(LENGTH)}`],
		['blanks after Bearer', 'abc', `Bearer${' '.repeat(LENGTH)}`],
		['percent signs', 's3cret-token', '%25'.repeat(LENGTH)],
		['ampersands', 's3cret-token', '&amp;'.repeat(LENGTH)],
		['zeros of an entity', 's3cret-token', `&#${'0'.repeat(LENGTH)}`],
		['beginnings', 's3cret-token', 's3cret-toke'.repeat(LENGTH / 10)],
	])('%s', (_, secret, row) => {
		const masked = createMask([secret])(`${row}, token="${secret}"`);
		expect(masked === `${row}, token="***"`).toBe(true);
	});
});
