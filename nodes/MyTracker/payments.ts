import omit from 'lodash/omit';

import { isAbsent, nameOf, type Evidence, type Field, type Rule, type ValueType } from '../engine';

import { common, customUserId, instanceId, lvid, others, sections as allSections } from './fields';
import { REPEATED_AFTER_500 } from './vendor';

/** "Import payments" names the methods; their parameters are known from the vendor's own client. */
export const PAYMENTS_PAGE = 'https://docs.tracker.my.com/en/api/s2s-api/import-payments';
export const CLIENT = 'https://github.com/tracker-my-com/s2s-api';

/** Revenue has no VK Mini Apps, and VK Play collects its payments itself. */
export const sections = allSections.filter(({ name }) => name !== 'vkPlay');
export const webDevice: Field = {
	...lvid,
	help: "The visitor's device ID (lvid) from MyTracker's web counter",
};

/** The client takes it with every payment. Its bounds are those of the page on events, which also has the defaults. */
const fromClient = (field: Field): Field => ({
	...omit(field, 'vendorDefault'),
	evidence: 'vendor code',
	source: CLIENT,
});

export const paymentFields: readonly Field[] = [
	fromClient(customUserId),
	fromClient(webDevice),
	fromClient(common.idGender),
	fromClient(common.age),
	{
		...common.eventTimestamp,
		help: 'When it was paid, from the year 2000 on',
		evidence: 'vendor code',
		source: CLIENT,
	},
	fromClient(instanceId),
	// The client does not know the App Set ID.
	...others.filter(({ wire }) => wire !== 'appSetId').map(fromClient),
];

/** The client counts three bytes and looks at nothing else; its own tests have small letters. */
export const CURRENCY: ValueType = {
	kind: 'text',
	length: 3,
	maxBytes: 3,
	pattern: { is: /^[A-Z]{3}$/, description: 'a three-letter currency code of ISO 4217 such as USD' },
	rewrite: (text) => text.trim().toUpperCase(),
	evidence: { pattern: 'inferred' },
};

/** Whose it is: a user, a device, or both. */
export function ownerRule(fields: readonly Field[], what: string, evidence: Evidence): Rule {
	const identifiers = fields.filter(
		({ wire, role, section }) => wire === 'customUserId' || (role && section),
	);
	return {
		description: `At least one of ${identifiers.map(({ wire }) => wire).join(', ')}`,
		evidence,
		check: (event) =>
			identifiers.some(({ wire }) => !isAbsent(event[wire]))
				? []
				: [
						{
							field: 'customUserId',
							message: `The ${what} has neither a user ID nor a device ID: give at least one of ${identifiers.map(nameOf).join(', ')}`,
						},
					],
	};
}

export const PAYMENT_LIMITS: readonly string[] = [
	"The page names the methods; the parameters and their rules are known from MyTracker's own client, so a payment that breaks a rule of the client is refused (vendor code)",
	'Numbers are sent as JSON numbers in digits (vendor code), other parameters as on the page about events',
	'At most 20 payments in a batch (vendor code)',
	'At most 10,000 bytes of JSON in one request (inferred from the page about events)',
	'One payment that breaks a rule makes MyTracker refuse its whole batch, and a refused batch stores nothing (inferred)',
	'Payments appear in reports within 4 hours (documented)',
	REPEATED_AFTER_500,
	'Revenue is not supported for VK Mini Apps, and VK Play collects its payments itself (documented)',
];
