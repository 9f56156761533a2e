import { describe, expect, test } from '@jest/globals';

import { eventTypes, SDK_NAMES } from '../../../nodes/GravityField/variants.ts';
import { storeEvent } from '../../../nodes/GravityField/storeEvent.ts';
import { page, pageTypes, paths } from './support.mts';

describe('the table against the page', () => {
	const rows = new Map(
		paths(storeEvent.fields).map(([path, field]) => {
			const isOfEvent = storeEvent.fields.some(
				({ wire, perEvent }) => perEvent && path.split(/[.[]/)[0] === wire,
			);
			return [isOfEvent ? `data[].${path}` : path, field] as const;
		}),
	);
	/** Elements of lists and the two filler names of a map are no rows of a table. */
	const documented = page.operations.storeEvent.parameters.filter(
		({ name }) => !name.endsWith('[]') && !/\.property[12]$/.test(name),
	);

	test('every parameter of the page has its row, in its order and of its kind; the section is the credential’s', () => {
		const names = documented.map(({ name }) => name).filter((name) => name !== 'sec' && name !== 'data');
		expect([...rows.keys()].filter((name) => names.includes(name))).toEqual(names);
		const kinds: Record<string, string[]> = {
			string: ['text', 'choice', 'time'],
			number: ['integer', 'decimal'],
			boolean: ['boolean'],
			object: ['object', 'map'],
			array: ['list', 'texts'],
		};
		for (const { name, type } of documented) {
			const field = rows.get(name);
			if (field) expect([name, kinds[type].includes(field.type.kind)]).toEqual([name, true]);
		}
	});

	test('every other row is marked as not documented, or is the form’s own', () => {
		const others = [...rows].filter(([name]) => !documented.some((parameter) => parameter.name === name));
		expect(others.map(([name, { evidence }]) => `${name} ${evidence}`)).toEqual([
			'user.custom vendor code',
			'data[].customType documented',
			...['uniqueTransactionId', 'hashedEmail', 'cuid', 'cuidType'].map(
				(name) => `data[].${name} vendor code`,
			),
			...[
				'keywords',
				'code',
				'sortBy',
				'sortOrder',
				'filterType',
				'filterStringValue',
				'filterNumericValue',
				'attributeType',
				'attributeValue',
			].map((name) => `data[].${name} inferred`),
		]);
		expect(storeEvent.listOf).toBe('data');
	});

	test('types with their fields', () => {
		const ours = eventTypes.values.map(({ value, evidence, needs = [], needsOneOf = [], knows = [] }) => {
			const required = needs.map(({ field }) => field);
			return {
				type: value,
				unverified: evidence === 'inferred',
				required: required.sort(),
				optional: knows.filter((name) => !required.includes(name)).sort(),
				oneOf: needsOneOf.map(({ fields }) => fields),
			};
		});
		const theirs = pageTypes
			.filter((type) => !type.custom)
			.map(({ type, unverified, fields, oneOf }) => {
				const named = (...marks: string[]) =>
					Object.keys(fields)
						.filter(
							(name) =>
								marks.includes(fields[name]) && !['type', 'name', 'eventTime', 'customProps'].includes(name),
						)
						.sort();
				return {
					type,
					unverified: unverified === true,
					required: named('required'),
					// The SDKs send no currency with a wish, but the page has one shape for all types.
					optional: [
						...named('optional', 'one of', 'unmarked'),
						...(type === 'add-to-wishlist-v1' ? ['currency'] : []),
					],
					oneOf: oneOf ? [oneOf] : [],
				};
			});
		expect(ours).toEqual(theirs);
		const named = pageTypes.filter((type) => !type.custom && type.sdkName !== null);
		expect(SDK_NAMES).toEqual(named.map(({ sdkName }) => sdkName));
		for (const { unverified, fields } of pageTypes) {
			if (!unverified)
				expect([fields.type, fields.name, fields.customProps, fields.eventTime]).toEqual([
					'required',
					'required',
					'optional',
					'optional',
				]);
		}
	});
});
