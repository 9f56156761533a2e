import type { IExecuteFunctions } from 'n8n-workflow';

import type { Json } from '../operation/operation';

import { Expressions } from './expressions';

/**
 * Reads one top-level parameter for each item: once where it is fixed, a plain path into the item directly, everything else
 * by n8n, which takes about a millisecond.
 */
export function parameterReader(
	host: Pick<IExecuteFunctions, 'getNode' | 'getNodeParameter'>,
	name: string,
): (item: Json, index: number) => unknown {
	const given = host.getNode().parameters[name];
	const ask = (path: string, index: number): unknown => host.getNodeParameter(path, index, '');
	if (typeof given === 'string' && given.startsWith('=')) return new Expressions(ask).readerOf(given, name);
	const fixed = ask(name, 0);
	return () => fixed;
}
