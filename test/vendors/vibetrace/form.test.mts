import { describe, expect, test } from '@jest/globals';
import { NodeHelpers } from 'n8n-workflow';
import type { INode, INodeParameters, INodeProperties } from 'n8n-workflow';

import { VibetraceApi } from '../../../credentials/VibetraceApi.credentials.ts';
import { assemble } from '../../../nodes/engine/mapping/mapping.ts';
import type { Json } from '../../../nodes/engine/operation/operation.ts';
import { eventTypes } from '../../../nodes/Vibetrace/variants.ts';
import { formOf } from '../../../nodes/engine/form/form.ts';
import { sendEvent } from '../../../nodes/Vibetrace/sendEvent.ts';
import { VibetraceSendEvent } from '../../../nodes/Vibetrace/VibetraceSendEvent/VibetraceSendEvent.node.ts';
import { lintSubjects } from '../../support/lint-descriptions.mts';
import { good } from './support.mts';

const CUSTOM_TYPE = eventTypes.custom.value;

describe('the form', () => {
	const node = new VibetraceSendEvent();
	const asNode = (parameters: INodeParameters): INode => ({
		id: '1',
		name: 'Node',
		type: 'x',
		typeVersion: 1,
		position: [0, 0],
		parameters,
	});
	const resolved = (parameters: INodeParameters) =>
		NodeHelpers.getNodeParameters(
			node.description.properties,
			parameters,
			true,
			false,
			asNode(parameters),
			node.description,
		) ?? {};
	const blanks = (parameters: INodeParameters) => {
		const filled = resolved(parameters);
		return Object.keys(
			NodeHelpers.getNodeParametersIssues(node.description.properties, asNode(filled), node.description)
				?.parameters ?? {},
		);
	};

	test('n8n’s rules find nothing in the produced description', async () => {
		const findings = await lintSubjects([
			{ fileBaseName: 'VibetraceSendEvent', node: node.description },
			{ fileBaseName: 'VibetraceApi', credential: new VibetraceApi() },
		]);
		expect(findings).toEqual([[], []]);
	}, 60_000);

	test('offers every type and a way to any other', () => {
		const type = formOf(sendEvent).find(({ name }) => name === 'type');
		const values = (type?.options as Array<{ name: string; value: string }>).map(({ value }) => value);
		expect(values.sort()).toEqual([...eventTypes.values.map(({ value }) => value), CUSTOM_TYPE, ''].sort());
	});

	test('is made anew at each call', () => {
		const [one, other] = [formOf(sendEvent), formOf(sendEvent)];
		expect(one).toEqual(other);
		const objects = (value: unknown): object[] =>
			typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(objects)] : [];
		const shared = new Set(objects(one));
		expect(objects(other).filter((object) => shared.has(object))).toEqual([]);
	});

	test.each<[string, string[]]>([
		['', ['type']],
		['confirmation', []],
		['login', []],
		['update', []],
		[CUSTOM_TYPE, ['customType']],
		['wishlist', []],
		['={{ $json.type }}', []],
	])('type %j: n8n refuses these blanks: %j', (type, names) => {
		expect(blanks({ type })).toEqual(names);
		expect(blanks({ mappingMode: 'autoMapInputData', type })).toEqual([]);
	});

	test.each<[string, string[]]>([
		['confirmation', ['items', 'generic', 'attributes']],
		['login', ['attributes']],
		['update', ['attributes']],
		['generic', ['generic', 'attributes']],
		['checkout', ['items', 'attributes']],
		['viewitem', ['attributes']],
		[CUSTOM_TYPE, ['items', 'generic', 'attributes', 'customType']],
		['wishlist', ['items', 'generic', 'attributes', 'customType']],
		['={{ $json.type }}', ['items', 'generic', 'attributes', 'customType']],
	])('type %j shows %j', (type, names) => {
		const values = resolved({ type });
		const shown = node.description.properties
			.filter(
				(property) =>
					property.type !== 'hidden' && NodeHelpers.displayParameter(values, property, null, null),
			)
			.map(({ name }) => name);
		expect(['items', 'generic', 'attributes', 'customType'].filter((name) => shown.includes(name))).toEqual(
			names,
		);
		expect(shown).toEqual(
			expect.arrayContaining(['email', 'userId', 'sessionId', '_vtsid', 'vtUserCookie', 'callback']),
		);
		expect(Object.keys(resolved({ mappingMode: 'autoMapInputData', type }))).not.toContain('email');
	});

	test('rows and pairs, and JSON', () => {
		const rows = assemble(
			sendEvent,
			resolved({
				type: 'confirmation',
				vtUserCookie: '1_2_false_false',
				itemsRows: {
					row: [
						{ id: 'a', quantity: '2' },
						{ id: 'b', quantity: 1 },
					],
				},
				genericRows: {
					pair: [
						{ name: 'orderId', value: 'A-1' },
						{ name: 'total', value: '12.50' },
					],
				},
				attributesRows: { pair: [{ name: 'source', value: 'shop' }] },
			}) as Json,
		);
		const json = assemble(
			sendEvent,
			resolved({
				type: 'confirmation',
				vtUserCookie: '1_2_false_false',
				items: '[{"id":"a","quantity":2},{"id":"b","quantity":1}]',
				generic: '{"orderId":"A-1","total":12.5}',
				attributes: '{"source":"shop"}',
			}) as Json,
		);
		const sent = {
			userId: '1',
			sessionId: '2',
			type: 'confirmation',
			items: [
				{ id: 'a', quantity: 2 },
				{ id: 'b', quantity: 1 },
			],
			generic: { orderId: 'A-1', total: 12.5 },
			source: 'shop',
		};
		expect(good(rows)).toEqual(sent);
		expect(good(json)).toEqual(sent);
	});

	test.each<[string, string[]]>([
		['', []],
		['confirmation', ['orderId', 'total']],
		['login', []],
		['generic', ['event_name']],
		['search', ['query']],
		['addtocart', ['itemId', 'cartId']],
		[CUSTOM_TYPE, []],
		['={{ $json.type }}', []],
	])('type %j has boxes of its own for %j', (type, names) => {
		const boxes = ['orderId', 'total', 'event_name', 'itemId', 'category', 'query', 'cartId'];
		const shown = Object.keys(resolved({ type }));
		expect(boxes.filter((name) => shown.includes(name))).toEqual(names);
	});

	test('boxes and labels as names make the same event as JSON', () => {
		const visitor = { type: 'confirmation', vtUserCookie: '1_2_false_false' };
		const boxes = { orderId: 'A-1', total: '12.50' };
		const pair = [{ name: 'Currency', value: 'RON' }];
		const event = assemble(sendEvent, resolved({ ...visitor, ...boxes, genericRows: { pair } }) as Json);
		const generic = { orderId: 'A-1', total: 12.5, currency: 'RON' };
		expect(good(event)).toEqual({ userId: '1', sessionId: '2', type: 'confirmation', generic });
		const search = assemble(sendEvent, resolved({ ...visitor, type: 'search', query: 'boots' }) as Json);
		expect(good(search)).toEqual({ userId: '1', sessionId: '2', type: 'search', query: 'boots' });
	});

	test('types of the older API stand last, the callback at the end', () => {
		const form = formOf(sendEvent);
		const labels = (form.find(({ name }) => name === 'type')?.options as Array<{ name: string }>).map(
			({ name }) => name,
		);
		expect(labels.filter((label) => !label.startsWith("Vibetrace's Older API: "))).toEqual(
			labels.slice(0, 6),
		);
		expect(
			form
				.filter(({ type }) => type !== 'hidden')
				.map(({ name }) => name)
				.slice(-3),
		).toEqual(['callback', 'sendAs', 'options']);
	});

	test('every row has its place in the form, under its own name', () => {
		const names = formOf(sendEvent).map(({ name }: INodeProperties) => name);
		for (const { wire } of sendEvent.fields) expect(names).toContain(wire);
	});
});
