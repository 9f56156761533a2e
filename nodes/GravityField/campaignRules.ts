import { isAbsent, isPlainObject, type Json, type Rule } from '../engine';

import { WAYS } from './campaigns';
import { userRules } from './rules';

/** The campaigns that are asked for. */
export const entriesOf = ({ data }: Json): Json[] => (Array.isArray(data) ? data.filter(isPlainObject) : []);

export const rules: readonly Rule[] = [
	...userRules,
	{
		description: `data: each with exactly one of ${WAYS.join(', ')}`,
		evidence: 'vendor code',
		check: (event) =>
			entriesOf(event).flatMap((one, at) => {
				const given = WAYS.filter((way) => !isAbsent(one[way]));
				if (given.length === 1) return [];
				const message = given.length
					? `A campaign is named once: 'Selector' (selector), 'Campaign ID' (campaignId) or 'Group' (group), not ${given.join(' and ')}`
					: "A campaign needs 'Selector' (selector), 'Campaign ID' (campaignId) or 'Group' (group)";
				return [{ field: `data[${at}]`, message }];
			}),
	},
	{
		description: 'data: no campaign twice',
		evidence: 'vendor code',
		check: (event) => {
			const seen = new Set<string>();
			return entriesOf(event).flatMap((one, at) => {
				const way = WAYS.find((name) => !isAbsent(one[name]));
				const id = way === undefined ? undefined : JSON.stringify([way, one[way]]);
				if (id === undefined) return [];
				if (seen.has(id)) return [{ field: `data[${at}]`, message: 'The same campaign is asked for twice' }];
				seen.add(id);
				return [];
			});
		},
	},
	{
		description: "options.isImplicitImpression: said either way, since the vendor's SDKs count an impression",
		evidence: 'vendor code',
		check: ({ options, data }) => {
			const isSaid = isPlainObject(options) && !isAbsent(options.isImplicitImpression);
			if (isSaid || isAbsent(data)) return [];
			const message =
				"'Count an Impression' (isImplicitImpression) is not given, so the answer may count as an impression; set it to false, or to true where that is meant";
			return [{ field: 'options.isImplicitImpression', message }];
		},
	},
];
