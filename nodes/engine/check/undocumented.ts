import type { DroppedNames } from '../report/dropped';
import { userText } from '../report/userText';
import { wirePath } from './eventPath';
import { freeValueError, type KnownValues } from './freeValue';
import { hiddenDifference, nearestName, plainName } from './nearest';
import type { SchemaContext } from './schema';

type Extra = Parameters<SchemaContext['onExtra']>[0];

/** What happens to a name that the vendor does not document. */
export type ExtraFields = 'ignore' | 'error' | 'send';

/** Undocumented names that are compared with the documented ones in a run. */
const MOST_COMPARED = 10;

/** Makes the function that decides about undocumented names, for one run. */
export function createExtraJudge(extraFields: ExtraFields, dropped: DroppedNames, known: KnownValues) {
	/** Paths of undocumented names that were compared with the documented ones. */
	const compared = new Map<string, string | undefined>();

	/** The documented name that was probably meant. Comparing costs more than all else that is done for a name. */
	function nearOf({ name, fields }: Extra, shownAt: string): string | undefined {
		if (compared.has(shownAt) || compared.size >= MOST_COMPARED) return compared.get(shownAt);
		const synonym = fields.find(({ also }) => also?.some((other) => plainName(other) === plainName(name)));
		const near =
			synonym?.wire ??
			nearestName(
				name,
				fields.map(({ wire }) => wire),
			);
		const why = near === undefined ? undefined : hiddenDifference(name, near);
		compared.set(shownAt, near === undefined || why === undefined ? near : `${near}: ${why}`);
		return compared.get(shownAt);
	}

	/** Kept, left out and remembered for the hint, or a fault. `prefix`: where the object of the name stands in the event. */
	return function judgeExtra(extra: Extra, prefix: string): ReturnType<SchemaContext['onExtra']> {
		const { name, value, path, free } = extra;
		if (name !== '__proto__' && (free || extraFields === 'send')) {
			const lost = freeValueError(value, known);
			if (lost) return { fault: `'${userText(name)}' ${lost}` };
			if (compared.size < MOST_COMPARED) {
				const shownAt = wirePath(path, prefix);
				const near = nearOf(extra, shownAt);
				if (near !== undefined) (dropped.sent ??= new Map()).set(shownAt, near);
			}
			return 'keep';
		}
		const shownAt = wirePath(path, prefix);
		if (extraFields === 'ignore' && name !== '__proto__') {
			if (!dropped.names.has(shownAt)) dropped.names.set(shownAt, nearOf(extra, shownAt));
			return 'drop';
		}
		const near = nearOf(extra, shownAt);
		return {
			fault: `'${userText(name)}' is not a documented name${near ? `; did you mean '${near}'?` : ''}`,
		};
	};
}
