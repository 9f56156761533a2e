import { ExpressionExtensions, type IExecuteFunctions } from 'n8n-workflow';

import type { Json } from '../../operation/operation';
import { isPlainObject } from '../../check/objects';

import { isExact } from './handover';
import { extensionPattern } from './recognise';

/** n8n, as far as expressions need it. */
export interface ExpressionHost {
	nodeName: string;
	itemCount: number;
	itemAt(index: number): Json;
	/** The JSON of the item of another node that an item comes from; `undefined` if n8n cannot tell. */
	pairedItem(node: string, index: number): Json | undefined;
	/** Evaluates an expression (`{{ … }}`) as n8n would for an item. */
	evaluate(expression: string, index: number): unknown;
	/** The node's context, which its expressions can read. */
	context(): Record<string, unknown>;
	/** What makes n8n apply its extensions. */
	extensions: RegExp;
	/** Lets others run if this has worked for long. */
	pause(): Promise<void>;
	isStopped(): boolean;
}

/** `undefined` where this n8n lacks something that is needed. */
export function createExpressionHost(
	n8n: IExecuteFunctions,
	items: ReadonlyArray<{ json: Json }>,
	{ pause, isStopped }: Pick<ExpressionHost, 'pause' | 'isStopped'>,
): ExpressionHost | undefined {
	if (!Array.isArray(ExpressionExtensions) || typeof n8n.evaluateExpression !== 'function') return undefined;
	const methods = ExpressionExtensions.flatMap(({ functions }) => Object.keys(functions));
	const matchers = new Map<string, ((index: number) => unknown) | undefined>();
	const lastPaired = new Map<string, { index: number; json: Json | undefined }>();

	const matcherOf = (node: string): ((index: number) => unknown) | undefined => {
		if (!matchers.has(node))
			matchers.set(
				node,
				attempt(() => n8n.getWorkflowDataProxy(0).$(node).itemMatching),
			);
		return matchers.get(node);
	};
	return {
		nodeName: n8n.getNode().name,
		itemCount: items.length,
		itemAt: (index) => items[index]?.json ?? {},
		pairedItem: (node, index) => {
			const last = lastPaired.get(node);
			if (last?.index === index) return last.json;
			const paired = attempt(() => matcherOf(node)?.(index));
			const json = isPlainObject(paired) && isCopied(paired) ? (paired.json as Json) : undefined;
			lastPaired.set(node, { index, json });
			return json;
		},
		evaluate: (expression, index) => n8n.evaluateExpression(expression, index) as unknown,
		context: () => n8n.getContext('node'),
		extensions: extensionPattern(new Set([...methods, 'isEmpty', 'isNotEmpty'])),
		pause,
		isStopped,
	};
}

/** n8n's engine copies the whole item of another node; one that cannot be copied exactly is n8n's to read. */
const isCopied = ({ json, error }: Json): boolean =>
	error === undefined && isPlainObject(json) && isExact(json, Number.POSITIVE_INFINITY);

function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}
