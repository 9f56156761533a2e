import type { Evidence, Field } from '../engine';

import { shared } from './fields';

/** The pages of `/visit`, `/choose` and `/engagement` could not be read, so that their rows come from the vendor's SDKs. */
export const SDK = 'https://github.com/Gravity-Field/gravity-sdk-flutter';
/** The start page of the reference, which describes `POST /user`. */
export const START_PAGE = 'https://openapi-v2.gravityfield.ai';

/** Members of the request that must be there, whether they hold anything or not. */
const ALWAYS = ['user', 'ctx', 'device'];

/** The rows that all requests share, as this request knows them. */
export function sharedAs(evidence: Evidence, required: Evidence, source?: string): readonly Field[] {
	const known = (field: Field, isTop: boolean): Field => {
		const own = field.evidence === 'documented' ? evidence : field.evidence;
		const from = own === 'vendor code' ? SDK : source;
		const { type } = field;
		const isRequired = field.required !== undefined || (isTop && ALWAYS.includes(field.wire));
		return {
			...field,
			evidence: own,
			...(from === undefined ? {} : { source: from }),
			...(isRequired ? { required } : {}),
			type: type.kind === 'object' ? { ...type, fields: type.fields.map((one) => known(one, false)) } : type,
		};
	};
	return shared.map((field) => known(field, true));
}

/** The same rows, some with more or other members. */
export const withOptions = (
	fields: readonly Field[],
	change: (options: readonly Field[]) => readonly Field[],
): readonly Field[] =>
	fields.map((field) =>
		field.wire === 'options' && field.type.kind === 'object'
			? { ...field, type: { ...field.type, fields: change(field.type.fields) } }
			: field,
	);

const text = (wire: string, label: string, help: string, evidence: Evidence, source?: string): Field => ({
	wire,
	label,
	help,
	type: { kind: 'text' },
	evidence,
	...(source === undefined ? {} : { source }),
});

/** The user in an answer. */
export const answeredUser = (evidence: Evidence, more: readonly Field[] = [], source?: string): Field => ({
	wire: 'user',
	label: 'User',
	help: 'The user as Gravity Field knows it; send uid and ses back with the next request',
	type: {
		kind: 'object',
		free: true,
		fields: [
			text('uid', 'Gravity Field User ID', "Gravity Field's own ID of the user", evidence, source),
			text('ses', 'Session ID', 'The session', evidence, source),
			...more,
		],
	},
	evidence,
	...(source === undefined ? {} : { source }),
});

/** Campaigns that a request has set off. */
export const answeredCampaigns = (evidence: Evidence, more: readonly Field[], source?: string): Field => ({
	wire: 'campaigns',
	label: 'Campaigns',
	help: "Campaigns that this has triggered; 'Gravity Field Get Campaign' fetches their content",
	type: {
		kind: 'list',
		of: [text('campaignId', 'Campaign ID', 'The ID to fetch it by', evidence, source), ...more],
	},
	evidence,
	...(source === undefined ? {} : { source }),
});

export const answeredText = text;
