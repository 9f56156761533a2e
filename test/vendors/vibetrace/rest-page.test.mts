/** The tables of the REST API against the vendor's pages, both ways. */
import { describe, expect, test } from '@jest/globals';

import { VibetraceApi } from '../../../credentials/VibetraceApi.credentials.ts';
import type { Field, Json } from '../../../nodes/engine/operation/operation.ts';
import { createEvent } from '../../../nodes/Vibetrace/createEvent.ts';
import { restTypes } from '../../../nodes/Vibetrace/eventFields.ts';
import { saveUser } from '../../../nodes/Vibetrace/saveUser.ts';
import page from '../../pages/vibetrace-more.json';
import { restRequest, verdictOn } from './support.mts';

interface PageRow {
	name: string;
	type: string;
	evidence: string;
	source: string;
	required?: boolean;
	items?: string;
}

/** Every row of a table by its path on the wire. */
function rowsOf(fields: readonly Field[], prefix = ''): Array<[string, Field]> {
	return fields.flatMap((field): Array<[string, Field]> => {
		if (field.formOnly) return [];
		const path = `${prefix}${field.wire}`;
		const { type } = field;
		if (type.kind === 'object') return [[path, field], ...rowsOf(type.fields, `${path}.`)];
		if (type.kind === 'list') return [[path, field], ...rowsOf(type.of, `${path}[].`)];
		return [[path, field]];
	});
}

const KINDS: Record<string, string[]> = {
	string: ['text'],
	number: ['integer', 'decimal'],
	boolean: ['boolean'],
	object: ['object'],
	array: ['list', 'texts'],
};

const events = page.operations.createEvent;
const users = page.operations.saveUser;
/** Where the request has them: in its address, and any name. */
const NO_ROWS = ['upsert', '<any attribute name>'];

describe.each([
	['createEvent', createEvent, events.parameters as PageRow[]],
	['saveUser', saveUser, (users.parameters as PageRow[]).filter(({ name }) => !NO_ROWS.includes(name))],
])('%s', (_, operation, rows) => {
	const ours = new Map(rowsOf(operation.fields));

	test('has every parameter of the page, in its order, and no other', () => {
		expect([...ours.keys()]).toEqual(rows.map(({ name }) => name));
	});

	test.each(rows.map((row) => [row.name, row] as const))('%s says what the page says', (name, row) => {
		const field = ours.get(name);
		expect(KINDS[row.type]).toContain(field?.type.kind);
		expect(field?.evidence).toBe(row.evidence);
		expect(field?.source ?? operation.documentation).toBe(row.source);
		expect(field?.required === true).toBe(row.required === true);
	});
});

test('paths, methods and addresses', () => {
	const [create] = createEvent.samples;
	const sent = restRequest(createEvent, create.event);
	expect(`${sent.method} ${sent.url}`).toBe(events.requestFormat);
	expect(sent.headers).toEqual({ 'Content-Type': page.text.contentType });
	const [user] = saveUser.samples;
	const saved = restRequest(saveUser, user.event);
	expect(`${saved.method} ${saved.url}`).toBe(users.requestFormat.replace('{email}', 'buyer@example.com'));
	expect(createEvent.documentation).toBe(events.page);
	expect(saveUser.documentation).toBe(users.page);
	const form = new VibetraceApi().properties;
	expect(form.find(({ name }) => name === 'apiBaseUrl')?.default).toBe(new URL(page.text.base).origin);
	expect(form.find(({ name }) => name === 'apiKey')).toMatchObject({
		typeOptions: { password: true },
		default: '',
	});
	expect(form.find(({ name }) => name === 'apiKey')?.required).toBeUndefined();
});

test('its samples are ours and leave as they are printed', () => {
	const { update, generic, create } = page.samples;
	expect(createEvent.samples.map(({ event }) => event)).toEqual([update, generic]);
	for (const sample of [update, generic])
		expect(restRequest(createEvent, sample as Json).body).toBe(JSON.stringify(sample));
	expect(saveUser.samples.map(({ event }) => event)).toEqual([create]);
	const { email: _email, ...attributes } = create;
	expect(restRequest(saveUser, create as Json).body).toBe(JSON.stringify(attributes));
});

test('the types that the page prints, and what each must have', () => {
	const printed = events.parameters.flatMap(({ name }) => /^event\.(\w+)$/.exec(name)?.[1] ?? []);
	expect(restTypes.values.map(({ value }) => value).sort()).toEqual(printed.sort());
	// "email or _id"
	const [ways] = events.required.user;
	for (const way of ways) {
		const user = { [way.replace('user.', '')]: 'a@example.com' };
		expect(verdictOn(createEvent, { user, event: { update: { a: 1 } } }).refused).toEqual([]);
	}
});
