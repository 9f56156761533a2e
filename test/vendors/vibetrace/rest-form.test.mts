/** The forms of the REST API's nodes, as n8n shows and fills them. */
import { describe, expect, test } from '@jest/globals';
import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters, INodeProperties, INodeType } from 'n8n-workflow';

import { VibetraceApi } from '../../../credentials/VibetraceApi.credentials.ts';
import { assemble } from '../../../nodes/engine/mapping/mapping.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { createEvent } from '../../../nodes/Vibetrace/createEvent.ts';
import { saveUser } from '../../../nodes/Vibetrace/saveUser.ts';
import { VibetraceCreateEvent } from '../../../nodes/Vibetrace/VibetraceCreateEvent/VibetraceCreateEvent.node.ts';
import { VibetraceSaveUser } from '../../../nodes/Vibetrace/VibetraceSaveUser/VibetraceSaveUser.node.ts';
import { lintSubjects } from '../../support/lint-descriptions.mts';
import { asNode, resolvedParameters } from '../../support/node-form.mts';
import { restRequest } from './support.mts';

const nodes = {
	vibetraceCreateEvent: new VibetraceCreateEvent(),
	vibetraceSaveUser: new VibetraceSaveUser(),
};
const blanks = (node: INodeType, parameters: INodeParameters) =>
	Object.keys(
		NodeHelpers.getNodeParametersIssues(
			node.description.properties,
			asNode(resolvedParameters(node, parameters)),
			node.description,
		)?.parameters ?? {},
	);
const shown = (node: INodeType, parameters: INodeParameters) => {
	const values = resolvedParameters(node, parameters);
	return node.description.properties
		.filter(
			(property) => property.type !== 'hidden' && NodeHelpers.displayParameter(values, property, null, null),
		)
		.map(({ name }) => name);
};

test('n8n’s rules find nothing in the produced descriptions', async () => {
	const findings = await lintSubjects([
		{ fileBaseName: 'VibetraceCreateEvent', node: nodes.vibetraceCreateEvent.description },
		{ fileBaseName: 'VibetraceSaveUser', node: nodes.vibetraceSaveUser.description },
		{ fileBaseName: 'VibetraceApi', credential: new VibetraceApi() },
	]);
	expect(findings).toEqual([[], [], []]);
}, 60_000);

describe('create event', () => {
	const node = nodes.vibetraceCreateEvent;

	test.each<[string, string[]]>([
		['', ['type']],
		['confirmation', []],
		['update', []],
		['customType', ['customType']],
		['={{ $json.type }}', []],
	])('type %j: n8n refuses these blanks: %j', (type, names) => {
		expect(blanks(node, { type })).toEqual(names);
		expect(blanks(node, { mappingMode: 'autoMapInputData', type })).toEqual([]);
	});

	test.each<[string, string[]]>([
		['confirmation', ['orderId', 'total', 'generic', 'items', 'attributes']],
		['generic', ['event_name', 'generic', 'attributes']],
		['update', ['attributes']],
		['customType', ['customType', 'generic', 'items', 'attributes']],
		['={{ $json.type }}', ['customType', 'generic', 'items', 'attributes']],
	])('type %j shows %j', (type, names) => {
		const all = ['customType', 'orderId', 'total', 'event_name', 'generic', 'items', 'attributes'];
		const found = shown(node, { type });
		expect(all.filter((name) => found.includes(name)).sort()).toEqual([...names].sort());
		expect(found).toContain('user');
		// There is no batch, and nothing speaks of one.
		for (const name of ['event', 'sendAs']) expect(found).not.toContain(name);
	});

	test('rows, boxes and JSON make the same body', () => {
		const event = {
			confirmation: {
				generic: { orderId: 'A-1', total: 12.5, currency: 'RON' },
				items: [
					{ id: 'a', quantity: 2 },
					{ id: 'b', quantity: 1 },
				],
				source: 'shop',
			},
		};
		const user = { email: 'buyer@example.com', firstname: 'Ana' };
		const shared = { type: 'confirmation', user };
		const rows = {
			...shared,
			orderId: 'A-1',
			total: '12.50',
			genericRows: { pair: [{ name: 'Currency', value: 'RON' }] },
			itemsRows: {
				row: [
					{ id: 'a', quantity: '2' },
					{ id: 'b', quantity: 1 },
				],
			},
			attributesRows: { pair: [{ name: 'source', value: 'shop' }] },
		};
		const json = {
			...shared,
			generic: JSON.stringify(event.confirmation.generic),
			items: JSON.stringify(event.confirmation.items),
			attributes: '{"source":"shop"}',
		};
		for (const form of [rows, json]) {
			const mapped = assemble(
				createEvent,
				resolvedParameters(node, form as unknown as INodeParameters) as Json,
			);
			expect(JSON.parse(restRequest(createEvent, mapped).body)).toEqual({ user, event });
		}
	});
});

describe('save user', () => {
	const node = nodes.vibetraceSaveUser;

	test('the address is required, and nobody is subscribed or unsubscribed by an untouched form', () => {
		expect(blanks(node, {})).toEqual(['email']);
		expect(blanks(node, { mappingMode: 'autoMapInputData' })).toEqual([]);
		const consent = formOf(saveUser).find(({ name }) => name === 'isSubscribed') as INodeProperties;
		expect(consent).toMatchObject({ type: 'options', default: '' });
		expect((consent.options as Array<{ value: unknown }>).map(({ value }) => value)).toEqual([
			'true',
			'false',
			'',
		]);
		const untouched = assemble(saveUser, resolvedParameters(node, { email: 'a@example.com' }) as Json);
		expect(restRequest(saveUser, untouched).body).toBe('{}');
	});

	test('fields, rows and JSON', () => {
		const form = { email: 'a@example.com', isSubscribed: 'true', gender: 'female', city: 'Iași' };
		const rows = { ...form, attributesRows: { pair: [{ name: 'age', value: '40' }] } };
		const json = { ...form, attributes: '{"age":"40"}' };
		for (const parameters of [rows, json]) {
			const mapped = assemble(saveUser, resolvedParameters(node, parameters) as Json);
			expect(restRequest(saveUser, mapped).body).toBe(
				'{"isSubscribed":true,"gender":"female","city":"Iași","age":"40"}',
			);
		}
	});
});
