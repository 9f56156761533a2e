import type { Bound, Evidence, Field, Operation, ValueType } from '../operation/operation';

/** What happens to an event that breaks a rule which the vendor does not document. */
export type UnprovenRules = 'warn' | 'refuse' | 'ignore';

/** Whether a rule of this evidence refuses an event. */
export type Binds = (evidence: Evidence) => boolean;

/** A rule refuses where it is documented; where the vendor's client stands in for the page, also what its code does. */
export const bindingOf =
	({ clientStandsIn }: Pick<Operation, 'clientStandsIn'>, unprovenRules: UnprovenRules = 'warn'): Binds =>
	(evidence) =>
		evidence === 'documented' ||
		unprovenRules === 'refuse' ||
		(evidence === 'vendor code' && clientStandsIn === true);

/** The bounds that a type has. */
export function boundsOf(type: ValueType): Bound[] {
	switch (type.kind) {
		case 'text':
			return (['length', 'min', 'max', 'maxBytes', 'pattern'] as const).filter(
				(bound) => type[bound] !== undefined,
			);
		case 'integer':
			return ['whole', ...(['min', 'max'] as const).filter((bound) => type[bound] !== undefined)];
		case 'decimal':
			return (['min', 'above', 'max', 'places'] as const).filter((bound) => type[bound] !== undefined);
		case 'time':
			return (['min', 'max'] as const).filter((bound) => type[bound] !== undefined);
		case 'choice':
			if (type.open === undefined) return ['values'];
			return type.open === true ? [] : ['pattern'];
		case 'list':
			return type.min === undefined ? [] : ['min'];
		default:
			return [];
	}
}

export const evidenceOf = (field: Field, bound: Bound): Evidence =>
	field.type.evidence?.[bound] ?? field.evidence;

export const requiredEvidence = ({ required, evidence }: Field): Evidence =>
	required === undefined || required === true ? evidence : required;

function withoutBounds(type: ValueType, loose: readonly Bound[]): ValueType {
	const kept = <T>(bound: Bound, value: T): T | undefined => (loose.includes(bound) ? undefined : value);
	switch (type.kind) {
		case 'text':
			return {
				...type,
				length: kept('length', type.length),
				min: kept('min', type.min),
				max: kept('max', type.max),
				maxBytes: kept('maxBytes', type.maxBytes),
				pattern: kept('pattern', type.pattern),
			};
		case 'integer': {
			const bounds = { min: kept('min', type.min), max: kept('max', type.max) };
			if (!loose.includes('whole')) return { ...type, ...bounds };
			// What it asks of an ID is asked of its digits, not of a number.
			if (type.isId) return { kind: 'text' };
			return { kind: 'decimal', as: type.as === 'number' ? 'number' : 'text' };
		}
		case 'decimal':
			return {
				...type,
				min: kept('min', type.min),
				above: kept('above', type.above),
				max: kept('max', type.max),
				places: kept('places', type.places),
			};
		case 'time':
			return { ...type, min: kept('min', type.min), max: kept('max', type.max) };
		case 'choice':
			return type.as === 'number' ? { kind: 'integer', as: 'number' } : { kind: 'text' };
		default:
			return type;
	}
}

/** The field held only to what binds; `undefined` where all of it binds. */
export function bindingPart(field: Field, binds: Binds): Field | undefined {
	const loose = boundsOf(field.type).filter((bound) => !binds(evidenceOf(field, bound)));
	return loose.length ? { ...field, type: withoutBounds(field.type, loose) } : undefined;
}

/**
 * A single value that breaks the kind of a field of which no page tells, as JSON would carry it; `undefined` where its
 * meaning would be lost.
 */
export function asGiven(value: unknown): string | number | boolean | undefined {
	if (typeof value === 'string' || typeof value === 'boolean') return value;
	if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
	return !Number.isInteger(value) || Number.isSafeInteger(value) ? value : undefined;
}
