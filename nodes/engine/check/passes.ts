import type { Field, Operation, Variant } from '../operation/operation';
import { knowsField } from '../operation/variants';
import type { DroppedNames } from '../report/dropped';
import type { CheckSettings } from './checkSettings';
import type { Binds } from './evidence';
import { KnownValues } from './freeValue';
import { compileObject, type ObjectCheck, type SchemaContext } from './schema';
import { createExtraJudge } from './undocumented';

/** Which rows apply: to an event, to what the events of a list share, or to one event of a list. */
export type Scope = 'whole' | 'shared' | 'event';

/** The rows of an operation that stand for one event of a list, and those that the list shares. */
export function splitFields(operation: Operation): { shared: readonly Field[]; perEvent: readonly Field[] } {
	return {
		shared: operation.fields.filter((field) => !field.perEvent),
		perEvent: operation.fields.filter((field) => field.perEvent),
	};
}

/** Makes the function that gives the pass over the rows of a scope, compiled once for each variant that has rows of its own. */
export function createPasses(
	operation: Operation,
	settings: CheckSettings,
	dropped: DroppedNames,
	binds: Binds,
) {
	const { variants } = operation;
	const { shared, perEvent } = splitFields(operation);
	const fieldsOf: Record<Scope, readonly Field[]> = { whole: operation.fields, shared, event: perEvent };
	/** By the variant, where it has rows of its own. */
	const passes: Record<Scope, Map<Variant | undefined, ObjectCheck>> = {
		whole: new Map(),
		shared: new Map(),
		event: new Map(),
	};
	const known = new KnownValues();
	const judgeExtra = createExtraJudge(settings.extraFields, dropped, known);

	/** The fields of a method, where the variant decides it; else those of the table. */
	function fieldsFor(scope: Scope, variant: Variant | undefined): readonly Field[] {
		const known =
			variants && variant?.method
				? fieldsOf[scope].filter(({ wire }) => knowsField(variants, variant, wire))
				: fieldsOf[scope];
		return variant?.own ? [...known, ...variant.own] : known;
	}

	function compilePass(scope: Scope, variant: Variant | undefined): ObjectCheck {
		const prefix = scope === 'event' ? `${operation.listOf}[]` : '';
		const context: SchemaContext = {
			zone: settings.zone,
			now: settings.now,
			binds,
			onDroppedPair: (name) => dropped.pairs.add(name),
			onZoneUsed: () => void (dropped.zoneUsed ??= settings.zone),
			onEmpty: (field) => {
				const empty = (dropped.empty ??= new Map());
				empty.set(field, (empty.get(field) ?? 0) + 1);
			},
			onExtra: (extra) => judgeExtra(extra, prefix),
			known,
		};
		return compileObject(fieldsFor(scope, variant), context, operation.additionalProperties);
	}

	return function passOf(scope: Scope, variant: Variant | undefined): ObjectCheck {
		const byVariant = scope !== 'shared' && (variant?.own || variant?.method) ? variant : undefined;
		let pass = passes[scope].get(byVariant);
		if (!pass) passes[scope].set(byVariant, (pass = compilePass(scope, byVariant)));
		return pass;
	};
}
