import { describe, expect, test } from '@jest/globals';

import { VibetraceApi } from '../../../credentials/VibetraceApi.credentials.ts';
import type { Field, Json } from '../../../nodes/engine/operation/operation.ts';
import { COOKIE_EXAMPLE, readVisitorCookie } from '../../../nodes/Vibetrace/cookie.ts';
import { FORM_ONLY } from '../../../nodes/Vibetrace/fields.ts';
import { sendEvent } from '../../../nodes/Vibetrace/sendEvent.ts';
import page from '../../pages/vibetrace.json';
import { ACCOUNT, EMAIL, issuesOf, faulty, urlOf } from './support.mts';

describe('the page', () => {
	const { parameters, requestFormat, required } = page.operations.sendEvent;
	const inElement = parameters
		.filter(({ name }) => name.startsWith('data[].'))
		.map((row) => ({ ...row, path: row.name.slice('data[].'.length) }));
	/** `source` of the login sample is the one name that stands for free attributes. */
	const FREE = ['source'];

	function rowAt(path: string): Field | undefined {
		return path.split('.').reduce<{ fields: readonly Field[]; found?: Field }>(
			({ fields }, step) => {
				const found = fields.find(({ wire }) => wire === step.replace('[]', ''));
				const { type } = found ?? {};
				return {
					fields: type?.kind === 'object' ? type.fields : type?.kind === 'list' ? type.of : [],
					found,
				};
			},
			{ fields: sendEvent.fields },
		).found;
	}

	const KINDS: Record<string, string[]> = {
		string: ['text', 'choice'],
		number: ['integer', 'decimal'],
		array: ['list'],
		object: ['object', 'list'],
	};

	test.each(inElement.filter(({ path }) => !FREE.includes(path)).map((row) => [row.path, row] as const))(
		'%s',
		(path, row) => {
			const field = rowAt(path);
			expect(field?.evidence).toBe('documented');
			expect(KINDS[row.type ?? '']).toContain(field?.type.kind);
		},
	);

	test('names every row that we mark as documented', () => {
		const named = new Set([
			...inElement.map(({ path }) => path.replace('[]', '')),
			...parameters
				.filter(({ group }) => group === 'Server Side User Identification')
				.flatMap(({ name }) => name.split(', ')),
			...parameters.filter(({ group }) => group === 'Params').map(({ name }) => name),
		]);
		const ours = (fields: readonly Field[], prefix = ''): string[] =>
			fields
				.filter(({ evidence }) => evidence === 'documented')
				.flatMap(({ wire, type }) => [
					`${prefix}${wire}`,
					...(type.kind === 'object'
						? ours(type.fields, `${wire}.`)
						: type.kind === 'list'
							? ours(type.of, `${wire}.`)
							: []),
				]);
		const unnamed = ours(sendEvent.fields).filter((path) => !named.has(path) && !FORM_ONLY.includes(path));
		expect(unnamed).toEqual([]);
	});

	test.each(['confirmation', 'login'] as const)(
		'the sample of a %s goes out as the page sends it',
		(type) => {
			const sample = JSON.parse(
				JSON.stringify(page.samples[type])
					.replaceAll('[email\u00a0protected]', EMAIL.email)
					.replaceAll('[email protected]', EMAIL.email),
			) as Json;
			expect(sendEvent.samples.map(({ event }) => event)).toContainEqual(sample);
			const url = new URL(urlOf({ ...sample, callback: page.requests[type].query.callback }));
			expect(`${url.origin}${url.pathname}`).toBe(
				requestFormat.replace('<account_id>', ACCOUNT).replace('<event_type>', type),
			);
			expect([...url.searchParams.keys()]).toEqual(Object.keys(page.requests[type].query));
			expect(url.searchParams.get('data')).toBe(JSON.stringify([sample]));
			expect(url.searchParams.get('callback')).toBe('vt');
			expect(url.searchParams.get('ts')).toMatch(/^\d{10}$/);
		},
	);

	test('each of its ways to identify is enough, none is not', () => {
		const [[...ways]] = required['Server Side User Identification'];
		for (const way of ways) {
			const ids = Object.fromEntries(
				[way].flat().map((name) => [name, name === 'email' ? EMAIL.email : '1']),
			);
			expect(issuesOf({ type: 'update', a: 1, ...ids })).toEqual([]);
		}
		expect(faulty({ type: 'update', a: 1 })).toEqual(['userId']);
	});

	test('its cookie and its address of documentation are ours', () => {
		const { example, userId, sessionId } = page.text.cookie;
		expect(COOKIE_EXAMPLE).toBe(example);
		expect(readVisitorCookie(example)).toEqual({ userId, sessionId });
		expect(sendEvent.documentation).toBe(page.page);
		expect(new VibetraceApi().properties.find(({ name }) => name === 'baseUrl')?.default).toBe(
			new URL(requestFormat).origin,
		);
	});
});
