import { isAbsent, isPlainObject, type Json, type Rule } from '../engine';

/** What the option 'Hash Email' would hash. */
const holdsAddress = ({ hashedEmail }: Json): boolean =>
	typeof hashedEmail === 'string' && hashedEmail.includes('@');

const IDS: readonly string[] = ['uid', 'custom', 'ses'];

const userOf = (event: Json): Json => (isPlainObject(event.user) ? event.user : {});

/** Nobody is named, so that the vendor takes it for somebody new. */
export const namesSomebody: Rule = {
	description: 'user: at least one of uid, custom, ses',
	evidence: 'vendor code',
	check: (event) => {
		if (Object.entries(userOf(event)).some(([name, id]) => IDS.includes(name) && !isAbsent(id))) return [];
		const message =
			"The event names no user, so Gravity Field stores it for a new visitor: give 'Gravity Field User ID' (uid), or 'Your User ID' (custom) with 'Session ID' (ses)";
		return [{ field: 'user', message }];
	},
};

/** Which IDs go together. */
export const userRules: readonly Rule[] = [
	{
		description: 'user: uid or custom, never both',
		evidence: 'vendor code',
		check: (event) => {
			const { uid, custom } = userOf(event);
			if (isAbsent(uid) || isAbsent(custom)) return [];
			const message =
				"'Your User ID' (custom) never goes together with 'Gravity Field User ID' (uid); give one of them";
			return [{ field: 'user.custom', message }];
		},
	},
	{
		description: 'user: custom needs ses',
		evidence: 'vendor code',
		check: (event) => {
			const { custom, ses } = userOf(event);
			if (isAbsent(custom) || !isAbsent(ses)) return [];
			const message =
				"'Session ID' (ses) is required with 'Your User ID' (custom); give a session ID of your own, such as the order number";
			return [{ field: 'user.ses', message }];
		},
	},
];

export const rules: readonly Rule[] = [
	{
		description: 'hashedEmail: no e-mail address as it is',
		evidence: 'inferred',
		perEvent: true,
		check: (event) => {
			if (!holdsAddress(event)) return [];
			const message =
				"'Hashed Email' (hashedEmail) has an @ and so is not a hash; switch on the option 'Hash Email' for a whole e-mail address, or give its hash";
			return [{ field: 'hashedEmail', message }];
		},
	},
	namesSomebody,
	...userRules,
];

/** What happened is no part of a user, a visit or a question. */
export const noData: Rule = {
	description: 'no data, which belongs to Store Event',
	evidence: 'inferred',
	check: ({ data }) =>
		isAbsent(data)
			? []
			: [{ field: 'data', message: "'data' holds events; send them with 'Gravity Field Store Event'" }],
};
