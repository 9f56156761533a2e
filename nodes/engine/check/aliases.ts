import type { Field, Json } from '../operation/operation';
import { isAbsent } from './objects';

/** Makes the function that moves values which stand under another accepted name; the vendor's own name wins. */
export function compileAliases(fields: readonly Field[]): (event: Json) => Json {
	const aliases = fields.flatMap(({ wire, alias }) => (alias === undefined ? [] : [[wire, alias] as const]));
	return (event) => {
		let renamed = event;
		for (const [wire, alias] of aliases) {
			if (isAbsent(event[alias])) continue;
			const { [alias]: value, ...rest } = renamed;
			renamed = isAbsent(event[wire]) ? { ...rest, [wire]: value } : rest;
		}
		return renamed;
	};
}
