/**
 * Rules as tables: an item, and the bytes that leave for it or the reason why it is refused, through the node on n8n's
 * engine, with the fields mapped in the form and with the item taken as it is.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { operations } from '../../index.ts';
import { formName } from '../../nodes/engine/mapping/names.ts';
import type { Field, Operation } from '../../nodes/engine/operation/operation.ts';
import type { RecordedRequest } from '../../tools/sandbox/server.mts';
import { openBench, reportsOf, type Bench, type Order } from './bench.mts';
import { instantClock } from './clock.mts';

export const NOW = Date.parse('2026-11-22T09:00:00Z');

export type Mode = 'defineBelow' | 'autoMapInputData';
const MODES: readonly Mode[] = ['defineBelow', 'autoMapInputData'];

/** A field as a wire path, and the words of its message. */
type Said = readonly [field: string, message: RegExp | string];

export interface RuleCase {
	/** What it is a case of. */
	of: string;
	/** With the vendor's own names. */
	item: IDataObject;
	/** Default: both. */
	modes?: readonly Mode[];
	/** Parameters of the form, beside an expression for each member of the item. */
	form?: INodeParameters;
	/** Parameters in both modes. */
	parameters?: INodeParameters;
	options?: INodeParameters;
	/** The one request, as `written` writes it. */
	sends?: string;
	/** Each of its issues. */
	refuses?: readonly Said[];
	/** Each of its warnings; none: there is none. */
	warns?: readonly Said[];
	/** It leaves as it should, and the sandbox refuses it. */
	isRejected?: true;
	/** Parts of the hints after the run. */
	hints?: ReadonlyArray<RegExp | string>;
	zone?: string;
}

export interface RuleSuite {
	node: string;
	/** Default: `single`. */
	sendAs?: 'single' | 'batch';
	/** What is compared of a request. */
	written: (request: RecordedRequest) => string;
	cases: readonly RuleCase[];
}

function operationOf(node: string): Operation {
	const operation = operations.find(({ name }) => name === node);
	if (!operation) throw new Error(`no ${node}`);
	return operation;
}

const expression = (path: string) => `={{ $json${path} }}`;

/** An expression for the field, or for each member that is given of an object. */
function parameterOf({ type, form }: Field, value: unknown, path: string): INodeParameters[string] {
	if (type.kind !== 'object' || form || typeof value !== 'object' || value === null) return expression(path);
	return Object.fromEntries(
		Object.keys(value).map((member) => {
			const inner = type.fields.find(({ wire }) => wire === member);
			const at = `${path}.${member}`;
			return [member, inner ? parameterOf(inner, (value as IDataObject)[member], at) : expression(at)];
		}),
	);
}

/** The form with an expression for each member of the item that is a field of the event. */
function formOf({ fields, variants }: Operation, item: IDataObject): INodeParameters {
	const parameters: INodeParameters = {};
	for (const field of fields) {
		if (!(field.wire in item)) continue;
		const { wire, section, form } = field;
		const place = section ? ((parameters[section] ??= {}) as INodeParameters) : parameters;
		if (form?.rowsMode) parameters[`${wire}Mode`] = 'json';
		// A choice stands in the form as it is, since it decides which fields are shown.
		if (variants?.travels && wire === variants.parameter) parameters[wire] = item[wire] as string;
		else place[form?.json.name ?? formName(field)] = parameterOf(field, item[wire], `.${wire}`);
	}
	return parameters;
}

const matching = (said: readonly Said[]) =>
	said.map(([field, message]) => ({
		field,
		message: typeof message === 'string' ? message : expect.stringMatching(message),
	}));

/** The tests of a table, each in every mode that it has. */
export function describeRules({ node, sendAs = 'single', written, cases }: RuleSuite): void {
	const operation = operationOf(node);
	let bench: Bench;
	beforeAll(async () => {
		bench = await openBench(instantClock({ now: NOW }));
	});
	beforeEach(() => bench.sandbox.reset());
	afterAll(async () => await bench?.close());

	function orderOf({ item, form, parameters, options, zone = 'Europe/Moscow' }: RuleCase, mode: Mode): Order {
		const mapped = mode === 'defineBelow' ? { ...formOf(operation, item), ...form } : {};
		return {
			node,
			items: [item],
			parameters: { mappingMode: mode, sendAs, ...mapped, ...parameters },
			options,
			settings: { timezone: zone },
		};
	}

	describe.each(MODES)(`${node}, %s`, (mode) => {
		const own = cases.filter(({ modes = MODES }) => modes.includes(mode));
		test.each(own.map((one) => [one.of, one] as const))('%s', async (_, one) => {
			const result = await bench.run(orderOf(one, mode));
			expect(result.error('Node')).toBeUndefined();
			const [{ delivery }] = reportsOf(result, 1);
			const { status, issues, warnings = [] } = delivery;
			const { sends, refuses, warns = [], isRejected } = one;
			expect({ status, ...(issues ? { issues } : {}), warnings }).toEqual({
				...(refuses
					? { status: 'invalid', issues: matching(refuses) }
					: { status: isRejected ? 'rejected' : 'accepted' }),
				warnings: matching(warns),
			});
			expect(bench.sandbox.requests.map(written)).toEqual(sends === undefined ? [] : [sends]);
			const hints = result.hints('Node').map(({ message }) => message);
			for (const hint of one.hints ?? [])
				expect(hints).toContainEqual(
					typeof hint === 'string' ? expect.stringContaining(hint) : expect.stringMatching(hint),
				);
		});
	});

	test('each case says what becomes of its item', () => {
		const unsaid = cases.filter(({ sends, refuses }) => (sends === undefined) === (refuses === undefined));
		expect(unsaid.map(({ of }) => of)).toEqual([]);
		expect(new Set(cases.map(({ of }) => of)).size).toBe(cases.length);
	});
}
