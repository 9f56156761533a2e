/**
 * Compares what is evaluated together with n8n's own values, item by item, without the comparing and falling back that a
 * run does: a difference that a run would catch is a difference here. Imports nothing but Node.js, so that a node in the
 * real n8n can load it as it is.
 */
import { isDeepStrictEqual } from 'node:util';

import type { IExecuteFunctions } from 'n8n-workflow';

import type * as EvaluateModule from '../../nodes/engine/mapping/expressions/evaluate.ts';
import type * as HandoverModule from '../../nodes/engine/mapping/expressions/handover.ts';
import type * as HostModule from '../../nodes/engine/mapping/expressions/host.ts';
import type * as PlanModule from '../../nodes/engine/mapping/expressions/plan.ts';
import type * as RecogniseModule from '../../nodes/engine/mapping/expressions/recognise.ts';

export interface Difference {
	expression: string;
	item: number;
	together: string;
	n8n: string;
}

export interface Comparison {
	/** The engine that n8n says it used. */
	engine: string;
	/** Expressions by how they are evaluated. */
	ways: Record<string, number>;
	/** Values that were evaluated together and compared. */
	compared: number;
	/** Values of such expressions that n8n would be asked for. */
	asked: number;
	/** Expressions that were recognised and that n8n could not evaluate together. */
	failed: string[];
	differences: Difference[];
}

/** Shows a value so that what looks alike is not the same. */
function show(value: unknown): string {
	if (typeof value === 'object' && value !== null) {
		return `${Object.prototype.toString.call(value)} ${JSON.stringify(value)}`.slice(0, 300);
	}
	return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`.slice(0, 300);
}

/** Compares for all items of a node; `room` loads a built file of `nodes/engine/mapping/expressions`. */
export function compareCases(
	host: IExecuteFunctions,
	expressions: readonly string[],
	result: Comparison,
	room: <T>(name: string) => T,
): void {
	const { recognise } = room<typeof RecogniseModule>('recognise.js');
	const { chooseWay, groupsOf } = room<typeof PlanModule>('plan.js');
	const { Evaluation } = room<typeof EvaluateModule>('evaluate.js');
	const { isExact } = room<typeof HandoverModule>('handover.js');
	const { createExpressionHost } = room<typeof HostModule>('host.js');
	const items = host.getInputData();
	const expressionHost = createExpressionHost(host, items, { pause: async () => {}, isStopped: () => false });
	if (!expressionHost) throw new Error('This n8n cannot evaluate together');

	const ask = (at: number, index: number): unknown => host.getNodeParameter(`value[${at}]`, index, undefined);
	const constantOf = (text: string): unknown => {
		const value = expressionHost.evaluate(`{{ ${text} }}`, 0);
		if (value === undefined || !isExact(value)) throw new Error(`no constant: ${text}`);
		return value;
	};
	type Field = { at: number; expression: string; recognised: RecogniseModule.Recognised };
	const together: Field[] = [];
	for (const [at, expression] of expressions.entries()) {
		const recognised = recognise(expression, expressionHost.extensions);
		const { way } = chooseWay(recognised);
		result.ways[way] = (result.ways[way] ?? 0) + 1;
		if (recognised && (way === 'together' || way === 'path')) together.push({ at, expression, recognised });
	}
	const pending: Field[][] = groupsOf(together);
	for (let group = pending.shift(); group; group = pending.shift()) {
		try {
			const evaluation = new Evaluation(
				group.map((field) => field.recognised),
				expressionHost,
				constantOf,
			);
			for (let from = 0; from < items.length;) {
				const indices = Array.from({ length: items.length - from }, (_, offset) => from + offset);
				const rows = evaluation.evaluate(indices);
				if (rows.length === 0) throw new Error('no results');
				for (const [offset, cells] of rows.entries()) {
					for (const [place, field] of group.entries()) {
						const cell = cells[place];
						if (!cell || cell.kind === 'ask') {
							result.asked++;
							continue;
						}
						result.compared++;
						const theirs = outcomeOf(() => ask(field.at, from + offset));
						const isSame =
							'value' in theirs &&
							(Object.is(theirs.value, cell.value) ||
								(typeof cell.value === 'object' &&
									cell.value !== null &&
									isDeepStrictEqual(plain(theirs.value), cell.value)));
						if (!isSame) {
							result.differences.push({
								expression: field.expression,
								item: from + offset,
								together: show(cell.value),
								n8n: 'value' in theirs ? show(theirs.value) : `throws ${theirs.error}`,
							});
						}
					}
				}
				from += rows.length;
			}
		} catch (error) {
			if (group.length > 1) pending.push(...group.map((field) => [field]));
			else result.failed.push(`${group[0]?.expression}: ${(error as Error).message}`);
		}
	}
}

/** Another realm's object as one of this realm, if it is plain; no other value is changed. */
function plain(value: unknown): unknown {
	if (Array.isArray(value)) return Array.from(value, plain);
	if (
		typeof value !== 'object' ||
		value === null ||
		Object.prototype.toString.call(value) !== '[object Object]'
	) {
		return value;
	}
	const prototype = Object.getPrototypeOf(value) as object | null;
	if (prototype === null || Object.getPrototypeOf(prototype) !== null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

export const noComparison = (): Comparison => ({
	engine: '',
	ways: {},
	compared: 0,
	asked: 0,
	failed: [],
	differences: [],
});

function outcomeOf(work: () => unknown): { value: unknown } | { error: string } {
	try {
		return { value: work() };
	} catch (error) {
		return { error: (error as Error).message };
	}
}
