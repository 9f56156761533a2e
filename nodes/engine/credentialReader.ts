import type { IExecuteFunctions } from 'n8n-workflow';

import { isPlainObject } from './check/objects';
import type { Json } from './operation/operation';

/** Reads a credential as n8n resolves it for an item, and tells whether another item may get another one. */
export type CredentialReader = (
	index: number,
) => Promise<({ data: Json } | { error: unknown }) & { isSameForAll: boolean }>;

/** Expressions that name an instance's variable or external secret, which are the same for every item. */
const SAME_FOR_ALL = /\{\{\s*\$(?:vars|secrets)(?:\.[A-Za-z_]\w*|\["[^"\\{}]*"\]|\['[^'\\{}]*'\])+\s*\}\}/g;

/** Whether a value of a stored credential, or one in it, is an expression that may give another value for each item. */
export function dependsOnItem(value: unknown): boolean {
	if (typeof value === 'string')
		return value.startsWith('=') && value.replace(SAME_FOR_ALL, '').includes('{{');
	if (Array.isArray(value)) return value.some(dependsOnItem);
	return isPlainObject(value) && Object.values(value).some(dependsOnItem);
}

/** What n8n's execution context has beside its public interface. */
interface HostInternals {
	workflow?: { expression?: { getParameterValue?: (value: unknown, ...more: unknown[]) => unknown } };
}

/**
 * n8n gives a node only what a credential's fields come to for one item, and to ask for each of many items is slow. So the
 * reader looks at what n8n evaluates on the way: where that is nothing, or no expression that depends on the item, the
 * credential is the same for all. Where it cannot look, every item has to be asked for.
 */
export function createCredentialReader(host: IExecuteFunctions, type: string): CredentialReader {
	const { workflow } = host as HostInternals;
	const expression = workflow?.expression;
	const evaluate = expression?.getParameterValue;
	if (!workflow || !expression || typeof evaluate !== 'function') {
		return async (index) => ({ ...(await readFrom(host, type, index)), isSameForAll: false });
	}
	return async (index) => {
		const evaluated: unknown[] = [];
		let isUsed = false;
		const watchedExpression = Object.create(expression, {
			getParameterValue: {
				value: (value: unknown, ...more: unknown[]) => {
					evaluated.push(value);
					return evaluate.call(expression, value, ...more);
				},
			},
		}) as object;
		const watchedWorkflow = Object.create(workflow, {
			expression: {
				get: () => {
					isUsed = true;
					return watchedExpression;
				},
			},
		}) as object;
		const watchedHost = Object.create(host, { workflow: { value: watchedWorkflow } }) as IExecuteFunctions;
		const found = await readFrom(watchedHost, type, index);
		const isSameForAll = !isUsed || (evaluated.length > 0 && !evaluated.some(dependsOnItem));
		return { ...found, isSameForAll };
	};
}

async function readFrom(
	host: IExecuteFunctions,
	type: string,
	index: number,
): Promise<{ data: Json } | { error: unknown }> {
	try {
		return { data: await host.getCredentials<Json>(type, index) };
	} catch (error) {
		return { error };
	}
}
