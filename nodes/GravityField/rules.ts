import { isAbsent, isPlainObject, type Json, type Rule } from '../engine';

const userOf = (event: Json): Json => (isPlainObject(event.user) ? event.user : {});

export const rules: readonly Rule[] = [
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
